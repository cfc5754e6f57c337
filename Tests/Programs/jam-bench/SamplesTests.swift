// SPDX-License-Identifier: Apache-2.0
import Testing
import jam_bench

@Suite("quantiles")
struct SamplesTests {
  @Test("a quantile is the smallest value that so large a share of all values is no greater than")
  func nearestRank() {
    var random = Steps()
    let values = (1...2000).map(Double.init).shuffled(using: &random)
    #expect(Samples(values).quantiles() == Quantiles(median: 1000, p99: 1980, p999: 1998, maximum: 2000))
    #expect(Samples([7]).quantiles() == Quantiles(median: 7, p99: 7, p999: 7, maximum: 7))
    #expect(Samples([]).quantiles() == Quantiles(median: 0, p99: 0, p999: 0, maximum: 0))
  }

  @Test("of runs, quantiles are the median's and the maximum is the worst run's")
  func runs() {
    let runs = [1.0, 9, 2].map { Quantiles(median: $0, p99: $0 * 2, p999: $0 * 3, maximum: $0 * 4) }
    #expect(Quantiles.ofRuns(runs) == Quantiles(median: 2, p99: 4, p999: 6, maximum: 36))
    #expect(Quantiles.ofRuns(Array(runs.prefix(2))).median == 5)
  }

  @Test("a ratio is of runs that were made side by side, not of medians")
  func ratios() {
    func run(_ value: Double) -> Quantiles { Quantiles(median: value, p99: value, p999: value, maximum: value) }
    // Each run is twice what its neighbour is, whatever the minute was like.
    let figure = Figure.ratio("loop / bare", [run(2), run(20), run(200)], to: [run(1), run(10), run(100)])
    #expect([figure.median, figure.p99, figure.p999, figure.max] == [2, 2, 2, 2] && figure.unit == "x")
  }

  /// A generator with a seed of its own.
  private struct Steps: RandomNumberGenerator {
    var state: UInt64 = 1
    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state
    }
  }
}
