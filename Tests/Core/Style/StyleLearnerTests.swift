// SPDX-License-Identifier: Apache-2.0
// Tests of Core/Style: learning is a fold.
import Music
import Style
import Testing

@Suite struct StyleLearnerTests {
  @Test("the order of the pieces does not matter, byte for byte")
  func order() {
    #expect(syntheticStyle(seeds: 0..<8).encoded() == syntheticStyle(seeds: (0..<8).reversed()).encoded())
  }

  @Test("shares that are merged are what learning everything at once gives, byte for byte")
  func fold() throws {
    let whole = syntheticStyle(seeds: 0..<9)
    var merged = StyleLearner(information: StyleInformation(title: "synthetic", artist: "nobody", licence: "CC0"))
    for share in [6..<9, 0..<2, 2..<6] as [Range<UInt64>] { try merged.merge(syntheticStyle(seeds: share)) }
    #expect(merged.style().encoded() == whole.encoded())
    var mixed = StyleLearner(information: StyleInformation(title: "synthetic", artist: "nobody", licence: "CC0"))
    for seed in 4..<9 as Range<UInt64> { mixed.learn(syntheticPiece(seed: seed)) }
    try mixed.merge(syntheticStyle(seeds: 0..<4))
    #expect(mixed.style().encoded() == whole.encoded())
  }

  @Test("styles of other viewpoints are not merged")
  func otherViewpoints() {
    var learner = StyleLearner(
      information: StyleInformation(title: ""), viewpoints: [Viewpoint(.interval, [Viewpoint.Step(.interval, 1)])])
    let before = learner.style().encoded()
    let other = syntheticStyle(seeds: 0..<1)
    #expect(throws: StyleMergeError.self) { try learner.merge(other) }
    #expect(learner.style().encoded() == before)
  }

  @Test("the counts are those of the pieces")
  func counts() {
    let pieces = (0..<5).map { syntheticPiece(seed: $0) }
    let style = syntheticStyle(seeds: 0..<5)
    #expect(style.information.pieces == 5)
    #expect(style.information.notes == pieces.reduce(0) { $0 + $1.notes.count })
    #expect(style.information.events == 5 * (64 + 16))
    #expect(style.summary.pitchClassTransitions.reduce(0, +) == UInt32(5 * (63 + 15)))
    #expect(style.summary.interOnsets.reduce(0, +) == UInt32(5 * (63 + 15)))
    #expect(style.summary.pitches.reduce(0, +) == UInt32(style.information.notes))
  }

  @Test("empty pieces, nonsense in time and the whole keyboard at once are learned without harm")
  func extremes() {
    var learner = StyleLearner(information: StyleInformation(title: "extremes"))
    learner.learn(Piece())
    let wild = [Double.nan, .infinity, -.infinity, 1e300, -5, 0, 1e-300, 3].flatMap { time in
      [
        Note(pitch: .highest, onset: Beats(time), duration: Beats(1)),
        Note(pitch: .lowest, onset: Beats(1), duration: Beats(time)),
      ]
    }
    learner.learn(Piece(parts: [Part(notes: wild)]))
    let all = (0...127).map { Note(pitch: Pitch(clamping: $0), onset: .zero, duration: Beats(1)) }
    learner.learn(Piece(parts: [Part(notes: all), Part(notes: all)]))
    let style = learner.style()
    #expect(style.information.pieces == 3)
    #expect(throws: Never.self) { try Style(decoding: style.encoded()) }
  }
}
