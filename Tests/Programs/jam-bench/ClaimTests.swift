// SPDX-License-Identifier: Apache-2.0
import Testing
import jam_bench

@Suite("what is claimed of a figure")
struct ClaimTests {
  private func run(_ microseconds: Double) -> Quantiles {
    Quantiles(median: 1, p99: 2, p999: microseconds * 1000, maximum: 1e9)
  }

  /// Five runs alike.
  private func figure(_ microseconds: Double) -> Figure {
    Figure.microseconds("loop", [Quantiles](repeating: run(microseconds), count: 5))
  }

  @Test("a claim holds up to its bound and at it, and not above it; no number is within no bound")
  func bounds() {
    for (value, verdict) in [
      (0.999, Claim.Verdict.holds), (1, .holds), (1.0.nextUp, .fails), (.infinity, .fails), (.nan, .fails),
    ] {
      #expect(figure(value).claimed(atMost: 1).claim?.verdict == verdict, "\(value)")
    }
    let single = Figure.single("learning", "notes/s", [1, 1, 1, 1, 1])
    #expect(single.claimed(atMost: 1).claim?.verdict == .fails, "it has no p99.9")
  }

  @Test(
    "of runs the median is judged: two bad ones of five change nothing, three do; of fewer than five nothing is said")
  func runs() {
    let verdict = { (runs: [Double]) in
      Figure.microseconds("loop", runs.map(run)).claimed(atMost: 1000).claim?.verdict
    }
    #expect(verdict([1, 1, 1000, 9999, 9999]) == .holds)
    #expect(verdict([1, 1, 1001, 9999, 9999]) == .fails)
    #expect(verdict([1, 1, 1, 1]) == .tooFewRuns)
  }

  @Test("where most runs had a bare thread that was late itself nothing is said but that the machine was not quiet")
  func quietness() {
    let calm = Claim.quietest
    let late = calm.nextUp
    for (noisy, ours, verdict) in [
      (0, 1.25, Claim.Verdict.holds), (0, 1.26, .fails), (2, 1.25, .holds), (2, 1.26, .fails), (3, 1.25, .notQuiet),
      (3, 1.26, .notQuiet), (5, 1.26, .notQuiet),
    ] {
      let bare = (0..<5).map { run($0 < noisy ? late : calm) }
      let ratio = Figure.ratio("loop / bare", (0..<5).map { run(ours * ($0 < noisy ? late : calm)) }, to: bare)
      let claim = ratio.claimed(atMost: 1.25 + 1e-9, whereQuiet: bare).claim
      #expect(claim?.verdict == verdict && claim?.noisyRuns == noisy, "\(noisy) \(ours)")
    }
  }

  @Test("a claim's text names the bound, the verdict, and the runs that say nothing")
  func text() {
    let bare = [501.0, 1, 1, 1, 1].map(run)
    let ratio = Figure.ratio("loop / bare", bare, to: bare).claimed(atMost: 1.25, whereQuiet: bare)
    #expect(ratio.claim?.text == "p99.9 <= 1.25: holds (1 of 5 runs with a bare p99.9 above 500 us)")
    #expect(figure(1).claimed(atMost: 0.5).claim?.text == "p99.9 <= 0.500: does not hold")
  }
}
