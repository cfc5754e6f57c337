// SPDX-License-Identifier: Apache-2.0
// Programs/jam, online: jam config show.
import ArgumentParser
import ControlProtocol

struct ConfigCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "config", abstract: "Show the configuration.", subcommands: [Show.self], defaultSubcommand: Show.self)

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "\(CommandName.configShow.description.summary).",
      discussion: "What it prints is a configuration file that says the same.")

    @OptionGroup var options: SocketOptions

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
      try endingProperly {
        guard case .settings(let settings) = try options.send(.configShow) else { return }
        show(json ? readableJSON(settings) : SettingsText.text(settings), terminator: "")
      }
    }
  }
}

package enum SettingsText {
  /// As a configuration file, the source of each setting behind it; what is not set is a comment.
  package static func text(_ settings: [SettingEntry]) -> String {
    var (text, section) = ("", "")
    for setting in settings {
      let parts = setting.key.split(separator: ".", maxSplits: 1).map(String.init)
      guard parts.count == 2 else { continue }
      if parts[0] != section {
        section = parts[0]
        text += "\(text.isEmpty ? "" : "\n")[\(section)]\n"
      }
      text += setting.value.isEmpty ? "# \(parts[1]) is not set" : "\(parts[1]) = \(setting.value)"
      text += "  # \(setting.source)\n"
    }
    return text
  }
}
