// SPDX-License-Identifier: Apache-2.0
// Core/Listening: one idea of where the beat is.
import Glibc

/// A reading of the onsets so far: the score position of the last one, and a Kalman filter over its time and the length
/// of a beat (Cemgil, Kappen, Desain and Honing, "On tempo tracking: tempogram representation and Kalman filtering",
/// Journal of New Music Research 29(4), 2000).
struct BeatHypothesis: Sendable {
  /// Standard deviation of a played onset from where it is meant, in seconds, and as a share of the beat.
  private static let jitter = 0.019
  private static let looseness = 0.022
  /// How much the length of a beat wanders in one beat, as a share of it.
  private static let wandering = 0.014
  /// Where onsets come farther from where they are meant than that explains, tempo wanders more, up to so many times: an
  /// adaptive filter (Mehra, "Approaches to adaptive filtering", IEEE Transactions on Automatic Control 17(5), 1972).
  private static let (mostUnrest, unrestPower, unrestRate) = (5.3, 1.92, 0.15)

  /// How often a step is the same as the last, and as the one before it: rhythms repeat themselves, whatever their place.
  private static let repetition = (0.35, 0.10)

  /// When the onset at `position` was meant, in seconds.
  var time: Double
  /// Of a beat, in seconds.
  var period: Double
  /// In 24ths of a beat.
  var position: Int
  /// Logarithm of the probability of this reading with all that was heard.
  var score: Double
  /// The last two steps, in 24ths of a beat.
  private var steps = (0, 0)
  private var timeVariance: Double
  /// The mean of squared errors over their variance: about 1 where the filter is right.
  private(set) var unrest = 1.0
  private var covariance = 0.0
  private var periodVariance: Double

  init(time: Double, period: Double, position: Int, score: Double) {
    (self.time, self.period, self.position, self.score) = (time, period, position, score)
    timeVariance = Self.variance(0)
    periodVariance = (0.022 * period) * (0.022 * period)
  }

  private static func variance(_ step: Double) -> Double {
    jitter * jitter + looseness * looseness * step * step
  }

  /// Where an onset at `instant` falls, in 24ths of a beat.
  func place(of instant: Double) -> Double {
    Double(position) + (instant - time) / period * Double(RhythmGrid.resolution)
  }

  /// What an onset heard next tells of every place that it may stand on: the same for all of them.
  struct Onset {
    /// In seconds.
    var time: Double
    /// About 1 for a strong one, -1 for a weak one.
    var accent: Double
    /// How long the onset before was beside others, as a logarithm.
    var length: Double
    /// What lies between onsets in the mean, in seconds.
    var interval: Double
    /// A reading less likely than this is not kept.
    var least: Double
  }

  /// No other term of a reading's likelihood adds more than this to the one of its error.
  private static let most = 0.5 * log(1 / variance(0)) + 2

  /// The same reading with the next onset at each of `places`; those that are as good as impossible are left out.
  func heard(_ onset: Onset, at places: ClosedRange<Int>, _ take: (BeatHypothesis) -> Void) {
    let wander = Self.wandering * period * min(Self.mostUnrest, max(1, pow(unrest, Self.unrestPower)))
    for next in places where RhythmGrid.probabilities[RhythmGrid.place(next)] > 0 {
      if let heard = heard(onset, at: next, wandering: wander * wander) { take(heard) }
    }
  }

  private func heard(_ onset: Onset, at next: Int, wandering: Double) -> BeatHypothesis? {
    let beats = Double(next - position) / Double(RhythmGrid.resolution)
    let meant = time + beats * period
    let timeVariance =
      timeVariance + 2 * beats * covariance + beats * beats * periodVariance
      + wandering * beats * beats * beats / 3
    let covariance = covariance + beats * periodVariance + wandering * beats * beats / 2
    let variance = timeVariance + Self.variance(beats * period)
    let error = onset.time - meant
    let distance = error * error / variance
    guard score - 0.5 * distance + Self.most > onset.least else { return nil }
    var result = self
    let (timeGain, periodGain) = (timeVariance / variance, covariance / variance)
    result.position = next
    result.unrest += Self.unrestRate * (min(9, distance) - unrest)
    result.time = meant + timeGain * error
    result.period = period + periodGain * error
    guard BeatSearch.periods.contains(result.period) else { return nil }
    result.timeVariance = (1 - timeGain) * timeVariance
    result.covariance = (1 - timeGain) * covariance
    result.periodVariance = periodVariance + wandering * beats - periodGain * covariance
    let place = RhythmGrid.place(next)
    let step = next - position
    let repeats = (step == steps.0 ? Self.repetition.0 : 0) + (step == steps.1 ? Self.repetition.1 : 0)
    let plain = 1 - Self.repetition.0 - Self.repetition.1
    result.steps = (step, steps.0)
    result.score +=
      -0.5 * (distance + log(variance)) + log(repeats + plain * RhythmGrid.probabilities[place])
      + Double(min(8, RhythmGrid.beats(between: position, and: next))) * RhythmGrid.emptyBeat
      + onset.accent * RhythmGrid.accent(place)
      + 0.11 * onset.length * RhythmGrid.accent(RhythmGrid.place(position))
      + Self.usefulness(result.period, interval: onset.interval)
    return result
  }

  /// How well beats of this length serve: music has some 2.8 onsets a beat, and people count at about 108 beats a minute.
  /// Without it long streams of equal notes would make their shortest value the beat. Told with every onset, because
  /// density changes.
  private static func usefulness(_ period: Double, interval: Double) -> Double {
    let density = log2(period / interval / 2.84) / 0.66
    let pace = paceDistance(period) / 0.45
    return -0.072 * density * density - 0.041 * pace * pace
  }

  /// How far beats of this length are from the pace at which people like to count, in octaves.
  static func paceDistance(_ period: Double) -> Double { log2(period / 0.557).magnitude }

  /// The same onsets with beats of `factor` times the length, the last one at `position`.
  func reread(factor: Double, position: Int, penalty: Double) -> BeatHypothesis {
    var result = self
    result.period *= factor
    result.periodVariance *= factor * factor
    result.covariance *= factor
    result.position = position
    result.steps = (Int((Double(steps.0) / factor).rounded()), Int((Double(steps.1) / factor).rounded()))
    result.score -= penalty
    return result
  }

  /// Whether the beats of one are among those of the other: both count in the same unit, or one in half or a third of it.
  func sharesBeats(with other: BeatHypothesis) -> Bool {
    let (short, long) = period < other.period ? (self, other) : (other, self)
    let ratio = long.period / short.period
    guard ratio < 3.2, (ratio / ratio.rounded() - 1).magnitude < 0.05 else { return false }
    // Where a beat of the long ones falls among the short ones.
    let beat = long.time - Double(RhythmGrid.place(long.position)) / Double(RhythmGrid.resolution) * long.period
    let distance = short.place(of: beat)
    let resolution = Double(RhythmGrid.resolution)
    return (distance - (distance / resolution).rounded() * resolution).magnitude < 3
  }

  /// The same reading where the onset means nothing: an ornament, or a slip.
  func ignored(after gap: Double) -> BeatHypothesis {
    var result = self
    // Late notes of a chord and grace notes are common; else it is an onset anywhere, and rare.
    result.score += (gap < 0.09 ? log(0.3 / 0.09) : -4.23) + 0.92
    return result
  }
}
