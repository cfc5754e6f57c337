// SPDX-License-Identifier: Apache-2.0
// Tests of Programs/jam: the table of commands, the tool, its manual and its completions say the same.
import ControlProtocol
import Foundation
import Testing
import jam

@Suite struct AgreementTests {
  @Test("every command of the protocol is one of jam's")
  func table() {
    for name in CommandName.allCases { #expect(CommandTree.commands.contains(name.rawValue), "\(name.rawValue)") }
  }

  @Test("jam(1) explains every command of jam, and no other")
  func manual() throws {
    let root = URL(filePath: #filePath).appending(path: "../../../..").standardized
    let manual = try String(contentsOf: root.appending(path: "docs/man/jam.1"), encoding: .utf8)
    let explained = manual.matches(of: #/(?m)^\.TP\n\.BI? "?jam ([a-z -]+?)(?: " .*)?$/#).map { String($0.output.1) }
    // A command of two forms has two paragraphs.
    #expect(Set(explained).sorted() == CommandTree.commands.sorted())
  }

  @Test("bash, zsh and fish complete every command")
  func completions() {
    for shell in ["bash", "zsh", "fish"] {
      let script = CommandTree.completions(for: .init(rawValue: shell)!)
      for command in CommandTree.commands {
        for word in command.split(separator: " ") { #expect(script.contains(word), "\(shell): \(command)") }
      }
    }
  }
}
