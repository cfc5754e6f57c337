// SPDX-License-Identifier: Apache-2.0
// RealTime: time. From another clock of the machine to CLOCK_MONOTONIC.

/// How far CLOCK_MONOTONIC is ahead of another clock, followed from readings of both.
///
/// JACK counts in CLOCK_MONOTONIC_RAW, which time synchronisation does not steer: the two drift apart by up to 500 ppm,
/// 1.8 s in an hour. So the distance is measured again in every cycle, and smoothed, because a thread may be interrupted
/// between two readings: of a reading that took `span` the distance is known to half of it.
///
/// Owned by one thread; real-time safe, O(1).
public struct ClockOffset: BitwiseCopyable, Sendable {
  /// In nanoseconds; nil before the first reading.
  public private(set) var nanoseconds: Int64?

  @_noLocks @_noAllocation
  public init() {}

  /// The other clock read `other` between two readings of CLOCK_MONOTONIC, all in nanoseconds.
  ///
  /// A reading that took longer than 20 us says nothing unless it is the first or shows a step of more than a
  /// millisecond beyond its own span (another clock, another server, a machine that slept): then it counts at once.
  @_noLocks @_noAllocation
  public mutating func add(before: Int64, other: Int64, after: Int64) {
    let span = after &- before
    guard span >= 0 else { return }
    let measured = before &+ span / 2 &- other
    guard let former = nanoseconds else {
      nanoseconds = measured
      return
    }
    let difference = measured &- former
    let size = difference < 0 ? 0 &- difference : difference
    if size > 1_000_000 &+ span {
      nanoseconds = measured
    } else if span <= 20_000 {
      // A sixteenth at a time: 500 ppm over cycles of 21 ms are followed to within 0.2 ms.
      nanoseconds = former &+ difference / 16
    }
  }
}
