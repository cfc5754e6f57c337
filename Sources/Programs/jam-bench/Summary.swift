// SPDX-License-Identifier: Apache-2.0
// Programs/jam-bench: the table of the README, made from a report and never typed.

package struct Summary {
  package static let begin = "<!-- measured by `make bench-readme`: do not edit -->"
  package static let end = "<!-- end of what was measured -->"

  private let report: Report

  package init(_ report: Report) { self.report = report }

  struct NoMarks: Error, CustomStringConvertible {
    let path: String
    var description: String {
      "\(path): no table to rewrite: put the lines\n  \(Summary.begin)\n  \(Summary.end)\nwhere it is to stand"
    }
  }

  func rewrite(_ path: String) throws {
    let text = try Drawings.read(path)
    guard let rewritten = rewritten(text) else { throw NoMarks(path: path) }
    try Drawings.write(path, rewritten)
  }

  /// `text` with the table between the marks; nil without them.
  package func rewritten(_ text: String) -> String? {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    guard let first = lines.firstIndex(of: Self.begin), let last = lines[first...].firstIndex(of: Self.end) else {
      return nil
    }
    return (lines[...first] + table() + lines[last...]).joined(separator: "\n")
  }

  private func table() -> [String] {
    let machine = report.machine
    let rows = report.figures.filter { figure in Self.shown.contains { figure.measure.hasPrefix($0) } }.map(row)
    return [
      "", "| measured, in microseconds or times | p50 | p99 | p99.9 | max | claim |", "|---|---|---|---|---|---|",
    ] + rows + [
      "",
      """
      \(machine.processor), \(machine.cores) cores, Linux \(machine.release), load \(machine.load) before, commit \
      \(machine.commit); `make bench` and [docs/benchmarks.md](docs/benchmarks.md) have the rest.
      """, "",
    ]
  }

  private static let shown = [
    "loop", "bare thread", "callback", "thru", "answer, decision to first", "live note, mean",
    "hearing a key: beat, chord",
  ]

  private func row(_ figure: Figure) -> String {
    guard figure.skipped == nil else { return "| \(figure.measure) | not measured | | | | |" }
    let values = [figure.median, figure.p99, figure.p999, figure.max].map { $0.map(Report.digits) ?? "" }
    let unit = figure.unit == "x" ? " (times)" : ""
    return "| \(figure.measure)\(unit) | \(values.joined(separator: " | ")) | \(figure.claim?.text ?? "") |"
  }
}
