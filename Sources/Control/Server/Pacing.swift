// SPDX-License-Identifier: Apache-2.0
// Control/Server: how many requests reach the daemon's loop in a second.

/// Spreads requests out evenly once more come than are welcome: a client in a tight loop must not keep the real-time
/// loop busy. Pure: time, in nanoseconds, is an argument.
///
/// The generic cell rate algorithm as a virtual schedule (ITU-T I.371, annex A).
package struct Pacing: Sendable {
  private let interval: UInt64
  private let tolerance: UInt64
  /// When the next request would be due if all came evenly.
  private var due: UInt64 = 0

  /// At most `rate` requests a second in the long run, and `burst` at once.
  package init(rate: Int, burst: Int) {
    interval = 1_000_000_000 / UInt64(max(1, rate))
    tolerance = interval * UInt64(max(0, burst - 1))
  }

  /// Whether a request that comes at `now` would wait for `patience` at most.
  package func isWithin(_ patience: UInt64, at now: UInt64) -> Bool { max(due, now) <= now + tolerance + patience }

  /// How long a request that comes at `now` has to wait; 0 for not at all.
  package mutating func wait(at now: UInt64) -> UInt64 {
    let due = max(self.due, now)
    self.due = due + interval
    return due > now + tolerance ? due - now - tolerance : 0
  }
}
