// SPDX-License-Identifier: Apache-2.0
// Core/Listening: the beat as one way of following it has it.
import Glibc

/// A beat that lasts, and how it was come by.
struct BeatReading: Sendable {
  /// When the beat of the last onset began, in seconds on the scale of the onsets.
  var beat: Double
  /// Seconds.
  var period: Double
  /// Whether the last onset stands on a beat.
  var isOnBeat: Bool
  /// From 0 to 1: how much of what is likely has these beats.
  var share: Double

  enum Likeness { case same, otherUnit, other }

  func likeness(to other: BeatReading) -> Likeness {
    let (short, long) = period < other.period ? (self, other) : (other, self)
    let ratio = long.period / short.period
    let count = ratio.rounded()
    let beats = (long.beat - short.beat) / short.period
    guard abs(ratio / count - 1) < 0.1, count < 5, abs(beats - beats.rounded()) < 0.15 else { return .other }
    return count == 1 ? .same : .otherUnit
  }
}
