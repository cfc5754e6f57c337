// SPDX-License-Identifier: Apache-2.0
// Core/Listening: where in a beat onsets fall.
import Glibc

/// Places within a beat and how often onsets fall on them, in 24ths: enough for thirty-seconds and for triplets of
/// sixteenths (the grid of Temperley, Music and Probability, 2007, ch. 3, with triplets).
enum RhythmGrid {
  static let resolution = 24

  /// How likely each place is; 0 where no onset is expected.
  static let probabilities: [Double] = {
    let shares: [Int: Double] = [
      0: 0.48, 12: 0.24, 6: 0.075, 18: 0.085, 16: 0.045, 8: 0.03, 4: 0.006, 20: 0.008, 3: 0.006, 9: 0.006, 15: 0.006,
      21: 0.008,
    ]
    return (0..<resolution).map { shares[$0] ?? 0 }
  }()

  /// What a beat on which nothing begins costs.
  static let emptyBeat = -1.15

  /// How much more likely a strong onset is here than a weak one.
  static func accent(_ place: Int) -> Double {
    switch place {
    case 0: 1
    case 12: 0
    default: -0.6
    }
  }

  static func place(_ position: Int) -> Int {
    let rest = position % resolution
    return rest < 0 ? rest + resolution : rest
  }

  /// Beats that lie strictly between two positions.
  static func beats(between position: Int, and next: Int) -> Int {
    max(0, floorBeat(next - 1) - floorBeat(position))
  }

  /// The nearest place on which onsets are expected.
  static func nearest(_ exact: Double) -> Int {
    let expected = (0...resolution).filter { probabilities[place($0)] > 0 }
    return place(expected.min { abs(Double($0) - exact) < abs(Double($1) - exact) } ?? 0)
  }

  private static func floorBeat(_ position: Int) -> Int { (position - place(position)) / resolution }
}
