// SPDX-License-Identifier: Apache-2.0
// Core/Scores: the chords of a tune, bar by bar.
import Music

/// A tune's chords, played round and round. Always at least one bar.
public struct ChordChart: Hashable, Sendable {
  public var title: String
  public var metre: TimeSignature
  /// In order of position, from the beginning of the first bar on; nil where no chord is to be played.
  public private(set) var changes: [Positioned<Chord?>]
  /// Of one time round.
  public let bars: Int

  /// The length of one time round.
  public var length: Beats { metre.bar * Double(bars) }

  init(title: String, metre: TimeSignature, changes: [Positioned<Chord?>], bars: Int) {
    self.title = title
    self.metre = metre
    self.changes = changes
    self.bars = bars
  }

  /// As it is counted by whoever plays it: six eighths are two beats, nine three and twelve four. A chart of other bars is
  /// itself.
  public var felt: ChordChart {
    guard metre.unit == 8, metre.beats > 3, metre.beats % 3 == 0 else { return self }
    return ChordChart(
      title: title, metre: TimeSignature(beats: metre.beats / 3, unit: 4),
      changes: changes.map { Positioned(position: $0.position * Self.feltLength, value: $0.value) }, bars: bars)
  }

  /// A position that is so little before a chord is at that chord: instants are whole nanoseconds, and beats are not.
  private static let tolerance = Beats(0.01)

  /// Of a quarter in bars of eighths in threes, in the beats that are counted.
  public static let feltLength = 2.0 / 3

  /// The chord at `position`, counted from the beginning of some time round; nil where none is to be played.
  /// O(log changes).
  public func chord(at position: Beats) -> Chord? { changes[index(at: place(of: position).count)].value }

  /// The chords of `length` beats from `position` on, each where it begins and the first at zero. O(result).
  public func chords(from position: Beats, length: Beats) -> [Positioned<Chord?>] {
    let start = place(of: position)
    var result = [Positioned(position: .zero, value: changes[index(at: start.count)].value)]
    var next = index(at: start.count) + 1
    var round = Beats.zero - start
    while true {
      if next == changes.count {
        next = 0
        round = round + self.length
      }
      let position = round + changes[next].position
      guard position < length else { return result }
      if changes[next].value != result[result.count - 1].value {
        result.append(Positioned(position: position, value: changes[next].value))
      }
      next += 1
    }
  }

  /// In the first time round; at a chord where that is within `tolerance` ahead.
  private func place(of position: Beats) -> Beats {
    let (exact, later) = (wrapped(position), wrapped(position + Self.tolerance))
    let chord = changes[index(at: later.count)].position
    return later < exact || chord > exact ? chord : exact
  }

  private func wrapped(_ position: Beats) -> Beats {
    let remainder = position.count.truncatingRemainder(dividingBy: length.count)
    return Beats(remainder < 0 ? min(remainder + length.count, length.count.nextDown) : remainder)
  }

  /// The last change that is not after `position`.
  func index(at position: Double) -> Int {
    var (low, high) = (0, changes.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if changes[middle].position.count <= position + 1e-9 { low = middle } else { high = middle }
    }
    return low
  }
}

extension ChordChart {
  /// Twelve bars in C.
  public static let blues = own(
    """
    title: Blues in C
    | C7 | F7 | C7 | C7 |
    | F7 | F7 | C7 | C7 |
    | G7 | F7 | C7 | G7 |
    """)

  /// The cadence of jazz in C, with a bar to breathe.
  public static let twoFiveOne = own(
    """
    title: ii-V-I in C
    | Dm7 | G7 | Cmaj7 | % |
    """)

  private static func own(_ text: String) -> ChordChart {
    do {
      return try ChordChart(text)
    } catch {
      preconditionFailure("a chart of our own cannot be read: \(error)")
    }
  }

  /// Charts that need no file, by name.
  public static let bundled = ["12-bar-blues": blues, "ii-V-I": twoFiveOne]

  /// All of it moved up by `semitones`.
  public func transposed(by semitones: Int) -> ChordChart {
    var chart = self
    chart.changes = changes.map { change in
      Positioned(
        position: change.position,
        value: change.value.map { chord in
          Chord(
            root: chord.root.transposed(by: semitones), quality: chord.quality,
            bass: chord.bass.transposed(by: semitones))
        })
    }
    return chart
  }
}
