// SPDX-License-Identifier: Apache-2.0
// Programs/jam, online: jam style list and jam style use.
import ArgumentParser
import ControlProtocol

struct StyleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "style", abstract: "List the styles, change the style, or mix several.",
    subcommands: [List.self, Use.self, Mix.self],
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
        show(json ? readableJSON(styles) : StyleListText.text(styles), terminator: "")
      }
    }
  }

  struct Use: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "\(CommandName.styleUse.description.summary).")

    @OptionGroup var options: SocketOptions

    @Argument(help: "The style's name, as in jam style list.", completion: .stylesInUse)
    var name: String

    @Flag(help: "At once instead of from the next phrase on.")
    var now = false

    func run() throws {
      try endingProperly { _ = try options.send(.styleUse(name: name, now: now)) }
    }
  }
}

/// A weight as it is written: "joplin=0.6".
struct NamedWeight: ExpressibleByArgument {
  let share: StyleShare

  init?(argument: String) {
    guard let equals = argument.lastIndex(of: "="), equals > argument.startIndex,
      let weight = Double(argument[argument.index(after: equals)...]), (0...1000).contains(weight)
    else { return nil }
    share = StyleShare(name: String(argument[..<equals]), weight: weight)
  }
}

/// A length of time as it is written: "8", "8s" or "500ms".
struct SecondsArgument: ExpressibleByArgument {
  let seconds: Double

  init?(argument: String) {
    let units: [(suffix: String, factor: Double)] = [("ms", 0.001), ("min", 60), ("s", 1), ("", 1)]
    guard let unit = units.first(where: { argument.hasSuffix($0.suffix) }),
      let number = Double(argument.dropLast(unit.suffix.count)), (0...3600).contains(number * unit.factor)
    else { return nil }
    seconds = number * unit.factor
  }
}

extension StyleCommand {
  struct Mix: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "\(CommandName.styleMix.description.summary).",
      discussion: """
        For example: jam style mix joplin=0.6 bach=0.3 me=0.1 --over 8s. Only the proportions matter. "me" is you, from \
        what you have played; without it you keep your share.
        """)

    @OptionGroup var options: SocketOptions

    @Argument(help: ArgumentHelp("A style, or me, and its weight.", valueName: "name=weight"), completion: .weights)
    var weights: [NamedWeight]

    @Option(help: ArgumentHelp("Take so long to get there, in a straight line.", valueName: "time"))
    var over: SecondsArgument?

    func validate() throws {
      let names = weights.map(\.share.name)
      if let twice = names.first(where: { name in names.count { $0 == name } > 1 }) {
        throw ValidationError("\(twice) is given twice")
      }
    }

    func run() throws {
      try endingProperly {
        _ = try options.send(.styleMix(weights: weights.map(\.share), over: over?.seconds ?? 0))
      }
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
      return columns.map(Printable.word).joined(separator: "\t") + "\n"
    }.joined()
  }
}
