// SPDX-License-Identifier: Apache-2.0
// Programs/jam-bench: what is claimed of a figure, and whether what was measured bears it out.

/// That p99.9, the median of five runs' at least, is at most `bound`.
package struct Claim: Codable, Hashable {
  package enum Verdict: String, Codable {
    case holds
    case fails = "does not hold"
    /// Most runs were made on a machine that was busy with something else: nothing can be said.
    case notQuiet = "machine not quiet"
    /// As with `--quick`.
    case tooFewRuns = "too few runs to say"
  }

  package static let leastRuns = 5

  /// How late the bare thread beside it may be at p99.9 on a quiet machine, in microseconds: half of the timers' period,
  /// from which on the two wait for each other's wake-ups.
  package static let quietest = 500.0

  package let bound: Double
  package let verdict: Verdict
  /// Runs in which the machine was not quiet, where it had to be, and all runs.
  package let noisyRuns: Int
  package let runs: Int

  init(_ value: Double?, atMost bound: Double, noisyRuns: Int, of runs: Int) {
    (self.bound, self.noisyRuns, self.runs) = (bound, noisyRuns, runs)
    if runs < Self.leastRuns {
      verdict = .tooFewRuns
    } else if 2 * noisyRuns > runs {
      verdict = .notQuiet
    } else {
      // What is no number is within no bound.
      verdict = value.map { $0 <= bound } == true ? .holds : .fails
    }
  }

  package var text: String {
    let noise = noisyRuns > 0 ? " (\(noisyRuns) of \(runs) runs with a bare p99.9 above \(Int(Self.quietest)) us)" : ""
    return "p99.9 <= \(Report.digits(bound)): \(verdict.rawValue)\(noise)"
  }
}

extension Figure {
  /// The same with a verdict on its p99.9, in its own unit.
  package func claimed(atMost bound: Double) -> Figure { claimed(atMost: bound, noisyRuns: 0) }

  /// Of a ratio that is to hold on a quiet machine: `bare` are the runs of the thread beside it, in nanoseconds.
  package func claimed(atMost bound: Double, whereQuiet bare: [Quantiles]) -> Figure {
    claimed(atMost: bound, noisyRuns: bare.count { $0.p999 > Claim.quietest * 1000 })
  }

  private func claimed(atMost bound: Double, noisyRuns: Int) -> Figure {
    var figure = self
    figure.claim = Claim(p999, atMost: bound, noisyRuns: noisyRuns, of: runs)
    return figure
  }
}
