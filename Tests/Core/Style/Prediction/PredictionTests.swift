// SPDX-License-Identifier: Apache-2.0
// Tests of Core/Style: the distributions that composing draws from.
import Music
import Style
import Testing

@Suite struct PredictionTests {
  private static func player(_ phrases: Range<UInt64>) -> PlayerModel {
    var player = PlayerModel()
    for seed in phrases { player.learn(syntheticPhrase(seed: seed), key: Key(tonic: PitchClass(2), mode: .minor)) }
    return player
  }

  /// A piece that was played: off the grid, loud and soft, in chords.
  private static func played(_ seed: UInt64) -> Piece {
    Piece(parts: [Part(notes: (0..<4).flatMap { syntheticPhrase(seed: seed * 4 + $0, onsets: 30) })])
  }

  private static var mixtures: [StyleMixture] {
    let a = syntheticStyle(seeds: 0..<6)
    var learner = StyleLearner(information: StyleInformation(title: "played"))
    for seed in 0..<6 as Range<UInt64> { learner.learn(played(seed)) }
    let b = learner.style()
    return [
      StyleMixture(parts: [(a, 1)], playerWeight: 0), StyleMixture(parts: [(b, 1)], playerWeight: 0.5),
      StyleMixture(parts: [(a, 0.7), (b, 0.2)], playerWeight: 0.1), StyleMixture(parts: [], playerWeight: 1),
      StyleMixture(
        parts: [.init(style: a, before: 1, after: 0), .init(style: b, before: 0.2, after: 0.9)], player: (0, 0.4),
        moving: .zero, to: Beats(8)),
    ].compactMap { $0 }
  }

  @Test(
    "whatever is predicted, in whatever mixture, sums to 1 and is never impossible",
    arguments: PredictedProperty.allCases)
  func sums(_ property: PredictedProperty) {
    let players = [PlayerModel(), Self.player(0..<30)]
    let pieces = [syntheticPiece(seed: 50), Self.played(51), syntheticPiece(seed: 52, onsets: 1), Piece()]
    var decisions = 0
    for mixture in Self.mixtures {
      for index in players.indices {
        for piece in pieces {
          for position in [0.0, 4, 20] {
            for probe in mixture.probes(property, in: piece, player: players[index], position: Beats(position)) {
              decisions += 1
              let sum = probe.probabilities.reduce(0, +)
              guard abs(sum - 1) < 1e-9, probe.probabilities.allSatisfy({ $0 > 0 }) else {
                Issue.record("\(property), event \(probe.event): \(sum), lowest \(probe.probabilities.min() ?? 0)")
                return
              }
            }
          }
        }
      }
    }
    #expect(decisions > 500)
  }

  /// One line, notes on every half beat. From `turn` on the future is another: higher, shorter and louder.
  private func line(turn: Int, isOther: Bool, stretches: Bool = false) -> Piece {
    var random = RandomSource(seed: 9)
    var pitch = 60
    let notes = (0..<60).map { index in
      pitch = min(80, max(50, pitch + [-3, -1, 1, 2].randomElement(using: &random)!))
      let isAfter = isOther && index >= turn
      let onset = Double(index) / 2 + (isAfter && stretches ? Double(index - turn) / 3 : 0)
      return Note(
        pitch: Pitch(clamping: pitch + (isAfter ? 7 + index % 3 : 0)), velocity: Velocity(clamping: 64),
        onset: Beats(onset), duration: Beats(isAfter ? 0.1 : 0.45))
    }
    return Piece(
      parts: [Part(notes: notes)], keys: [Positioned(position: .zero, value: Key(tonic: PitchClass(0), mode: .major))])
  }

  /// A pitch is drawn when the rhythm around it stands, and durations when the pitch does.
  @Test(
    "the same past with another future gives the same distributions, of all that is predicted",
    arguments: [0, 1, 7, 30])
  func future(_ turn: Int) {
    let player = Self.player(0..<10)
    for (property, stretches) in [
      (PredictedProperty.rhythm, true), (.pitch, false), (.chord, false), (.duration, false),
    ] {
      var shows = false
      for mixture in Self.mixtures {
        let probes = [false, true].map {
          mixture.probes(property, in: line(turn: turn, isOther: $0, stretches: stretches), player: player)
        }
        // The very decision that turned out otherwise is asked alike: of pitch the one at the turn, of rhythm the next.
        let same = property == .pitch ? turn : property == .rhythm ? turn + 1 : turn - 1
        func known(_ probes: [PredictionProbe]) -> [[Double]] {
          probes.filter { $0.event <= same }.map(\.probabilities)
        }
        let isAlike = known(probes[0]) == known(probes[1])
        #expect(isAlike, "\(property)")
        shows = shows || probes[0].map(\.probabilities) != probes[1].map(\.probabilities)
      }
      // The control: afterwards the difference is past, and shows.
      #expect(shows, "\(property)")
    }
  }
}
