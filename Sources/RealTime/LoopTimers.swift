// SPDX-License-Identifier: Apache-2.0
// RealTime: the deadlines of the loop, pure.
import Music

/// A handful of timers by number, each armed for one moment or not at all.
///
/// Scans instead of keeping a heap: a loop has fewer than ten of them. Not thread-safe.
package struct LoopTimers {
  private var deadlines: [Instant?] = []

  package init() {}

  /// The number of a new timer, not armed.
  package mutating func add() -> Int {
    deadlines.append(nil)
    return deadlines.count - 1
  }

  /// Nil disarms it.
  package mutating func set(_ timer: Int, at deadline: Instant?) { deadlines[timer] = deadline }

  /// When the loop has to wake up next.
  package var earliest: Instant? { deadlines.lazy.compactMap { $0 }.min() }

  /// The timer whose deadline came first of those that are due at `now`, disarmed by this call; nil when none is due.
  /// Of equal deadlines the timer added first.
  package mutating func popDue(at now: Instant) -> (timer: Int, deadline: Instant)? {
    var due: (timer: Int, deadline: Instant)?
    for (timer, deadline) in deadlines.enumerated() {
      guard let deadline, deadline <= now else { continue }
      if due.map({ deadline < $0.deadline }) ?? true { due = (timer, deadline) }
    }
    if let due { deadlines[due.timer] = nil }
    return due
  }
}
