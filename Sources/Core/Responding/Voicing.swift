// SPDX-License-Identifier: Apache-2.0
// Core/Responding: chords on a keyboard.
import Music

/// Which tones of a chord are played, and where.
enum Voicing {
  /// `notes` with each onset's pitches chosen among the chord's tones, as near as they can be to what the style proposed and
  /// with its guide tones first (third and seventh say what a chord is; root and fifth can be left to others: Levine, "The
  /// Jazz Theory Book", 1995, ch. 2). As they are where no chord is known. `chords` has one for each beat.
  static func voiced(_ notes: [Note], _ chords: [Chord?], in range: ClosedRange<Pitch>) -> [Note] {
    Chords(notes).chords.flatMap { group -> [Note] in
      let beat = min(chords.count - 1, max(0, Int(group.onset + 0.01)))
      guard let chord = chords[beat] else { return group.notes }
      let pitches = group.notes.map { Int($0.pitch.number) }
      let chosen = Self.pitches(
        of: chord, near: pitches.reduce(0, +) / pitches.count, count: min(5, max(3, pitches.count)), in: range)
      return chosen.map { pitch in
        Note(
          pitch: pitch, velocity: group.notes[0].velocity, onset: Beats(group.onset), duration: Beats(group.duration))
      }
    }
  }

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
