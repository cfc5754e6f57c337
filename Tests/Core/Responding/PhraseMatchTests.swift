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

  @Test("places that are none are not heard")
  func bounds() {
    let match = Self.heard([[(-1, 3), (16, 3), (99, 3), (15, 3)]], lambda: 1)
    #expect(match.probabilities.count { $0 > 0 } == 1 && match.probabilities.count == 16)
  }
}
