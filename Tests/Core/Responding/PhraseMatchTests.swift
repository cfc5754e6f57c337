// SPDX-License-Identifier: Apache-2.0
// Tests of Core/Responding: taking up a rhythm and its accents.
import Music
import Responding
import Testing

@Suite struct PhraseMatchTests {
  private static func heard(_ bars: [[(Int, Double)]], lambda: Double) -> PhraseMatch {
    var match = PhraseMatch(lambda: lambda)
    for bar in bars { match.hear(bar.map { (place: $0.0, accent: $0.1) }, of: 16) }
    return match
  }

  @Test(
    "p <- h lambda + p (1 - lambda): at 1 only the last bar counts, at 0 nothing is taken up, between what is repeated grows"
  )
  func lambda() {
    let bars: [[(Int, Double)]] = [[(0, 0), (4, 0)], [(0, 0), (8, 0)]]
    #expect(
      Self.heard(bars, lambda: 1).probabilities.indices.filter { Self.heard(bars, lambda: 1).probabilities[$0] == 1 }
        == [0, 8])
    #expect(Self.heard(bars, lambda: 0).probabilities.allSatisfy { $0 == 0 })
    let half = Self.heard(bars, lambda: 0.5).probabilities
    #expect(half[0] == 0.75 && half[4] == 0.25 && half[8] == 0.5 && half[1] == 0)
  }

  @Test("accents are taken up where they are struck, and a chord's is the mean of its notes'")
  func accents() {
    let match = Self.heard([[(0, 12), (0, 4), (4, -8)], [(0, 0), (4, -8)]], lambda: 0.5)
    #expect(match.accents[0] == 4 && match.accents[4] == -8 && match.accents[1] == 0)
  }

  @Test(
    "a rhythm is taken up where it was struck in its bar, in bars of any length", arguments: [4, 3, 3.5, 2.5, 1.75])
  func anyBar(_ length: Double) throws {
    let tempo = try #require(Tempo(beatsPerMinute: 100))
    let bar = Beats(length)
    // The bar that is about to begin; the one before was struck on its first beat and a half beat later.
    let start = Instant.zero + .seconds(20)
    var player = PlayerActivity()
    for place in [0, 0.5] {
      player.hear(Pitch(clamping: 60), .standard, at: start - tempo.duration(of: bar - Beats(place)))
    }
    let beat = ComingBeat(
      situation: Situation(start: start, beat: BeatGrid(tempo: tempo, anchor: start, metre: .common)), place: .zero,
      bar: bar, tempo: tempo, key: nil)
    var (match, random) = (PhraseMatch(lambda: 1), RandomSource(seed: 1))
    _ = match.notes(on: beat, beside: player, from: RetrogradeTests.Model(notes: []), using: &random)
    #expect(match.probabilities.indices.filter { match.probabilities[$0] > 0 } == [0, 2])
  }

  @Test("places that are none are not heard")
  func bounds() {
    let match = Self.heard([[(-1, 3), (16, 3), (99, 3), (15, 3)]], lambda: 1)
    #expect(match.probabilities.count { $0 > 0 } == 1 && match.probabilities.count == 16)
  }
}
