// SPDX-License-Identifier: Apache-2.0
// RealTime: measures. Distributions of durations, written on a real-time thread.
import Synchronization

/// A lock-free histogram of non-negative integers (nanoseconds, as a rule) with eight buckets to the octave: quantiles
/// are exact to 12.5 %, the maximum is exact (the idea of HdrHistogram, G. Tene, 2012).
///
/// One writing thread, any number of reading threads. `record` is wait-free, real-time safe and O(1).
public struct Histogram: ~Copyable, @unchecked Sendable {
  private static let bucketCount = 496
  private let buckets: UnsafeMutablePointer<Atomic<UInt64>>
  private let maximum = Atomic<UInt64>(0)

  /// Allocates 4 KB.
  public init() {
    buckets = .allocate(capacity: Self.bucketCount)
    for index in 0..<Self.bucketCount { (buckets + index).initialize(to: Atomic(0)) }
  }

  deinit {
    buckets.deinitialize(count: Self.bucketCount)
    buckets.deallocate()
  }

  /// The writing thread only.
  @_noLocks @_noAllocation
  public func record(_ value: UInt64) {
    let bucket = buckets + Self.bucket(of: value)
    bucket.pointee.store(bucket.pointee.load(ordering: .relaxed) &+ 1, ordering: .relaxed)
    if value > maximum.load(ordering: .relaxed) { maximum.store(value, ordering: .relaxed) }
  }

  /// Any thread. A consistent enough picture: a value recorded meanwhile may or may not be in it.
  public func summary() -> Summary {
    let counts = (0..<Self.bucketCount).map { buckets[$0].load(ordering: .relaxed) }
    return Summary(counts: counts, maximum: maximum.load(ordering: .relaxed))
  }

  /// The bucket's index: the exponent and the three bits after the leading one.
  @_noLocks @_noAllocation
  private static func bucket(of value: UInt64) -> Int {
    guard value >= 8 else { return Int(truncatingIfNeeded: value) }
    let exponent = 63 &- value.leadingZeroBitCount
    let fraction = Int(truncatingIfNeeded: (value &>> UInt64(exponent &- 3)) & 7)
    return (exponent &- 2) &* 8 &+ fraction
  }

  /// A copy to ask quantiles of.
  public struct Summary: Hashable, Sendable {
    public let counts: [UInt64]
    public let maximum: UInt64

    public var total: UInt64 { counts.reduce(0, &+) }

    /// The smallest value that at least the share `p` (0...1) of all values do not exceed, rounded up to its bucket's
    /// end and never above the maximum; 0 when nothing was recorded.
    public func quantile(_ p: Double) -> UInt64 {
      let total = self.total
      guard total > 0 else { return 0 }
      let wanted = max(1, UInt64((p * Double(total)).rounded(.up)))
      var seen: UInt64 = 0
      for (index, count) in counts.enumerated() {
        seen += count
        if seen >= wanted { return min(maximum, Self.end(of: index)) }
      }
      return maximum
    }

    /// Of all values, taken to lie in the middle of their buckets: exact to 6 %; 0 when nothing was recorded.
    public var mean: Double {
      let sum = counts.enumerated().reduce(0.0) { sum, bucket in
        let before = bucket.offset > 0 ? Double(Self.end(of: bucket.offset - 1)) + 1 : 0
        return sum + Double(bucket.element) * (before + Double(Self.end(of: bucket.offset))) / 2
      }
      return total > 0 ? sum / Double(total) : 0
    }

    /// Each bucket that is not empty: its largest value and its count.
    public var buckets: [(upTo: UInt64, count: UInt64)] {
      counts.enumerated().filter { $0.element > 0 }.map { (Self.end(of: $0.offset), $0.element) }
    }

    private static func end(of bucket: Int) -> UInt64 {
      guard bucket >= 8 else { return UInt64(bucket) }
      let shift = UInt64(bucket / 8 - 1)
      return ((UInt64(8 + bucket % 8) + 1) &<< shift) &- 1
    }
  }
}
