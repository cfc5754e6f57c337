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
      ("Cm(maj7)", 0, .minor, 0), ("CmMaj7", 0, .minor, 0), ("CmM7", 0, .minor, 0), ("D7b5", 2, .dominantSeventh, 2),
      ("G7(b9)/F", 7, .dominantSeventh, 5), ("AMin7", 9, .minorSeventh, 9), ("C(add9)", 0, .major, 0),
    ])
  func spellings(name: String, root: Int, quality: Chord.Quality, bass: Int) {
    #expect(Chord(name) == Chord(root: PitchClass(root), quality: quality, bass: PitchClass(bass)))
  }

  @Test(
    "what is no chord is nil",
    arguments: ["", "H", "c", "Cx", "C/", "C/H", "/C", "C7/Ex", "C 7", "Cm/G/D", "♭"])
  func nonsense(name: String) { #expect(Chord(name) == nil) }

  @Test("chords are spelled as the key is, and read back as the same in every key")
  func spelling() {
    func name(_ root: Int, _ quality: Chord.Quality, _ sharps: Int, _ mode: Mode) -> String {
      Chord(root: PitchClass(root), quality: quality).name(in: Key(sharps: sharps, mode: mode))
    }
    #expect(name(10, .dominantSeventh, -1, .major) == "Bb7" && name(10, .dominantSeventh, 5, .major) == "A#7")
    #expect(name(3, .major, -3, .major) == "Eb" && name(8, .diminished, 0, .minor) == "G#dim")
    #expect(name(6, .halfDiminished, -2, .minor) == "F#m7b5" && name(6, .major, -5, .major) == "Gb")
    for sharps in -6...6 {
      for mode in Mode.allCases {
        let key = Key(sharps: sharps, mode: mode)
        for root in PitchClass.all {
          let chord = Chord(root: root, quality: .minorSeventh, bass: root.transposed(by: 10))
          #expect(Chord(chord.name(in: key)) == chord)
          // In a flat key everything of its scale is a flat, in a sharp key a sharp.
          let name = root.name(in: key)
          if key.scale.contains(root) { #expect(!name.contains(key.sharps < 0 ? "#" : "b"), "\(name) in \(key)") }
        }
      }
    }
  }
}
