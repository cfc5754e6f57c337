// SPDX-License-Identifier: Apache-2.0
// RealTime: what the loop is doing, for whoever watches it from another thread.
import Glibc
import Music
import Synchronization

/// What the loop is busy with and since when: two relaxed stores a change by the loop, read from any thread.
public final class LoopActivity: Sendable {
  /// The two words are read one after the other: a reader may see a step with the time of the next.
  public struct Moment: Hashable, Sendable {
    /// For people.
    public var step: String
    public var since: Instant

    public init(step: String, since: Instant) { (self.step, self.since) = (step, since) }
  }

  static let waiting = 0
  private let names = Mutex(["waiting for the kernel"])
  private let step = Atomic(LoopActivity.waiting)
  private let since = Atomic(Int64(0))

  init() {}

  /// A number for a step of this name. Takes a lock: at set-up.
  func add(_ name: String) -> Int {
    names.withLock { names in
      names.append(name)
      return names.count - 1
    }
  }

  func begin(_ number: Int, at now: Instant) {
    step.store(number, ordering: .relaxed)
    since.store(now.nanoseconds, ordering: .relaxed)
  }

  /// Nil before the loop runs.
  public var present: Moment? {
    let began = since.load(ordering: .relaxed)
    guard began > 0 else { return nil }
    let number = step.load(ordering: .relaxed)
    return Moment(step: names.withLock { $0[number] }, since: Instant(nanoseconds: began))
  }
}

/// Tells when a loop that ought to turn does not, and where it stands; once for each time. Pure: time is an argument.
public struct StallWatch: Sendable {
  public enum Report: Hashable, Sendable {
    /// The loop has been at this step for so long.
    case stalled(step: String, Duration)
    /// It went on after so long.
    case over(Duration)
  }

  private let limit: Duration
  private var stalledSince: Instant?

  /// A loop that turns at least every `limit` is well.
  public init(limit: Duration) { self.limit = limit }

  public mutating func look(_ moment: LoopActivity.Moment?, at now: Instant) -> Report? {
    guard let moment else { return nil }
    if let since = stalledSince, moment.since > since {
      stalledSince = nil
      return .over(moment.since - since)
    }
    guard stalledSince == nil, now - moment.since >= limit else { return nil }
    stalledSince = moment.since
    return .stalled(step: moment.step, now - moment.since)
  }
}
