// SPDX-License-Identifier: Apache-2.0
// Programs/jam, online: the live view of jam watch as lines of text.
import ControlProtocol
import Music

/// Draws a `LiveView` into a terminal of a given size: facts, piano roll, what happened, lateness.
package struct LivePicture {
  /// How the two players look.
  package enum Look: Sendable {
    case plain, color
  }

  private static let secondsAColumn = 0.125
  /// The share of the roll that is the past.
  private static let past = 0.75
  private static let labelWidth = 6
  private static let narrowest = 24
  private static let blocks = Array(" ▁▂▃▄▅▆▇█")

  let columns: Int
  let rows: Int
  let look: Look

  /// Smaller terminals than 20 columns and 8 rows are drawn as if they had as many.
  package init(columns: Int, rows: Int, look: Look) {
    self.columns = max(20, columns)
    self.rows = max(8, rows)
    self.look = look
  }

  /// Exactly `rows` lines, none wider than `columns`. `now` is in seconds since jamd started.
  package func lines(of view: LiveView, at now: Double) -> [String] {
    let foot = footLines(of: view)
    let head = headLines(of: view)
    let roll = rollLines(of: view, at: now, count: max(1, rows - head.count - foot.count))
    return Array((head.map(cut) + roll + foot.map(cut)).prefix(rows))
  }

  private func cut(_ line: String) -> String { String(line.prefix(columns)) }
}

// MARK: Facts

extension LivePicture {
  private func headLines(of view: LiveView) -> [String] {
    let styles =
      view.status.map { $0.styles.map { "\(Printable.word($0.name)) \(Int(($0.weight * 100).rounded()))%" } } ?? []
    let tempo = (view.status?.clock?.tempo ?? view.tempo).map { "\((($0 * 10).rounded()) / 10) bpm" } ?? "no tempo yet"
    let keyboards = view.status?.keyboards.map(Printable.word) ?? []
    let hearing = view.status?.hearing.map(StatusText.heard) ?? []
    return [
      "jamd · \(styles.isEmpty ? "no style" : styles.joined(separator: ", ")) · \(tempo) · \(view.status?.hearing?.key ?? view.key ?? "no key yet")",
      "hears \(hearing.isEmpty ? "nothing yet" : hearing.joined(separator: " · "))",
      "\(keyboards.isEmpty ? "no keyboard" : keyboards.joined(separator: ", ")) · you \(mark(.musician)) jamd \(mark(.jamd))"
        + " · q quits, p panics",
    ]
  }

  private func footLines(of view: LiveView) -> [String] {
    let padding = [String](repeating: "", count: max(0, 2 - view.lines.count))
    guard let status = view.status else { return padding + view.lines.suffix(2) + ["", ""] }
    let jack = status.jack
    let output = jack.connected ? "\(jack.sampleRate) Hz / \(jack.period)" : "not connected"
    let lost = status.losses.droppedEvents + status.losses.alsaOverruns
    return padding + view.lines.suffix(2) + [
      "loop late \(histogram(status.latency.wakeUps))  notes late \(histogram(status.latency.events))",
      "JACK \(output), \(jack.xruns) xruns, \(lost) lost · callback \(histogram(jack.callbackCost))",
    ]
  }

  /// One column an octave of microseconds, from 1 on, heights by the logarithm of the count; then the maximum.
  private func histogram(_ distribution: Distribution) -> String {
    guard distribution.count > 0 else { return "-" }
    let heights = distribution.octaves.map { Int.bitWidth - $0.leadingZeroBitCount }
    let tallest = max(1, heights.max() ?? 1)
    let bars = heights.map { Self.blocks[$0 * (Self.blocks.count - 1) / tallest] }
    let maximum = distribution.max.isFinite ? "\(Int(min(1e9, max(0, distribution.max.rounded()))))" : "?"
    return "|\(String(bars))| <= \(maximum) us"
  }
}

// MARK: Piano roll

extension LivePicture {
  private enum Cell {
    case empty, line, now
    case note(LiveView.Bar.Player, isFuture: Bool)
  }

  private func rollLines(of view: LiveView, at now: Double, count: Int) -> [String] {
    let width = columns - Self.labelWidth
    let start = now - Double(width) * Self.past * Self.secondsAColumn
    let end = start + Double(width) * Self.secondsAColumn
    let shown = view.bars.filter { $0.start < end && ($0.end ?? now) >= start }
    let range = Self.range(of: shown, rows: count)
    let nowColumn = min(width - 1, Int(Double(width) * Self.past))
    var cells = (0..<count).map { row -> [Cell] in
      let isC = (0..<range.semitones).contains { (range.top - row * range.semitones - $0) % 12 == 0 }
      return (0..<width).map { $0 == nowColumn ? .now : isC ? .line : .empty }
    }
    for bar in shown {
      let row = (range.top - bar.pitch) / range.semitones
      guard cells.indices.contains(row) else { continue }
      let first = max(0, Self.column(after: bar.start - start))
      let last = min(width - 1, max(first, Self.column(after: (bar.end ?? now) - start)))
      guard first <= last else { continue }
      for column in first...last { cells[row][column] = .note(bar.player, isFuture: column > nowColumn) }
    }
    return cells.enumerated().map { row, cells in
      Self.label(range.top - row * range.semitones) + cells.map(text).joined()
    }
  }

  private static func column(after seconds: Double) -> Int { Int(max(-1, min(1e6, seconds / secondsAColumn))) }

  /// The topmost pitch and how many semitones share a row, so that all of `bars` fit into `rows`.
  private static func range(of bars: [LiveView.Bar], rows: Int) -> (top: Int, semitones: Int) {
    let low = bars.map(\.pitch).min() ?? 60
    let high = bars.map(\.pitch).max() ?? 60
    let wanted = max(narrowest, high - low + 1)
    let semitones = max(1, (wanted + rows - 1) / rows)
    let spare = rows * semitones - (high - low + 1)
    return (min(127, high + spare / 2), semitones)
  }

  private static func label(_ pitch: Int) -> String {
    guard let pitch = Pitch(pitch) else { return String(repeating: " ", count: labelWidth) }
    let name = pitch.description
    return String(repeating: " ", count: max(0, labelWidth - 2 - name.count)) + name + " │"
  }

  private func text(_ cell: Cell) -> String {
    switch cell {
    case .empty: " "
    case .line: "·"
    case .now: "│"
    case .note(let player, let isFuture):
      switch look {
      case .plain: mark(player)
      case .color: "\u{1B}[\(isFuture ? "2;" : "")\(player == .musician ? 36 : 33)m\(mark(player))\u{1B}[0m"
      }
    }
  }

  private func mark(_ player: LiveView.Bar.Player) -> String { player == .musician ? "█" : "▒" }
}
