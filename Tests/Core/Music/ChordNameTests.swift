// SPDX-License-Identifier: Apache-2.0
// Core/Music: properties of chord names.
import Music
import Testing

@Suite("Chord names") struct ChordNameTests {
  @Test("every chord reads back as it is written")
  func roundTrip() {
    for root in PitchClass.all {
      for bass in PitchClass.all {
        for quality in Chord.Quality.allCases {
          let chord = Chord(root: root, quality: quality, bass: bass)
          #expect(Chord(chord.description) == chord, "\(chord)")
        }
      }
    }
  }

  @Test(
    "lead sheets' spellings are understood",
    arguments: [
      ("C", 0, Chord.Quality.major, 0), ("Bb7", 10, .dominantSeventh, 10), ("F#m7b5", 6, .halfDiminished, 6),
      ("Ebmaj7/G", 3, .majorSeventh, 7), ("A-7", 9, .minorSeventh, 9), ("Co7", 0, .diminishedSeventh, 0),
      ("C6/9", 0, .major, 0), ("G13", 7, .dominantSeventh, 7), ("D♭Δ", 1, .majorSeventh, 1), ("Abb", 7, .major, 7),
    ])
  func spellings(name: String, root: Int, quality: Chord.Quality, bass: Int) {
    #expect(Chord(name) == Chord(root: PitchClass(root), quality: quality, bass: PitchClass(bass)))
  }

  @Test(
    "what is no chord is nil",
    arguments: ["", "H", "c", "Cx", "C/", "C/H", "/C", "C7/Ex", "C 7", "Cm/G/D", "♭"])
  func nonsense(name: String) { #expect(Chord(name) == nil) }
}
