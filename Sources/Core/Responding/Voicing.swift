// SPDX-License-Identifier: Apache-2.0
// Core/Responding: chords on a keyboard.
import Music

/// Which tones of a chord are played, and where: third and seventh first, for they say what a chord is; root and fifth can
/// be left to others (Levine, "The Jazz Theory Book", 1995, ch. 2).
enum Voicing {
  static func center(_ range: ClosedRange<Pitch>) -> Int {
    (Int(range.lowerBound.number) + Int(range.upperBound.number)) / 2
  }

  /// Ascending, each pitch class at most once; fewer than `count` where the chord or the range has no more.
  static func pitches(of chord: Chord, near center: Int, count: Int, in range: ClosedRange<Pitch>) -> [Pitch] {
    var tones = chord.pitchClasses
    // Third and seventh, then root, then fifth.
    let order = [1, 3, 0, 2].filter(tones.indices.contains)
    tones = order.map { tones[$0] }.prefix(count).map { $0 }
    let allowed = Int(range.lowerBound.number)...Int(range.upperBound.number)
    return tones.compactMap { tone in
      allowed.lazy.filter { PitchClass($0) == tone }.min { (abs($0 - center), $0) < (abs($1 - center), $1) }
    }.map { Pitch(clamping: $0) }.sorted()
  }
}
