// SPDX-License-Identifier: Apache-2.0
// Tests of Programs/jam: the table of commands, the tool, its manual and its completions say the same.
import ControlProtocol
import Foundation
import Music
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

  /// What the script says of this command and of no other.
  private static func part(of script: String, _ shell: String, _ command: String) throws -> String {
    guard shell != "fish" else {
      return script.split(separator: "\n").filter { $0.contains("\"jam \(command)\"") }.joined(separator: "\n")
    }
    let lines = script.split(separator: "\n", omittingEmptySubsequences: false)
    let name = "_jam_\(command.replacing(" ", with: "_"))() {"
    let start = try #require(lines.firstIndex { $0 == name }, "\(shell): \(name)")
    return lines[start...].prefix { $0 != "}" }.joined(separator: "\n")
  }

  @Test("bash, zsh and fish offer what an argument can be, for each command", arguments: ["bash", "zsh", "fish"])
  func choices(shell: String) throws {
    let script = CommandTree.completions(for: .init(rawValue: shell)!)
    let choices: [String: [String]] = [
      "mode": PlayingMode.allCases.map(\.rawValue), "role": ["lead", "support", "auto"], "count-in": ["on", "off"],
      "set": Parameter.allCases.map(\.rawValue), "midi learn": Parameter.allCases.map(\.rawValue),
      "midi keyboards": KeyboardUse.allCases.map(\.rawValue), "clock in": ["on", "off"], "clock out": ["on", "off"],
      "transport": TransportUse.allCases.map(\.rawValue), "respond": PlayingMode.allCases.map(\.rawValue),
    ]
    for (command, words) in choices {
      let part = try Self.part(of: script, shell, command)
      for word in words { #expect(part.firstRange(of: word) != nil, "\(shell): jam \(command) \(word)") }
    }
    // Asked of jam itself while somebody types.
    for command in ["style use", "style mix", "player use", "sessions export", "sessions replay", "inspect", "merge"] {
      let part = try Self.part(of: script, shell, command)
      #expect(part.contains("---completion \(command) -- positional@0"), "\(shell): jam \(command)")
    }
    for command in ["learn", "respond", "replay", "roll", "analyse"] {
      let part = try Self.part(of: script, shell, command)
      let files = ["bash": "plusdirs -fX", "zsh": "_files -g", "fish": "set -l exts"]
      #expect(part.contains(files[shell] ?? "?") && part.contains("midi"), "\(shell): jam \(command)")
    }
    let folders = ["bash": "__jam_add_completions -d", "zsh": "_files -/", "fish": "__jam_complete_directories"]
    for command in ["report", "inspect"] {
      #expect(try Self.part(of: script, shell, command).contains(folders[shell] ?? "?"), "\(shell): jam \(command)")
    }
  }
}
