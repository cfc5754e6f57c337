// SPDX-License-Identifier: Apache-2.0
// Programs/jam-bench: from durations to quantiles.
import Music
import RealTime

/// Durations of one run, in nanoseconds, kept whole: quantiles are exact.
package struct Samples {
  private var nanoseconds: [Double] = []

  init(capacity: Int = 0) { nanoseconds.reserveCapacity(capacity) }

  package init(_ nanoseconds: [Double]) { self.nanoseconds = nanoseconds }

  mutating func add(_ value: Double) { nanoseconds.append(value) }

  /// Nearest rank; O(n log n).
  package func quantiles() -> Quantiles {
    let sorted = nanoseconds.sorted()
    guard let last = sorted.last else { return Quantiles(median: 0, p99: 0, p999: 0, maximum: 0) }
    func quantile(_ p: Double) -> Double {
      sorted[min(sorted.count - 1, max(0, Int((p * Double(sorted.count)).rounded(.up)) - 1))]
    }
    return Quantiles(median: quantile(0.5), p99: quantile(0.99), p999: quantile(0.999), maximum: last)
  }
}

package struct Quantiles: Hashable {
  package var median: Double
  package var p99: Double
  package var p999: Double
  package var maximum: Double

  package init(median: Double, p99: Double, p999: Double, maximum: Double) {
    (self.median, self.p99, self.p999, self.maximum) = (median, p99, p999, maximum)
  }

  /// Of each quantile the median of all runs; of the maxima the largest.
  package static func ofRuns(_ runs: [Quantiles]) -> Quantiles {
    Quantiles(
      median: middle(runs.map(\.median)), p99: middle(runs.map(\.p99)), p999: middle(runs.map(\.p999)),
      maximum: runs.map(\.maximum).max() ?? 0)
  }

  package static func / (a: Quantiles, b: Quantiles) -> Quantiles {
    Quantiles(median: a.median / b.median, p99: a.p99 / b.p99, p999: a.p999 / b.p999, maximum: a.maximum / b.maximum)
  }
}

/// The median; of an even number of values the mean of the middle two; 0 of none.
func middle(_ values: [Double]) -> Double {
  let sorted = values.sorted()
  guard !sorted.isEmpty else { return 0 }
  return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
}

/// How long `body` takes, in nanoseconds, and what it gives.
@inline(__always)
func timed<Value>(_ body: () throws -> Value) rethrows -> (value: Value, nanoseconds: Double) {
  let start = Instant.now()
  let value = try body()
  return (value, Double((Instant.now() - start).nanoseconds))
}
