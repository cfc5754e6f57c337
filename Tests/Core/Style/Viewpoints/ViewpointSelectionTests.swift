// SPDX-License-Identifier: Apache-2.0
// Tests of Core/Style: choosing viewpoints by held-out pieces.
import Foundation
import Music
import Style
import Testing

@Suite struct ViewpointSelectionTests {
  private static let training = (0..<8).map { syntheticPiece(seed: $0) }
  private static let heldOut = (20..<26).map { syntheticPiece(seed: $0) }

  private func opinions(_ property: PredictedProperty) -> CandidateOpinions {
    CandidateOpinions(of: property, training: Self.training, heldOut: Self.heldOut, limit: .max)
  }

  @Test("what a choice costs is what a style of these viewpoints costs when it scores the pieces")
  func agreement() throws {
    var learner = StyleLearner(information: StyleInformation(title: ""))
    for piece in Self.training { learner.learn(piece) }
    let mixture = try #require(StyleMixture(parts: [(learner.style(), 1)], playerWeight: 0))
    let score = Self.heldOut.reduce(MusicScore()) { $0 + mixture.score($1) }
    for (property, bits) in [
      (PredictedProperty.rhythm, score.rhythmBits), (.pitch, score.pitchBits), (.chord, score.shapeBits),
    ] {
      let selection = ViewpointSelection(property, folds: [opinions(property)])
      #expect(selection.places > 0)
      #expect(abs(selection.bits(of: Viewpoint.standard) * Double(score.notes) - bits) < 1e-3 * bits, "\(property)")
    }
  }

  @Test(
    "every step lowers the cost, and the choice is not worse than the standard one",
    arguments: PredictedProperty.allCases)
  func descent(_ property: PredictedProperty) {
    var selection = ViewpointSelection(property, folds: [opinions(property)])
    var former = selection.bits
    var steps = 0
    while let step = selection.next() {
      #expect(step.bits < former && step.bits == selection.bits)
      former = step.bits
      steps += 1
    }
    // Nothing was played here, as far as it can be told.
    if property != .deviation && property != .spread && property != .balance { #expect(steps > 0) }
    #expect(selection.viewpoints.count <= ViewpointSelection.highestCount)
    #expect(selection.viewpoints.allSatisfy { property.targets.contains($0.target) })
    // Greedy and with a threshold: it may miss a little.
    #expect(selection.bits <= selection.bits(of: Viewpoint.standard) + 0.02)
  }

  /// Even notes whose pitch is drawn, or is on every downbeat the same.
  private func pieces(_ seeds: Range<UInt64>, followsBar: Bool) -> [Piece] {
    seeds.map { seed in
      var random = RandomSource(seed: seed)
      let notes = (0..<200).map { index in
        let drawn = 48 + Int(random.uniform() * 24)
        return Note(
          pitch: Pitch(clamping: followsBar && index % 4 == 0 ? 72 : drawn), onset: Beats(Double(index)),
          duration: Beats(1))
      }
      return Piece(
        parts: [Part(notes: notes)], timeSignatures: [Positioned(position: .zero, value: .common)])
    }
  }

  @Test("where the bar tells the note the bar is chosen, and what is drawn costs all its bits")
  func telling() {
    for followsBar in [true, false] {
      let opinions = CandidateOpinions(
        of: .pitch, training: pieces(0..<12, followsBar: followsBar), heldOut: pieces(20..<28, followsBar: followsBar),
        limit: .max)
      var selection = ViewpointSelection(.pitch, folds: [opinions])
      while selection.next() != nil {}
      // 24 pitches alike, and in the one case only three notes of four are drawn.
      let truth = log2(24) * (followsBar ? 0.75 : 1)
      #expect(selection.bits > truth && selection.bits < truth + 0.8)
      let usesBar = selection.viewpoints.contains { $0.context.contains(.init(.bar, 0)) }
      if followsBar { #expect(usesBar) }
    }
  }

  @Test("no candidate looks at what is not decided yet", arguments: PredictedProperty.allCases)
  func causal(_ property: PredictedProperty) {
    let rhythm: Set<Attribute> = [.interOnset, .nextInterOnset, .beat, .bar, .key, .above]
    let pitch = rhythm.union([.interval, .pitch, .degree, .contour, .tonal])
    let known: Set<Attribute> =
      switch property {
      case .rhythm: []
      case .pitch: rhythm
      case .chord: pitch.union([.gap, .shapeSoFar, .count])
      case .duration: pitch.union([.size, .shape])
      case .lowDuration: pitch.union([.size, .shape, .duration])
      case .velocity: pitch.union([.size, .shape, .duration, .lowDuration])
      case .deviation: pitch.union([.size, .shape, .duration, .lowDuration, .velocity])
      case .balance: pitch.union([.size, .shape, .duration, .lowDuration, .velocity, .deviation])
      case .spread: pitch.union([.size, .shape, .duration, .lowDuration, .velocity, .deviation, .balance])
      }
    for viewpoint in property.candidates {
      #expect(viewpoint.context.allSatisfy { $0.lag > 0 || known.contains($0.attribute) }, "\(viewpoint)")
      // An onset is placed before the notes on it: the event before it is known by its place alone.
      if property == .rhythm {
        #expect(viewpoint.context.allSatisfy { rhythm.subtracting([.nextInterOnset]).contains($0.attribute) })
      }
    }
    #expect(Set(property.candidates).count == property.candidates.count)
    #expect(Viewpoint.standard.allSatisfy { !property.targets.contains($0.target) || property.candidates.contains($0) })
  }
}
