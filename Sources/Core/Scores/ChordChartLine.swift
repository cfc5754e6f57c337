// SPDX-License-Identifier: Apache-2.0
// Core/Scores: a chord chart in one line, for messages and markers.
import Music

extension ChordChart {
  /// For example "3/4 | Am | E7 / Am |": metre and bars; reads back as the same chords. Each bar has as few chords as tell
  /// where they change. O(changes log changes).
  public var line: String {
    let bars = (0..<bars).map { bar(from: metre.bar * Double($0)) }
    return "\(metre.beats)/\(metre.unit) | " + bars.joined(separator: " | ") + " |"
  }

  private func bar(from start: Beats) -> String {
    let end = start + metre.bar - Beats(1e-9)
    let within = changes[(index(at: start.count) + 1)...].prefix { $0.position < end }
    let count = (1...16).first { count in
      within.allSatisfy { change in
        let place = (change.position - start) / metre.bar * Double(count)
        return (place - place.rounded()).magnitude < 1e-6
      }
    }
    let slots = count ?? 16
    return (0..<slots).map { slot in
      chord(at: start + metre.bar * (Double(slot) / Double(slots)))?.description ?? "NC"
    }.joined(separator: " ")
  }

  /// `line`, read.
  public init(line: String) throws(ChordChartError) {
    let parts = line.split(separator: " ", maxSplits: 1)
    guard parts.count == 2, parts[0].contains("/"), !parts[0].contains("|") else {
      try self.init(line)
      return
    }
    try self.init("metre: \(parts[0])\n\(parts[1])")
  }
}
