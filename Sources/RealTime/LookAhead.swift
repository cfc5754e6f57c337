// SPDX-License-Identifier: Apache-2.0
// RealTime: scheduling. How early to do what must not be late.
import Music

/// A margin that grows by itself where things come late, and shrinks where they have long been in time
/// (as Magenta's MIDI interaction loop does: it measures its own lateness and moves the work, not the music).
///
/// Anything later than `tolerance` doubles the margin, at once; `patience` in time, one after the other, take a quarter
/// of what it has above the least. It never leaves `bounds`. A value without a clock; O(1).
public struct LookAhead: Hashable, Sendable {
  public static let tolerance = Duration.milliseconds(1)
  public static let patience = 64

  public let bounds: ClosedRange<Duration>
  public private(set) var margin: Duration
  private var inTime = 0

  /// Starts with the least.
  public init(_ bounds: ClosedRange<Duration>) {
    self.bounds = bounds
    margin = bounds.lowerBound
  }

  /// Something was late by `lateness` (negative: early). Nil unless that changes the margin.
  public mutating func record(lateness: Duration) -> Duration? {
    let former = margin
    if lateness > Self.tolerance {
      inTime = 0
      margin = min(bounds.upperBound, margin + margin)
    } else {
      inTime += 1
      guard inTime == Self.patience else { return nil }
      inTime = 0
      let excess = (margin - bounds.lowerBound).nanoseconds
      // The last millisecond goes at once: a quarter of nothing would never be all.
      margin = bounds.lowerBound + .nanoseconds(excess < 1_000_000 ? 0 : excess - excess / 4)
    }
    return margin == former ? nil : margin
  }
}
