// SPDX-License-Identifier: Apache-2.0
// RealTime: the one clock of the real-time side.
import CLinux
import Music

extension Instant {
  /// CLOCK_MONOTONIC, the clock that `jack_get_time` and the loop's timers count by too. Thread-safe; no system call,
  /// no allocation.
  public static func now() -> Instant { Instant(nanoseconds: clinux_monotonic_nanoseconds()) }
}
