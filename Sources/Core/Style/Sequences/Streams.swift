// SPDX-License-Identifier: Apache-2.0
// Core/Style: notes into streams of onset groups.
import Music

/// One hand's or one voice's onset groups in order.
struct Stream: Sendable {
  var groups: [OnsetGroup]
  /// What counts as neither loud nor soft; nil for a stream without dynamics.
  var averageVelocity: Double?
  /// By hands, with micro-timing.
  var isPlayed: Bool
}

/// How notes are parted into streams: a part with two separate registers (both hands of a keyboard in one track, a
/// player's two hands) becomes two streams, so that a melody is never torn by the accompaniment under it.
enum Streams {
  /// Notes that start within this many beats of a group's first note belong to it.
  static let window = 0.06
  /// Two hands lie at least this far apart on average.
  private static let separation = 15.0

  /// From the highest stream down. `notes` in any order; not finite or negative times are left out. O(n log n).
  static func parted(_ notes: [Note]) -> [[Note]] {
    let sane = notes.filter(isSane)
    guard sane.count > 1, let (low, high) = registers(sane) else { return sane.isEmpty ? [] : [sane] }
    var centres = (low: low, high: high)
    var upper: [Note] = []
    var lower: [Note] = []
    for note in sane.sorted(by: Note.inScoreOrder) {
      let pitch = Double(note.pitch.number)
      if abs(pitch - centres.high) <= abs(pitch - centres.low) {
        upper.append(note)
        centres.high += (pitch - centres.high) / 16
      } else {
        lower.append(note)
        centres.low += (pitch - centres.low) / 16
      }
    }
    return [upper, lower].filter { !$0.isEmpty }
  }

  private static func isSane(_ note: Note) -> Bool {
    note.onset.count.isFinite && abs(note.onset.count) < 1e7 && note.duration.count.isFinite
  }

  /// The mean pitches of two hands, by 2-means; nil where there is only one, or where they hardly ever sound together.
  private static func registers(_ notes: [Note]) -> (low: Double, high: Double)? {
    let pitches = notes.map { Double($0.pitch.number) }
    var low = pitches.min() ?? 0
    var high = pitches.max() ?? 0
    guard high - low >= separation else { return nil }
    for _ in 0..<8 {
      var sums = (0.0, 0.0)
      var counts = (0.0, 0.0)
      for pitch in pitches {
        if abs(pitch - high) <= abs(pitch - low) {
          sums.1 += pitch
          counts.1 += 1
        } else {
          sums.0 += pitch
          counts.0 += 1
        }
      }
      guard counts.0 > 0, counts.1 > 0 else { return nil }
      (low, high) = (sums.0 / counts.0, sums.1 / counts.1)
    }
    guard high - low >= separation, overlap(notes, border: (low + high) / 2) else { return nil }
    return (low, high)
  }

  /// Whether notes on both sides of `border` start together or sound at once in at least an eighth of the onsets.
  private static func overlap(_ notes: [Note], border: Double) -> Bool {
    var ends = (low: -Double.infinity, high: -Double.infinity)
    var together = 0
    for note in notes.sorted(by: Note.inScoreOrder) {
      let isLow = Double(note.pitch.number) < border
      if (isLow ? ends.high : ends.low) > note.onset.count + window { together += 1 }
      if isLow { ends.low = max(ends.low, note.end.count) } else { ends.high = max(ends.high, note.end.count) }
    }
    return together * 8 >= notes.count
  }

  /// Onset groups of `notes`. O(n log n).
  static func stream(_ notes: [Note]) -> Stream {
    let ordered = notes.sorted(by: Note.inScoreOrder)
    var groups: [OnsetGroup] = []
    var start = 0
    while start < ordered.count {
      var end = start + 1
      while end < ordered.count, ordered[end].onset.count - ordered[start].onset.count <= window { end += 1 }
      groups.append(group(ordered[start..<end]))
      start = end
    }
    let total = ordered.reduce(0.0) { $0 + Double($1.velocity.value) }
    return Stream(
      groups: groups, averageVelocity: hasDynamics(ordered) ? total / Double(ordered.count) : nil,
      isPlayed: isPlayed(ordered))
  }

  private static func group(_ notes: ArraySlice<Note>) -> OnsetGroup {
    let falling = notes.sorted { $0.pitch > $1.pitch }
    var pitches: [Int] = []
    for note in falling where pitches.last != Int(note.pitch.number) { pitches.append(Int(note.pitch.number)) }
    let (highest, low) = (falling[0], falling.dropFirst())
    let count = Double(max(1, low.count))
    let lowVelocity =
      low.isEmpty ? Double(highest.velocity.value) : low.reduce(0) { $0 + Double($1.velocity.value) } / count
    return OnsetGroup(
      onset: falling.map(\.onset.count).min() ?? 0, pitches: pitches, duration: highest.duration.count,
      lowDuration: low.reduce(0) { $0 + $1.duration.count } / count, velocity: Double(highest.velocity.value),
      balance: lowVelocity - Double(highest.velocity.value),
      spread: (low.last?.onset ?? highest.onset).count - highest.onset.count)
  }
}
