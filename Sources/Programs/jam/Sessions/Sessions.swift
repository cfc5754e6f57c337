// SPDX-License-Identifier: Apache-2.0
// Programs/jam, sessions: jam sessions list and jam sessions export.
import ArgumentParser
import Improviser
import Scores

struct Sessions: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List, export or replay what jamd has recorded.",
    subcommands: [List.self, Export.self, ReplaySession.self], defaultSubcommand: List.self)

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "List the sessions, the oldest first.",
      discussion: """
        One line a session, separated by tabs: ID, length in minutes and seconds, notes of yours, notes of jamd's, styles, \
        and "journal" while it is being played.
        """)

    @OptionGroup var folder: SessionFolderOptions

    func run() throws {
      try endingProperly {
        let sessions = folder.sessions
        let all = try sessions.all()
        for session in all { show(SessionText.line(session)) }
        if all.isEmpty { printError("no sessions are kept yet in \(sessions.folders.joined(separator: " or "))\n") }
      }
    }
  }

  struct Export: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Write a session to a MIDI file, also while it is being played.")

    @Argument(
      help: ArgumentHelp("As in jam sessions list, or the beginning of it; \"last\" is the latest.", valueName: "id"),
      completion: .sessions)
    var id: String

    @Option(
      name: .shortAndLong, help: ArgumentHelp("The MIDI file to write; otherwise ID.mid.", valueName: "file.mid"),
      completion: .file())
    var output: String?

    @OptionGroup var folder: SessionFolderOptions

    func run() throws {
      try endingProperly {
        let session = try folder.sessions.session(id)
        try Files.write(try SessionFiles.midi(session), to: output ?? "\(session.id).mid")
      }
    }
  }
}

package enum SessionText {
  /// One line with tabs between its columns.
  package static func line(_ session: SessionFiles.Session) -> String {
    do throws(FileFailure) {
      let take = try SessionFiles.take(session)
      let tracks = Dictionary(grouping: take.tracks) { Take.isAnswer($0.name) }
      let notes = { (ofJamd: Bool) in (tracks[ofJamd] ?? []).reduce(0) { $0 + $1.events.count(where: \.isNoteOn) } }
      let columns = [
        session.id, length(take), "\(notes(false))", "\(notes(true))", take.styles.joined(separator: ", "),
        session.isJournal ? "journal" : "",
      ]
      return columns.map(Printable.word).joined(separator: "\t")
    } catch {
      return "\(Printable.word(session.id))\t\t\t\t\t\(Printable.word("\(error)"))"
    }
  }

  private static func length(_ take: Take) -> String {
    let seconds = Int((take.tracks.compactMap { $0.events.last?.time }.max() ?? .zero) / .seconds(1))
    return "\(seconds / 60):\(String(seconds % 60 + 100).dropFirst())"
  }
}

extension Take {
  /// Names of the styles that its markers tell of, in order, each once.
  var styles: [String] {
    markers.compactMap { StyleChange($0)?.parts.map(\.name).joined(separator: "+") }
      .reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }
}

extension Take.Event {
  var isNoteOn: Bool { if case .noteOn = message.meaning { true } else { false } }
}
