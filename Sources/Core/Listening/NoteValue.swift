// SPDX-License-Identifier: Apache-2.0
// Core/Listening: the lengths that a score writes.
import Glibc

/// The usual distances between onsets, in beats, and how usual they are. Quarter and eighth are alike, so that the prior
/// of tempi decides which of them a steady pulse is.
enum NoteValue {
  private static let usual: [(beats: Double, share: Double)] = [
    (0.125, 0.01), (0.25, 0.2), (1.0 / 3, 0.03), (0.5, 0.27), (2.0 / 3, 0.02), (0.75, 0.05), (1, 0.27), (1.5, 0.05),
    (2, 0.06), (3, 0.02), (4, 0.02),
  ]
  /// How usual it is that a beat is divided long and short, two to one: swing, and every compound metre.
  private static let divided = 0.12
  /// Whatever is none of them, as a density a second.
  private static let unusual = 0.005

  /// The density, a second, of an `interval` of seconds being played where a `beat` lasts so many seconds.
  static func density(of interval: Double, beat: Double) -> Double {
    usual.reduce(unusual) { $0 + $1.share * normal(interval, around: $1.beats * beat) }
  }

  /// The same of two intervals in a row, one about twice the other, which may divide a beat.
  static func density(of long: Double, _ short: Double, beat: Double) -> Double {
    density(of: long, beat: beat) * density(of: short, beat: beat)
      + divided * normal(long, around: beat * 2 / 3) * normal(short, around: beat / 3)
  }

  /// The deviation is 12 ms (the order of the motor noise that Wing and Kristofferson found, Perception & Psychophysics
  /// 14, 1973) and 2.5 % of the expected interval.
  private static func normal(_ interval: Double, around expected: Double) -> Double {
    let deviation = 0.012 + 0.025 * expected
    let distance = (interval - expected) / deviation
    return abs(distance) < 5 ? exp(-0.5 * distance * distance) / deviation : 0
  }

  /// The nearest place on a grid of sixteenths and triplets of eighths, 0 included.
  static func nearest(to beats: Double) -> Double {
    let sixteenth = (beats * 4).rounded() / 4
    let triplet = (beats * 3).rounded() / 3
    return abs(sixteenth - beats) <= abs(triplet - beats) ? sixteenth : triplet
  }
}
