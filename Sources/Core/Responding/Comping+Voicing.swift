// SPDX-License-Identifier: Apache-2.0
// Core/Responding: what who comps may strike, so that one chord does not become one sound.
import Music

extension Comping {
  /// So often the same top note is struck in a row before another one has its turn.
  private static let stalest = 2
  /// A register with no more tones of the chord leaves nothing to choose from.
  private static let fewest = 2

  /// The highest note of the latest strikes before `position` in the bar, where that was always the same.
  func staleTop(before position: Beats) -> Pitch? {
    let strikes = Chords(struckNotes(before: position)).chords.suffix(Self.stalest).map { $0.notes.map(\.pitch).max() }
    guard strikes.count == Self.stalest, let top = strikes[0], strikes.allSatisfy({ $0 == top }) else { return nil }
    return top
  }

  /// The pitches for `chord` in `range`: its tones, with sixth and ninth, as far as they are in the key, where there are
  /// hardly any (Levine, "The Jazz Piano Book", 1989, ch. 7); not `stale` where two others are left.
  static func tones(
    of chord: Chord, _ key: Key?, in range: ClosedRange<Pitch>, without stale: Pitch?
  ) -> PitchSet {
    var classes = chord.pitchClasses
    if !isPlain(chord, in: range) {
      let colours = [9, 2].map { PitchClass(Int(chord.root.number) + $0) }
      classes += colours.filter { key?.scale.contains($0) ?? true }
    }
    let all = PitchSet(classes)
    guard let stale else { return all }
    let fresh = all.intersection(PitchSet(stale...stale).inverted)
    return pitches(fresh, in: range).count >= 2 ? fresh : all
  }

  /// Whether the chord's own tones are enough.
  static func isPlain(_ chord: Chord, in range: ClosedRange<Pitch>) -> Bool {
    pitches(PitchSet(chord.pitchClasses), in: range).count > fewest
  }

  private static func pitches(_ set: PitchSet, in range: ClosedRange<Pitch>) -> [Pitch] {
    (Int(range.lowerBound.number)...Int(range.upperBound.number)).map { Pitch(clamping: $0) }.filter(set.contains)
  }
}
