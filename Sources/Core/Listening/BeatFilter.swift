// SPDX-License-Identifier: Apache-2.0
// Core/Listening: the exact time of an onset and the length of a beat.
import Glibc

/// A Kalman filter over the time of the last onset and the length of a beat, for onsets of which is known how many beats
/// they are apart (Cemgil, Kappen, Desain and Honing, "On tempo tracking: tempogram representation and Kalman filtering",
/// Journal of New Music Research 29(4), 2000). O(1) an onset.
struct BeatFilter: Sendable {
  /// Standard deviation of a played onset from where it is meant, in seconds, and as a share of the beat.
  static let jitter = 0.019
  static let looseness = 0.0186
  /// How much the length of a beat wanders in one beat, as a share of it.
  private static let wandering = 0.0122
  /// Where onsets come farther from where they are meant than that explains, tempo wanders more, up to so many times: an
  /// adaptive filter (Mehra, "Approaches to adaptive filtering", IEEE Transactions on Automatic Control 17(5), 1972).
  private static let (mostUnrest, unrestPower, unrestRate) = (5.3, 1.92, 0.15)
  /// No onset's variance is smaller.
  static let leastVariance = jitter * jitter

  /// When the last onset was meant, in seconds.
  private(set) var time: Double
  /// Of a beat, in seconds.
  private(set) var period: Double
  /// The mean of squared errors over their variance: about 1 where the filter is right.
  private(set) var unrest = 1.0
  private var timeVariance = leastVariance
  private var covariance = 0.0
  private var periodVariance: Double

  /// `share` is the deviation of the period, as a share of it.
  init(time: Double, period: Double, share: Double = 0.022) {
    (self.time, self.period) = (time, period)
    periodVariance = (share * period) * (share * period)
  }

  /// The variance of the period that one beat adds.
  var wander: Double {
    let wander = Self.wandering * period * min(Self.mostUnrest, max(1, pow(unrest, Self.unrestPower)))
    return wander * wander
  }

  /// What is known of an onset before it is heard.
  struct Expectation {
    fileprivate var beats, wander, meant, timeVariance, covariance: Double
    /// Of the onset as it is played.
    var variance: Double

    /// The square of what an onset at `instant` is off, in variances.
    func distance(of instant: Double) -> Double { (instant - meant) * (instant - meant) / variance }
  }

  /// Of an onset `beats` after the last; `wander` as it is now.
  func expectation(after beats: Double, wander: Double) -> Expectation {
    let timeVariance =
      timeVariance + 2 * beats * covariance + beats * beats * periodVariance + wander * beats * beats * beats / 3
    let loose = Self.looseness * beats * period
    return Expectation(
      beats: beats, wander: wander, meant: time + beats * period, timeVariance: timeVariance,
      covariance: covariance + beats * periodVariance + wander * beats * beats / 2,
      variance: timeVariance + Self.leastVariance + loose * loose)
  }

  /// The expected onset is heard at `instant`, in seconds.
  mutating func hear(_ instant: Double, _ expected: Expectation) {
    let error = instant - expected.meant
    let (timeGain, periodGain) = (expected.timeVariance / expected.variance, expected.covariance / expected.variance)
    unrest += Self.unrestRate * (min(9, error * error / expected.variance) - unrest)
    time = expected.meant + timeGain * error
    period += periodGain * error
    timeVariance = (1 - timeGain) * expected.timeVariance
    covariance = (1 - timeGain) * expected.covariance
    periodVariance += expected.wander * expected.beats - periodGain * expected.covariance
  }

  /// The same with beats of `factor` times the length.
  mutating func scale(by factor: Double) {
    period *= factor
    periodVariance *= factor * factor
    covariance *= factor
  }
}
