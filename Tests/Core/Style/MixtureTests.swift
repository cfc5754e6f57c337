// SPDX-License-Identifier: Apache-2.0
// Tests of Core/Style: what the parts of a mixture cost and decide.
import Music
import Style
import Testing

@Suite struct MixtureTests {
  /// Scales in one rhythm.
  private static func style(_ rhythm: Double) -> Style {
    var learner = StyleLearner(information: StyleInformation(title: "\(rhythm)"))
    let notes = (0..<120).map { index in
      Note(
        pitch: Pitch(clamping: 60 + [0, 2, 4, 5, 7, 9, 11, 12, 9, 5][index % 10]), onset: Beats(Double(index) * rhythm),
        duration: Beats(rhythm))
    }
    learner.learn(Piece(parts: [Part(notes: notes)]))
    return learner.style()
  }

  private let slow = style(1)
  private let fast = style(0.25)

  private func composed(_ mixture: StyleMixture?, length: Double = 16) throws -> Continuation {
    let request = ContinuationRequest(context: syntheticPhrase(seed: 3), length: Beats(length), polyphony: 1)
    var random = RandomSource(seed: 11)
    return try #require(mixture).compose(request, player: PlayerModel(), using: &random)
  }

  @Test("a part of weight 0 costs nothing and changes nothing")
  func zero() throws {
    let alone = try composed(StyleMixture(parts: [(slow, 1)], playerWeight: 0))
    let beside = try composed(StyleMixture(parts: [(slow, 1), (fast, 0)], playerWeight: 0))
    #expect(alone == beside && alone.consultations > 0)
    let both = try composed(StyleMixture(parts: [(slow, 1), (fast, 1)], playerWeight: 0))
    #expect(both.consultations > alone.consultations)
    let gone = try composed(
      StyleMixture(
        parts: [.init(style: slow, before: 0, after: 1), .init(style: fast, before: 1, after: 0)], player: (0, 0),
        moving: Beats(-8), to: Beats(-4)))
    #expect(gone == alone)
  }

  @Test("weights move within a continuation: before the move the one decides, after it the other")
  func moving() throws {
    let answer = try composed(
      StyleMixture(
        parts: [.init(style: slow, before: 1, after: 0), .init(style: fast, before: 0, after: 1)], player: (0, 0),
        moving: Beats(8), to: Beats(16)), length: 24)
    let onsets = answer.notes.map(\.onset.count)
    let distances = zip(onsets, onsets.dropFirst()).map { (at: $0, length: $1 - $0) }
    let (early, late) = (distances.filter { $0.at < 8 }, distances.filter { $0.at >= 16 })
    #expect(early.count { $0.length > 0.7 } * 10 >= early.count * 8)
    #expect(late.count { $0.length < 0.4 } * 10 >= late.count * 8)
  }

  @Test("halfway a style of half the weight decides about half of the notes")
  func halfway() throws {
    var quick = 0
    var all = 0
    for seed in 0..<40 as Range<UInt64> {
      let mixture = try #require(StyleMixture(parts: [(slow, 0.5), (fast, 0.5)], playerWeight: 0))
      let request = ContinuationRequest(context: [], length: Beats(1.5), polyphony: 1)
      var random = RandomSource(seed: seed)
      let onsets = mixture.continuation(of: request, player: PlayerModel(), using: &random).map(\.onset.count)
      guard onsets.count > 1 else { continue }
      all += 1
      if onsets[1] < 0.4 { quick += 1 }
    }
    #expect(all >= 30 && (all / 4...all * 3 / 4).contains(quick))
  }

  @Test("a move that begins at nothing is at its end from the beginning on")
  func fromNothing() throws {
    let alone = try composed(StyleMixture(parts: [(slow, 1)], playerWeight: 0))
    let begun = try composed(
      StyleMixture(
        parts: [.init(style: slow, before: 0, after: 1)], player: (0, 0), moving: .zero, to: Beats(1000)))
    #expect(begun == alone)
  }

  @Test("weights that make no sense before or after are refused")
  func refused() {
    func mixture(_ before: Double, _ after: Double) -> StyleMixture? {
      StyleMixture(
        parts: [.init(style: slow, before: before, after: after)], player: (0, 0), moving: .zero, to: Beats(1))
    }
    #expect(mixture(1, 1) != nil)
    for (before, after) in [(1, 0), (0, 0), (-1, 1), (1, .nan), (.infinity, 1)] as [(Double, Double)] {
      #expect(mixture(before, after) == nil)
    }
  }
}
