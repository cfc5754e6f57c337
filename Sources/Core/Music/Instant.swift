// SPDX-License-Identifier: Apache-2.0
// Core/Music: values and units. Real time.

/// A moment on a monotonic clock, in nanoseconds from that clock's own zero.
///
/// The core never reads a clock: every instant comes in as an argument. Lengths of real time are the standard
/// library's `Duration`. What lies beyond the 292 years on either side of zero is the last moment of them.
public struct Instant: InstantProtocol, Hashable, Sendable {
  public var nanoseconds: Int64

  public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

  public static let zero = Instant(nanoseconds: 0)

  public func advanced(by duration: Duration) -> Instant {
    let length = duration.nanoseconds
    let (sum, overflow) = nanoseconds.addingReportingOverflow(length)
    return Instant(nanoseconds: overflow ? (length < 0 ? .min : .max) : sum)
  }

  public func duration(to other: Instant) -> Duration {
    let (difference, overflow) = other.nanoseconds.subtractingReportingOverflow(nanoseconds)
    return .nanoseconds(overflow ? (nanoseconds < 0 ? .max : .min) : difference)
  }

  public static func < (a: Instant, b: Instant) -> Bool { a.nanoseconds < b.nanoseconds }
  public static func + (a: Instant, d: Duration) -> Instant { a.advanced(by: d) }
  public static func - (a: Instant, d: Duration) -> Instant { a.advanced(by: .zero - d) }
  public static func - (a: Instant, b: Instant) -> Duration { b.duration(to: a) }
}

extension Duration {
  /// Whole nanoseconds, rounded towards zero; saturates after 292 years.
  public var nanoseconds: Int64 {
    let (seconds, attoseconds) = components
    let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    let (sum, overflow2) = whole.addingReportingOverflow(attoseconds / 1_000_000_000)
    return overflow || overflow2 ? (seconds < 0 ? .min : .max) : sum
  }

  public var seconds: Double {
    let (seconds, attoseconds) = components
    return Double(seconds) + Double(attoseconds) * 1e-18
  }
}
