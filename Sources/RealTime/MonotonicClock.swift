// SPDX-License-Identifier: Apache-2.0
// RealTime: the clock that the real-time thread may read.
import CLinux

public enum MonotonicClock {
  /// CLOCK_MONOTONIC. Real-time safe: the vDSO answers without a system call.
  public static var nanoseconds: Int64 { @_noLocks @_noAllocation get { clinux_monotonic_nanoseconds() } }
}
