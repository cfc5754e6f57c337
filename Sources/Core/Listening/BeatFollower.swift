// SPDX-License-Identifier: Apache-2.0
// Core/Listening: the exact time and length of a beat whose reading is known.
import Glibc

/// A Kalman filter over the time of the last onset and the length of a beat, of onsets that are read as places in it
/// (Cemgil, Kappen, Desain and Honing, "On tempo tracking: tempogram representation and Kalman filtering", Journal of New
/// Music Research 29(4), 2000). O(1) an onset.
struct BeatFollower: Sendable {
  /// Standard deviation of a played onset from where it is meant, in seconds, and as a share of the beat.
  private static let jitter = 0.019
  private static let looseness = 0.022
  /// How much the length of a beat wanders in one beat, as a share of it.
  private static let wandering = 0.014
  /// Where onsets come farther from where they are meant than that explains, tempo wanders more, up to so many times: an
  /// adaptive filter (Mehra, "Approaches to adaptive filtering", IEEE Transactions on Automatic Control 17(5), 1972).
  private static let (mostUnrest, unrestPower, unrestRate) = (5.3, 1.92, 0.15)
  /// An onset farther than this from every place is an ornament or a slip, in deviations.
  private static let farthest = 3.0

  /// When the onset at `position` was meant, in seconds.
  private(set) var time: Double
  /// Of a beat, in seconds.
  private(set) var period: Double
  /// In 24ths of a beat, modulo a beat.
  private(set) var place: Int
  private var timeVariance: Double
  /// The mean of squared errors over their variance: about 1 where the filter is right.
  private var unrest = 1.0
  private var covariance = 0.0
  private var periodVariance: Double

  /// `share` is the deviation of the period, as a share of it.
  init(time: Double, period: Double, place: Int, share: Double = 0.022) {
    (self.time, self.period, self.place) = (time, period, place)
    timeVariance = Self.variance(0)
    periodVariance = (share * period) * (share * period)
  }

  private static func variance(_ step: Double) -> Double {
    jitter * jitter + looseness * looseness * step * step
  }

  /// When the beat of the last onset began.
  var beat: Double { time - Double(place) / Double(RhythmGrid.resolution) * period }

  /// An onset in seconds, later than those before.
  mutating func hear(_ instant: Double) {
    let resolution = Double(RhythmGrid.resolution)
    let exact = Double(place) + (instant - time) / period * resolution
    guard abs(exact) < 1e6 else { return }
    // As a reading is checked against the lattice, the nearest likely place is the one that is meant.
    let width = max(1, resolution * (Self.jitter / period + Self.looseness))
    var best: (position: Int, score: Double)?
    for position in Int(exact - 4)...Int(exact + 5) where position > place {
      let probability = RhythmGrid.probabilities[RhythmGrid.place(position)]
      let distance = (exact - Double(position)) / width
      guard probability > 0, abs(distance) < Self.farthest else { continue }
      let score = log(probability) - 0.5 * distance * distance
      if score > best?.score ?? -.infinity { best = (position, score) }
    }
    if let best { hear(instant, at: best.position) }
  }

  private mutating func hear(_ instant: Double, at next: Int) {
    let beats = Double(next - place) / Double(RhythmGrid.resolution)
    let wander = Self.wandering * period * min(Self.mostUnrest, max(1, pow(unrest, Self.unrestPower)))
    let wandering = wander * wander
    let meant = time + beats * period
    let timeVariance =
      timeVariance + 2 * beats * covariance + beats * beats * periodVariance
      + wandering * beats * beats * beats / 3
    let covariance = covariance + beats * periodVariance + wandering * beats * beats / 2
    let variance = timeVariance + Self.variance(beats * period)
    let error = instant - meant
    let (timeGain, periodGain) = (timeVariance / variance, covariance / variance)
    place = RhythmGrid.place(next)
    unrest += Self.unrestRate * (min(9, error * error / variance) - unrest)
    time = meant + timeGain * error
    period += periodGain * error
    self.timeVariance = (1 - timeGain) * timeVariance
    self.covariance = (1 - timeGain) * covariance
    periodVariance += wandering * beats - periodGain * covariance
  }
}
