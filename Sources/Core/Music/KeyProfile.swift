// SPDX-License-Identifier: Apache-2.0
// Core/Music: values and units. How well pitch classes fit a key.

/// The weight of each pitch class in some music, and the key it fits best.
///
/// Krumhansl and Schmuckler's correlation (Krumhansl, Cognitive Foundations of Musical Pitch, 1990, ch. 4) with the
/// profiles that Temperley derived from the Kostka-Payne corpus (Music and Probability, 2007, p. 85).
public struct KeyProfile: Hashable, Sendable {
  private static let major = [0.748, 0.060, 0.488, 0.082, 0.670, 0.460, 0.096, 0.715, 0.104, 0.366, 0.057, 0.400]
  private static let minor = [0.712, 0.084, 0.474, 0.618, 0.049, 0.460, 0.105, 0.747, 0.404, 0.067, 0.133, 0.330]

  private var weights = [Double](repeating: 0, count: 12)

  public init() {}

  /// How likely a pitch class so many semitones (0...11) above the tonic occurs in a span of music in that mode.
  public static func presence(of degree: Int, in mode: Mode) -> Double {
    mode == .major ? major[degree] : minor[degree]
  }

  public mutating func add(_ pitchClass: PitchClass, weight: Double) { weights[Int(pitchClass.number)] += weight }

  /// Multiplies every weight.
  public mutating func fade(to share: Double) {
    for index in weights.indices { weights[index] *= share }
  }

  /// Nil before three different pitch classes have been heard. O(24 x 12).
  public var key: Key? {
    guard weights.filter({ $0 > 0 }).count > 2 else { return nil }
    let candidates = Mode.allCases.flatMap { mode in PitchClass.all.map { Key(tonic: $0, mode: mode) } }
    let scores = candidates.map(correlation)
    return scores.indices.max { scores[$0] < scores[$1] }.map { candidates[$0] }
  }

  private func correlation(_ key: Key) -> Double {
    let profile = key.mode == .major ? Self.major : Self.minor
    let (meanWeight, meanProfile) = (weights.reduce(0, +) / 12, profile.reduce(0, +) / 12)
    var (covariance, variance, profileVariance) = (0.0, 0.0, 0.0)
    for pitchClass in PitchClass.all {
      let a = weights[Int(pitchClass.number)] - meanWeight
      let b = profile[pitchClass.semitones(above: key.tonic)] - meanProfile
      covariance += a * b
      variance += a * a
      profileVariance += b * b
    }
    return variance > 0 ? covariance / (variance * profileVariance).squareRoot() : 0
  }
}
