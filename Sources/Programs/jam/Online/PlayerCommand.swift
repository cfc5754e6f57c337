// SPDX-License-Identifier: Apache-2.0
// Programs/jam, online: jam player.
import ArgumentParser
import ControlProtocol
import FoundationEssentials
import Style

struct PlayerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "player", abstract: "Say who plays; list the players, or make one a style.",
    discussion: "jam player NAME is short for jam player use NAME, and jam player alone for jam player list.",
    subcommands: [List.self, Use.self, Export.self], defaultSubcommand: Use.self)

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "\(CommandName.playerList.description.summary).",
      discussion: "One line a player, separated by tabs: \"*\" for who plays now, name, and how many notes are kept.")

    @OptionGroup var options: SocketOptions

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
      try endingProperly {
        guard case .players(let players) = try options.send(.playerList) else { return }
        show(json ? readableJSON(players) : PlayerListText.text(players), terminator: "")
      }
    }
  }

  struct Use: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "\(CommandName.playerUse.description.summary).")

    @OptionGroup var options: SocketOptions

    @Argument(help: "The player's name; a new one begins with nothing.", completion: .players)
    var name: String?

    func run() throws {
      try endingProperly {
        if let name {
          _ = try options.send(.playerUse(name: name))
        } else if case .players(let players) = try options.send(.playerList) {
          show(PlayerListText.text(players), terminator: "")
        }
      }
    }
  }

  struct Export: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Make a style of what a player has played.",
      discussion: "It holds how often what followed what, not what was played. Needs no running jamd.")

    @Argument(help: "The player's name, or his file.", completion: .players)
    var name: String

    @Option(
      name: .shortAndLong, help: ArgumentHelp("The style file to write.", valueName: "name.style"), completion: .file())
    var output: String

    @Option(help: "What the style is called; otherwise the player's name.")
    var title: String?

    @Option(
      help: ArgumentHelp("Look for players here. Otherwise in yours, then in the system's.", valueName: "dir"),
      completion: .directory)
    var folder: String?

    func run() throws {
      try endingProperly {
        let folders =
          folder.map { [$0] }
          ?? StatePath.candidates(environment: ProcessInfo.processInfo.environment)
          .map(StatePath.players)
        let memory = try PlayerFiles.memory(of: name, folders: folders)
        let information = StyleInformation(
          title: title ?? StyleSearch.fileName(of: name).replacing(".player", with: ""), sources: ["player"])
        try Files.write(memory.style(information).encoded(), to: output)
      }
    }
  }
}

package enum PlayerListText {
  /// One line a player, with tabs between its columns.
  package static func text(_ players: [PlayerEntry]) -> String {
    players.map { "\($0.isInUse ? "*" : "")\t\(Printable.word($0.name))\t\($0.notes)\n" }.joined()
  }
}

package enum PlayerFiles {
  /// `name` itself where it is a path, else the first folder that has it.
  package static func memory(of name: String, folders: [String]) throws(FileFailure) -> PlayerMemory {
    let paths = name.contains("/") ? [name] : folders.map { "\($0)/\(name).player" }
    guard let path = paths.first(where: FileManager.default.fileExists(atPath:)) else {
      throw .nothingFound("nothing is kept of a player \"\(name)\" in \(folders.joined(separator: ", "))")
    }
    let bytes = try Files.read(path)
    do throws(PlayerFileError) {
      return try PlayerMemory(decoding: bytes)
    } catch {
      throw .badData(path: path, reason: error.description)
    }
  }
}
