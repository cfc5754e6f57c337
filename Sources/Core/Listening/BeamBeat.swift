// SPDX-License-Identifier: Apache-2.0
// Core/Listening: the beat as the likeliest of a few readings.
import Glibc

/// Follows the likeliest readings of the onsets: exact where playing is steady.
struct BeamBeat: Sendable {
  private static let width = 32
  /// How much likelier a count in other units has to be, as a logarithm.
  private static let inertia = (toEasier: 0.5, toHarder: 3.0)

  private var search = BeatSearch(width: width)
  /// The period that was last told.
  private var told: Double?

  /// Nothing is known.
  mutating func restart() {
    search.restart()
    told = nil
  }

  /// An onset in seconds; `accent` is about 1 for a strong one, `usual` the period that is expected.
  mutating func hear(_ instant: Double, accent: Double, usual: Double?) {
    search.hear(instant, accent: 0.57 * accent, usual: usual)
  }

  /// How far onsets come from where they were expected: about 1 where playing is as steady as people play in time.
  var unrest: Double { search.hypotheses.first?.unrest ?? 1 }

  /// What is told when `usual` is the period that was told before.
  func reading(usual: Double?) -> BeatReading? {
    guard let best = chosen(usual) else { return nil }
    let place = RhythmGrid.place(best.position)
    return BeatReading(
      beat: best.time - Double(place) / Double(RhythmGrid.resolution) * best.period, period: best.period,
      isOnBeat: place == 0, share: share(best))
  }

  /// The likeliest reading; where it only counts in other units than those told so far, a reading in these, unless that
  /// is much less likely: nobody halves or doubles his count for a few notes, but to a pace that is easier to count.
  private func chosen(_ usual: Double?) -> BeatHypothesis? {
    guard let best = search.hypotheses.first else { return nil }
    guard let usual, !(0.7...1.4).contains(best.period / usual) else { return best }
    let isEasier = BeatHypothesis.paceDistance(best.period) < BeatHypothesis.paceDistance(usual)
    let least = best.score - (isEasier ? Self.inertia.toEasier : Self.inertia.toHarder)
    return search.hypotheses.first {
      $0.score > least && (0.85...1.18).contains($0.period / usual) && $0.sharesBeats(with: best)
    } ?? best
  }

  /// The share of the readings whose beats are among the told ones, or the other way round.
  private func share(_ told: BeatHypothesis) -> Double {
    var (agreeing, all) = (0.0, 0.0)
    for hypothesis in search.hypotheses {
      let weight = exp(hypothesis.score)
      all += weight
      if hypothesis.sharesBeats(with: told) { agreeing += weight }
    }
    return agreeing / all
  }
}
