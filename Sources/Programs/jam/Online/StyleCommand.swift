// SPDX-License-Identifier: Apache-2.0
// Programs/jam, online: jam style list and jam style use.
import ArgumentParser
import ControlProtocol

struct StyleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "style", abstract: "List the styles, or change the style.", subcommands: [List.self, Use.self],
    defaultSubcommand: List.self)

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "\(CommandName.styleList.description.summary).",
      discussion: """
        One line a style, separated by tabs: "*" when it is in use, name, title, artist, how many notes it was learned \
        from, and why it cannot be used.
        """)

    @OptionGroup var options: SocketOptions

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
      try endingProperly {
        guard case .styles(let styles) = try options.send(.styleList) else { return }
        print(json ? readableJSON(styles) : StyleListText.text(styles), terminator: "")
      }
    }
  }

  struct Use: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "\(CommandName.styleUse.description.summary).")

    @OptionGroup var options: SocketOptions

    @Argument(help: "The style's name, as in jam style list.")
    var name: String

    @Flag(help: "At once instead of from the next phrase on.")
    var now = false

    func run() throws {
      try endingProperly { _ = try options.send(.styleUse(name: name, now: now)) }
    }
  }
}

package enum StyleListText {
  /// One line a style, with tabs between its columns and never inside them.
  package static func text(_ styles: [StyleEntry]) -> String {
    styles.map { style in
      let columns = [
        style.isInUse ? "*" : "", style.name, style.title, style.artist, "\(style.notes)", style.problem ?? "",
      ]
      return columns.map(inOneColumn).joined(separator: "\t") + "\n"
    }.joined()
  }

  private static func inOneColumn(_ text: String) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : $0 }))
  }
}
