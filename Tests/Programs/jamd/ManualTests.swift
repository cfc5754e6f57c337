// SPDX-License-Identifier: Apache-2.0
// Tests/Programs/jamd: the committed configuration file and manual pages are those of the tables.
import Foundation
import Testing
import jamd

@Suite struct ManualTests {
  private let root = URL(filePath: #filePath).appending(path: "../../../..").standardized

  private func expectFile(_ path: String, holds text: String) throws {
    let file = root.appending(path: path)
    if ProcessInfo.processInfo.environment["JAMD_REGENERATE"] == "1" {
      try text.write(to: file, atomically: true, encoding: .utf8)
    }
    #expect(try String(contentsOf: file, encoding: .utf8) == text)
  }

  @Test("the default configuration and jamd.toml(5) are what the table says; JAMD_REGENERATE=1 writes them")
  func generated() throws {
    try expectFile("systemd/jamd.toml", holds: ConfigurationDocumentation.defaultFile)
    try expectFile("docs/man/jamd.toml.5", holds: ConfigurationDocumentation.manual)
  }

  @Test("the default configuration changes nothing, and neither does it with every comment removed")
  func defaultFile() {
    let text = ConfigurationDocumentation.defaultFile
    var configuration = Configuration()
    #expect(configuration.apply(text, file: "x") == [] && configuration == Configuration())
    let shown = text.split(separator: "\n").map { line in
      line.hasPrefix("#") && !line.hasPrefix("# ") ? line.dropFirst() : line
    }
    #expect(configuration.apply(shown.joined(separator: "\n"), file: "x") == [])
    configuration.style.seed = nil
    #expect(configuration == Configuration())
  }

  @Test("jamd(8) explains every option, and no other")
  func options() throws {
    let manual = try String(contentsOf: root.appending(path: "docs/man/jamd.8"), encoding: .utf8)
    let explained = manual.replacing("\\-", with: "-").matches(of: #/(?m)^\.B[IR]? "?(?:-h, )?--([a-z-]+)/#).map(
      \.output.1)
    let offered = Arguments.helpMessage(columns: 200).matches(of: #/(?m)^  (?:-h, )?--([a-z-]+)/#).map(\.output.1)
    #expect(Set(explained) == Set(offered) && offered.count > 15)
  }
}
