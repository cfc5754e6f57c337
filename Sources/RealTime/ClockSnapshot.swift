// SPDX-License-Identifier: Apache-2.0
// RealTime: hand-over between threads. The audio clock as of the latest cycle.
import Music
import Synchronization

/// Where the audio stream stands in real time: `frame` began at `time`.
public struct ClockSnapshot: Hashable, Sendable {
  /// The first frame of the cycle.
  public var frame: Frames
  /// When it began, on CLOCK_MONOTONIC.
  public var time: Instant
  /// Frames a second, as configured.
  public var sampleRate: UInt32
  /// Frames a cycle.
  public var period: UInt32
  /// Frames a nanosecond, as measured.
  public var rate: Double

  public init(frame: Frames, time: Instant, sampleRate: UInt32, period: UInt32, rate: Double) {
    self.frame = frame
    self.time = time
    self.sampleRate = sampleRate
    self.period = period
    self.rate = rate
  }
}

/// Holds the latest snapshot: one writer that never waits, any number of readers that read again when they collided.
///
/// A sequence lock with atomic words (H.-J. Boehm, "Can seqlocks get along with programming language memory models?",
/// MSPC 2012). `publish` is wait-free and real-time safe; `latest` is lock-free.
public struct ClockCell: ~Copyable, Sendable {
  private let sequence = Atomic<UInt64>(0)
  private let frame = Atomic<UInt64>(0)
  private let time = Atomic<Int64>(0)
  private let format = Atomic<UInt64>(0)
  private let rate = Atomic<UInt64>(0)

  public init() {}

  /// The writing thread only. The arguments are those of a `ClockSnapshot`, the time in nanoseconds.
  @_noLocks @_noAllocation
  public func publish(frame: Frames, nanoseconds: Int64, sampleRate: UInt32, period: UInt32, rate: Double) {
    let number = sequence.load(ordering: .relaxed)
    sequence.store(number &+ 1, ordering: .relaxed)
    atomicMemoryFence(ordering: .releasing)
    self.frame.store(frame.count, ordering: .relaxed)
    self.time.store(nanoseconds, ordering: .relaxed)
    format.store(UInt64(sampleRate) << 32 | UInt64(period), ordering: .relaxed)
    self.rate.store(rate.bitPattern, ordering: .relaxed)
    sequence.store(number &+ 2, ordering: .releasing)
  }

  /// Nil before the first `publish`, and when eight attempts in a row collided with the writer (a reader that is
  /// scheduled at all does not see that: a write takes nanoseconds, a cycle takes milliseconds).
  public func latest() -> ClockSnapshot? {
    for _ in 0..<8 {
      let before = sequence.load(ordering: .acquiring)
      guard before > 0 else { return nil }
      let format = self.format.load(ordering: .relaxed)
      let snapshot = ClockSnapshot(
        frame: Frames(frame.load(ordering: .relaxed)), time: Instant(nanoseconds: time.load(ordering: .relaxed)),
        sampleRate: UInt32(format >> 32), period: UInt32(truncatingIfNeeded: format),
        rate: Double(bitPattern: rate.load(ordering: .relaxed)))
      atomicMemoryFence(ordering: .acquiring)
      if before % 2 == 0, sequence.load(ordering: .relaxed) == before { return snapshot }
    }
    return nil
  }
}
