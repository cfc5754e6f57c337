// SPDX-License-Identifier: Apache-2.0
// Programs/jam-bench: every lateness, kept whole.
import Music

/// Written by one thread, read when that thread has ended or by itself. Allocated and touched beforehand: recording is
/// O(1) and faults on no page. Exact, unlike a histogram: a ratio of quantiles would be off by a bucket's width.
final class LatenessLog: @unchecked Sendable {
  private let values: UnsafeMutableBufferPointer<Double>
  private var count = 0

  init(capacity: Int) {
    values = .allocate(capacity: capacity)
    values.initialize(repeating: 0)
  }

  deinit { values.deallocate() }

  /// Beyond the capacity nothing is kept.
  func record(_ now: Instant, after deadline: Instant) {
    guard count < values.count else { return }
    values[count] = Double(max(0, now.nanoseconds - deadline.nanoseconds))
    count += 1
  }

  /// In microseconds, in order of time.
  var microseconds: [Double] { values[..<count].map { $0 / 1000 } }

  func quantiles() -> Quantiles { Samples(Array(values[..<count])).quantiles() }
}
