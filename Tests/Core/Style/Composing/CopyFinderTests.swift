// SPDX-License-Identifier: Apache-2.0
// Tests of Core/Style: copies found and not invented.
import Music
import Style
import Testing

@Suite struct CopyFinderTests {
  private func line(_ pitches: [Int], _ rhythm: [Double]) -> [Note] {
    var onset = 0.0
    return zip(pitches, rhythm).map { pitch, length in
      defer { onset += length }
      return Note(pitch: Pitch(clamping: pitch), onset: Beats(onset), duration: Beats(length))
    }
  }

  private func random(_ count: Int, seed: UInt64) -> [Note] {
    var random = RandomSource(seed: seed)
    return line(
      (0..<count).map { _ in Int.random(in: 60...72, using: &random) },
      (0..<count).map { _ in [0.25, 0.5, 1].randomElement(using: &random)! })
  }

  /// Counted out, step by step.
  private func longestRun(_ a: [Note], _ b: [Note]) -> Int {
    func steps(_ notes: [Note]) -> [[Int]] {
      zip(notes, notes.dropFirst()).map {
        [$1.pitch.semitones(above: $0.pitch), Int((($1.onset - $0.onset).count * 4))]
      }
    }
    let (a, b) = (steps(a), steps(b))
    var longest = 0
    for i in a.indices {
      for j in b.indices {
        longest = max(longest, zip(a[i...], b[j...]).prefix { $0 == $1 }.count)
      }
    }
    return min(CopyFinder.longest, longest)
  }

  @Test("the longest run is that of counting it out, whatever the music")
  func agreement() {
    let pieces = (0..<4).map { random(60, seed: UInt64($0)) }
    let finder = CopyFinder(pieces.map { Piece(parts: [Part(notes: $0)]) })
    for seed in 0..<40 as Range<UInt64> {
      var music = random(20, seed: 100 + seed)
      // Some of a piece, somewhere else and in another key.
      let stolen = pieces[Int(seed % 4)][Int(seed)..<Int(seed) + Int(seed % 12) + 2]
      let start = music.last!.onset + Beats(1) - stolen.first!.onset
      music += stolen.map { note in
        Note(pitch: note.pitch.transposed(by: 3)!, onset: note.onset + start, duration: note.duration)
      }
      #expect(finder.longestRun(in: music) == pieces.map { longestRun(music, $0) }.max())
    }
  }

  @Test("nothing is copied from nothing, and a piece is a copy of itself")
  func extremes() {
    let piece = random(200, seed: 9)
    #expect(CopyFinder([]).longestRun(in: piece) == 0)
    #expect(CopyFinder([Piece(parts: [Part(notes: piece)])]).longestRun(in: piece) == CopyFinder.longest)
    #expect(CopyFinder([Piece(parts: [Part(notes: piece)])]).longestRun(in: []) == 0)
  }
}
