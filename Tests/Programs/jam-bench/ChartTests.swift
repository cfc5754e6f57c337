import Foundation
// SPDX-License-Identifier: Apache-2.0
import FoundationXML
import Testing
import jam_bench

@Suite("charts")
struct ChartTests {
  private let machine = Machine(
    processor: "A <fast> & cheap processor", cores: 2, kernel: "Linux 6.1.0 #1 x86_64", load: 0, commit: "abc",
    command: "b")

  @Test("a chart names the machine and the commit, and is well-formed whatever they are called")
  func caption() throws {
    let chart = Chart(
      title: "a < b & c", xLabel: "microseconds", yLabel: "wake-ups & more",
      series: [Chart.histogram("loop", [1, 2, 2, 3])])
    let texts = Texts(of: chart.svg(caption: machine.caption))
    #expect(texts.isWellFormed)
    #expect(texts.all.contains("A <fast> & cheap processor, 2 cores, Linux 6.1.0, commit abc"))
    #expect(texts.all.contains("a < b & c") && texts.all.contains("wake-ups & more") && texts.all.contains("loop"))
  }

  /// What stands in a drawing's text elements.
  private final class Texts: NSObject, XMLParserDelegate {
    private(set) var all: [String] = []
    private(set) var isWellFormed = false
    private var isInside = false

    init(of svg: String) {
      super.init()
      let parser = XMLParser(data: Data(svg.utf8))
      parser.delegate = self
      isWellFormed = parser.parse()
    }

    func parser(
      _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
      attributes: [String: String]
    ) {
      isInside = name == "text"
      if isInside { all.append("") }
    }

    func parser(
      _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
    ) {
      isInside = false
    }

    func parser(_ parser: XMLParser, foundCharacters string: String) {
      if isInside { all[all.count - 1] += string }
    }
  }
}
