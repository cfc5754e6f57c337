// SPDX-License-Identifier: Apache-2.0
import Testing
import jam_bench

@Suite("the report and the README's table")
struct ReportTests {
  private let report = Report(
    machine: Machine(
      processor: "A Processor", cores: 2, kernel: "Linux 6.1.0 #1 x86_64", load: 0.06, commit: "abc", command: "b -q"),
    music: "rags",
    figures: [
      Figure.microseconds("callback", [Quantiles(median: 1234, p99: 45_600, p999: 789_000, maximum: 1e6)]),
      Figure.single("learning, full", "notes/s", [1e6]),
      Figure.skipped("thru", because: "no VM"),
      Figure.ratio("loop / bare thread", Self.runs(1.5), to: Self.runs(1)).claimed(atMost: 1.25),
    ], drawings: ["a.svg", "b.svg"])

  private static func runs(_ value: Double) -> [Quantiles] {
    [Quantiles](repeating: Quantiles(median: value, p99: value, p999: value, maximum: value), count: 5)
  }

  @Test("figures have three significant digits, and infinity is no number")
  func digits() {
    let expected: [(Double, String)] = [
      (0.0456, "0.046"), (0.5, "0.500"), (1.234, "1.23"), (45.67, "45.7"), (123.4, "123"), (.infinity, "-"),
      (.nan, "-"),
    ]
    for (value, text) in expected { #expect(Report.digits(value) == text) }
  }

  @Test("the table stands between its marks, has what musicians look at, and nothing else is touched")
  func table() {
    let text = "before\n\(Summary.begin)\nold\n\(Summary.end)\nafter\n"
    let rewritten = Summary(report).rewritten(text) ?? ""
    #expect(rewritten.hasPrefix("before\n\(Summary.begin)\n") && rewritten.hasSuffix("\(Summary.end)\nafter\n"))
    #expect(rewritten.contains("| callback | 1.23 | 45.6 | 789 | 1000 |  |\n"))
    #expect(rewritten.contains("(times) | 1.50 | 1.50 | 1.50 | 1.50 | p99.9 <= 1.25: does not hold |\n"))
    #expect(rewritten.contains("| thru | not measured |") && rewritten.contains("A Processor, 2 cores, Linux 6.1.0"))
    #expect(!rewritten.contains("\nold\n") && !rewritten.contains("learning"))
    #expect(Summary(report).rewritten(rewritten) == rewritten)
    #expect(Summary(report).rewritten("no marks\n") == nil)
    #expect(Summary(report).rewritten("\(Summary.end)\n\(Summary.begin)\n") == nil)
  }

  @Test("a verdict stands beside its figure, and what was drawn is named")
  func verdicts() throws {
    let lines = report.text().split(separator: "\n")
    #expect(lines.contains { $0.hasPrefix("loop / bare thread") && $0.hasSuffix("p99.9 <= 1.25: does not hold") })
    #expect(lines.last == "drawn: a.svg, b.svg")
    #expect(try report.json().contains("\"verdict\" : \"does not hold\""))
    #expect(!Report(machine: report.machine, music: "rags").text().contains("drawn"))
  }

  @Test("what was not measured is named with its reason")
  func skipped() throws {
    #expect(report.text().contains("skipped: thru: no VM") && report.text().contains("load      0.06 before it began"))
    #expect(try report.json().contains("\"skipped\" : \"no VM\""))
  }
}
