// SPDX-License-Identifier: Apache-2.0
// Tests of Core/Music: sets of pitches.
import Music
import Testing

@Suite struct PitchSetTests {
  @Test("a set of pitches holds what was put in, and its inverse everything else")
  func membership() {
    var random = RandomSource(seed: 7)
    for _ in 0..<200 {
      let chosen = Set(
        (0..<Int.random(in: 0...40, using: &random)).map { _ in Int.random(in: 0...127, using: &random) })
      let set = PitchSet { chosen.contains(Int($0.number)) }
      for number in 0...127 {
        #expect(set.contains(Pitch(clamping: number)) == chosen.contains(number))
        #expect(set.inverted.contains(Pitch(clamping: number)) != chosen.contains(number))
      }
      #expect(set.count == chosen.count && set.isEmpty == chosen.isEmpty)
      #expect(set.union(set.inverted) == .all && set.intersection(set.inverted) == PitchSet())
    }
  }

  @Test("pitch classes are meant in every octave")
  func classes() {
    let chord = PitchSet(Chord(root: PitchClass(9), quality: .minor).pitchClasses)
    #expect(chord.count == (0...127).count { [9, 0, 4].contains($0 % 12) })
    #expect(chord.contains(Pitch(clamping: 69)) && !chord.contains(Pitch(clamping: 70)))
    #expect(PitchSet(Pitch(clamping: 60)...Pitch(clamping: 71)).intersection(chord).count == 3)
  }
}
