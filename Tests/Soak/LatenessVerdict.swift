// SPDX-License-Identifier: Apache-2.0
// Tests/Soak: whether what left late was late by the machine's doing.

/// Judges the events that left after their frame, interval by interval. What may make them late beside jamd itself is the
/// server, when it passes over frames, and the machine, when it wakes nobody: so
///
/// - none is later than the longest stretch that the server passed over, or than a thread of the loop's priority woke that
///   does nothing but sleep;
/// - no more are late than what such stretches hold: their time, at the mean density of what was played in the interval,
///   and three standard errors, where events come in chords of twenty messages (ten keys let go, ten struck).
///
/// Readings are not of the very same moments: each interval is held against the one before and the one after, too. So much
/// would let each interval have its twenty: all of them together have no more than what all stretches hold, by the same
/// reckoning.
package struct LatenessVerdict {
  package struct Interval {
    /// Events that left late in it.
    package var lateEvents = 0
    /// What the latest of them was late at least, in microseconds.
    package var latest = 0.0
    /// Events that left in it.
    package var events = 0
    /// Frames that the server passed over, in microseconds: all of them, and the longest stretch.
    package var skipped = 0.0
    package var longestSkip = 0.0
    /// The latest wake-up of the thread that only sleeps, in microseconds.
    package var idleThread = 0.0

    package init() {}
  }

  package struct Finding {
    package let interval: Int
    package let allowed: Int
    /// Microseconds.
    package let limit: Double
  }

  private static let chord = 20.0
  private let intervals: [Interval]
  /// How many may be late in all.
  package let allowedInAll: Int
  /// Where more is late, or later, than may be.
  package let findings: [Finding]

  /// `length`: of an interval, in seconds.
  package init(_ intervals: [Interval], length: Double) {
    self.intervals = intervals
    let mean = intervals.map { interval in
      let sleeper = interval.lateEvents > 0 && interval.idleThread >= interval.latest ? interval.idleThread : 0
      return Double(interval.events) / length * (interval.skipped + sleeper) / 1e6
    }.reduce(0, +)
    allowedInAll = Self.allowed(mean)
    findings = intervals.indices.compactMap { index in
      let near = intervals[max(0, index - 1)...min(intervals.count - 1, index + 1)]
      return Self.judge(index, intervals[index], near, length)
    }
  }

  private static func judge(
    _ index: Int, _ interval: Interval, _ near: ArraySlice<Interval>, _ length: Double
  ) -> Finding? {
    guard interval.lateEvents > 0 else { return nil }
    let limit = near.map { max($0.longestSkip, $0.idleThread) }.max() ?? 0
    // A thread that wakes late excuses no more than what was late by no more.
    let sleepers = near.map(\.idleThread).filter { $0 >= interval.latest }.reduce(0, +)
    let stretch = near.map(\.skipped).reduce(0, +) + sleepers
    let density = Double(near.map(\.events).max() ?? 0) / length
    let mean = density * stretch / 1e6
    let allowed = stretch > 0 ? Self.allowed(mean) : 0
    let holds = interval.latest <= limit && interval.lateEvents <= allowed
    return holds ? nil : Finding(interval: index, allowed: allowed, limit: limit)
  }

  /// Where so many are to be expected.
  private static func allowed(_ mean: Double) -> Int {
    Int((mean + chord + 3 * (chord * mean).squareRoot()).rounded(.up))
  }

  private var count: Int { intervals.map(\.lateEvents).reduce(0, +) }

  package var holds: Bool { findings.isEmpty && count <= allowedInAll }

  package var text: String {
    if count > allowedInAll { return "late events: \(count), where \(allowedInAll) may be in all" }
    guard let finding = findings.first else {
      return count == 0
        ? "late events: 0"
        : "late events: \(count) of at most \(allowedInAll), where the server passed over frames or the machine slept"
    }
    let worst = intervals[finding.interval]
    return
      "late events: \(count); in \(findings.count) of \(intervals.count) intervals by no doing of the server or the "
      + "machine: first in the \(finding.interval + 1)., \(worst.lateEvents) where \(finding.allowed) may be, the latest at "
      + "least \(Int(worst.latest)) us late where \(Int(finding.limit)) may be"
  }
}
