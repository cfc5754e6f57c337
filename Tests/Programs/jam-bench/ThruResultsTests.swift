// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing
import jam_bench

@Suite("what the system test measured of thru")
struct ThruResultsTests {
  private static let wayOut = "`Tests/System/run thru`"

  private func read(_ text: String) throws -> ThruResults {
    let path = FileManager.default.temporaryDirectory.appending(path: "thru-\(UUID().uuidString).csv").path
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    return ThruResults(path)
  }

  /// As a run leaves it.
  private func file(_ count: Int, sources: String? = "abc") -> String {
    let rows = (0..<count).map { "\(1 + $0 % 1000),\(2 * (1 + $0 % 1000))" }
    return ((sources.map { ["# sources \($0)"] } ?? []) + ["jamd,a2jmidid"] + rows).joined(separator: "\n") + "\n"
  }

  @Test("each client's column is read under its own name, and the commit that was measured")
  func columns() throws {
    let results = try read("# sources abc\njamd,a2jmidid\n1.5,2\n3,54.25\n")
    #expect(results.sources == "abc")
    #expect(results.columns.map(\.name) == ["jamd", "a2jmidid"])
    #expect(results.columns.map(\.values) == [[1.5, 3], [2, 54.25]])
  }

  @Test("a client that was measured for less long has a shorter column, one that was not measured has none")
  func unequal() throws {
    #expect(try read("jamd,a2jmidid\n1,2\n3,\n4\n").columns.map(\.values) == [[1, 3, 4], [2]])
    #expect(try read("jamd,a2jmidid\n1\n").columns.map(\.name) == ["jamd"])
    #expect(try read("jamd,a2jmidid\n").columns.isEmpty && read("").columns.isEmpty)
    #expect(ThruResults("/nonexistent/thru.csv").columns.isEmpty)
  }

  @Test("figures are microseconds, as the file's are, of 10,000 events of the very sources")
  func figures() throws {
    let figures = try read(file(10_000)).figures(of: "abc")
    #expect(figures.map(\.measure).map { $0.hasSuffix("jamd") } == [true, false] && figures[0].unit == "us")
    #expect([figures[0].median, figures[0].p99, figures[0].p999, figures[0].max] == [500, 990, 999, 1000])
    #expect(figures.allSatisfy { $0.skipped == nil && $0.runs == 1 })
  }

  @Test("fewer events, another commit, none, changes, or no file: no figures but the reason and the way out")
  func refusals() throws {
    let refused: [(ThruResults, String, String)] = [
      (try read(file(9_999)), "abc", "9999 events"), (try read(file(10_000)), "abd", "of abc, and this is abd"),
      (try read(file(10_000, sources: nil)), "abc", "no known commit"), (try read(file(10_000)), "", "no commit"),
      (try read(file(10_000, sources: "abc, with changes")), "abc, with changes", "with changes"),
      (ThruResults("/nonexistent/thru.csv"), "abc", "not measured"),
    ]
    for (results, current, reason) in refused {
      let figures = results.figures(of: current)
      let text = try #require(figures.first?.skipped)
      #expect(figures.count == 1 && text.contains(reason) && text.contains(Self.wayOut), "\(text)")
    }
  }
}
