// SPDX-License-Identifier: Apache-2.0
// Tests/RealTime: the histogram.
import Music
import RealTime
import Testing

@Suite("Histograms")
struct HistogramTests {
  @Test("quantiles are exact to an eighth, the maximum and the total are exact")
  func quantiles() {
    var random = RandomSource(seed: 6)
    let histogram = Histogram()
    var values: [UInt64] = []
    for _ in 0..<20_000 {
      let value = random.next() >> (random.next() % 64)
      values.append(value)
      histogram.record(value)
    }
    values.sort()
    let summary = histogram.summary()
    #expect(summary.total == 20_000 && summary.maximum == values.last)
    for p in [0.001, 0.1, 0.5, 0.9, 0.99, 0.999, 1] {
      let exact = values[max(0, Int((p * 20_000).rounded(.up)) - 1)]
      let found = summary.quantile(p)
      #expect(found >= exact && Double(found) <= Double(exact) * 1.125 + 1)
    }
    #expect(summary.buckets.reduce(0) { $0 + $1.count } == 20_000)
  }

  @Test("the mean is exact to a sixteenth")
  func mean() {
    let histogram = Histogram()
    #expect(histogram.summary().mean == 0)
    for value: UInt64 in [3, 3, 6] { histogram.record(value) }
    #expect(histogram.summary().mean == 4)
    for value in 1...20_000 as ClosedRange<UInt64> { histogram.record(value * 1000) }
    let mean = histogram.summary().mean
    #expect(abs(mean / 10_000_000 - 1) < 1.0 / 16)
    let one = Histogram()
    one.record(1_234_567)
    #expect(abs(one.summary().mean / 1_234_567 - 1) <= 1.0 / 16)
  }

  @Test("an empty histogram says zero, the extremes have their place")
  func extremes() {
    let histogram = Histogram()
    #expect(histogram.summary().quantile(0.99) == 0)
    histogram.record(0)
    #expect(histogram.summary().quantile(1) == 0)
    histogram.record(.max)
    #expect(histogram.summary().quantile(1) == .max)
  }
}
