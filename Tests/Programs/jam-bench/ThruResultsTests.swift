// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing
import jam_bench

@Suite("what the system test measured of thru")
struct ThruResultsTests {
  private func read(_ text: String) throws -> [(name: String, values: [Double])] {
    let path = FileManager.default.temporaryDirectory.appending(path: "thru-\(UUID().uuidString).csv").path
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    return ThruResults.read(path)
  }

  @Test("each client's column is read under its own name")
  func columns() throws {
    let results = try read("jamd,a2jmidid\n1.5,2\n3,54.25\n")
    #expect(results.map(\.name) == ["jamd", "a2jmidid"])
    #expect(results.map(\.values) == [[1.5, 3], [2, 54.25]])
  }

  @Test("a client that was measured for less long has a shorter column, one that was not measured has none")
  func unequal() throws {
    #expect(try read("jamd,a2jmidid\n1,2\n3,\n4\n").map(\.values) == [[1, 3, 4], [2]])
    #expect(try read("jamd,a2jmidid\n1\n").map(\.name) == ["jamd"])
    #expect(try read("jamd,a2jmidid\n").isEmpty && read("").isEmpty)
    #expect(ThruResults.read("/nonexistent/thru.csv").isEmpty)
  }

  @Test("figures are microseconds, as the file's are")
  func figures() {
    let figure = ThruResults.figures([("jamd", (1...1000).map(Double.init))])[0]
    #expect(figure.measure.hasSuffix("jamd") && figure.unit == "us" && figure.runs == 1)
    #expect([figure.median, figure.p99, figure.p999, figure.max] == [500, 990, 999, 1000])
  }
}
