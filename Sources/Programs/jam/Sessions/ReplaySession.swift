// SPDX-License-Identifier: Apache-2.0
// Programs/jam, sessions: jam sessions replay.
import ArgumentParser
import Improviser
import Music
import Scores

struct ReplaySession: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay",
    abstract: "Play a session to jamd once more, in no time.",
    discussion: """
      With the styles and the seed of then, and the changes of style and the panics where they were. Says whether jamd \
      plays the same; it does if nothing was learned before the session, with the same settings and styles.
      """)

  @Argument(
    help: ArgumentHelp("As in jam sessions list, or the beginning of it; \"last\" is the latest.", valueName: "id"),
    completion: .sessions)
  var id: String

  @Option(
    name: .shortAndLong, help: ArgumentHelp("The MIDI file to write, with both.", valueName: "file.mid"),
    completion: .file())
  var output: String?

  @Option(help: ArgumentHelp("Answer in this style instead.", valueName: "name"), completion: .styles)
  var style: String?

  @Option(help: ArgumentHelp("With this seed instead.", valueName: "n"))
  var seed: UInt64?

  @Option(help: ArgumentHelp("The share of the player's own phrases in an answer, 0...1.", valueName: "share"))
  var playerWeight = Settings().playerWeight

  @OptionGroup var styles: StyleOptions
  @OptionGroup var folder: SessionFolderOptions

  func validate() throws {
    if !(0...1).contains(playerWeight) { throw ValidationError("--player-weight has to be 0...1") }
  }

  func run() throws {
    try endingProperly {
      let take = try SessionFiles.take(try folder.sessions.session(id))
      let improviser = Improviser(
        settings: Settings(playerWeight: playerWeight), styles: try style.map { [try styles.style(named: $0)] } ?? [],
        seed: seed ?? SessionReplay.seed(of: take) ?? 1)
      let changes = style == nil ? try SessionReplay.changes(of: take, style: styles.style(named:)) : []
      guard style != nil || !changes.isEmpty else {
        throw FileFailure.nothingFound("the session does not tell its style; name one with --style")
      }
      var replay = Replay(improviser)
      replay.run(SessionReplay.merged(take.inputs, changes))
      let outcome = SessionReplay.outcome(of: take, replay.performance.played)
      if let output { try Files.write(outcome.take.file.encoded(), to: output) }
      tell(outcome.words, besides: output)
    }
  }
}

package enum SessionReplay {
  /// The seed that the take's markers tell.
  package static func seed(of take: Take) -> UInt64? {
    take.markers.lazy.compactMap { marker in
      marker.text.hasPrefix("seed ") ? UInt64(marker.text.dropFirst("seed ".count)) : nil
    }.first
  }

  /// The changes of style that the take's markers tell, as inputs.
  package static func changes(
    of take: Take, style: (String) throws(FileFailure) -> WeightedStyle
  ) throws(FileFailure) -> [Input] {
    var changes: [Input] = []
    for marker in take.markers {
      guard let change = StyleChange(marker) else { continue }
      changes.append(Input(at: .zero + marker.time, .command(try change.command(style: style))))
    }
    return changes
  }

  /// In order of time; at one time a change comes first, as it does when a session begins.
  package static func merged(_ inputs: [Input], _ changes: [Input]) -> [Input] {
    (changes + inputs).enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }.map(\.element)
  }

  /// The players' tracks as they were and what jamd played now, and in words how that compares to what it played then.
  package static func outcome(of take: Take, _ played: [PlayedNote]) -> (take: Take, words: String) {
    // Answers to several players are on several tracks: what counts is what sounded.
    let tracks = take.tracks.filter { Take.isAnswer($0.name) }
    let then = tracks.flatMap(\.events)
    let channel = then.first?.message.channel ?? Channel(1) ?? .first
    let now = Take.Track(name: Take.answerTrack, notes: played, channel: channel) { $0 - .zero }
    let notes = (heard(then), heard(now.events))
    let same = zip(notes.0, notes.1).prefix { $0.time == $1.time && $0.message.data == $1.message.data }.count
    let isSame = same == notes.0.count && same == notes.1.count
    let words =
      isSame
      ? "jamd plays the same \(same) notes as then"
      : "jamd plays \(notes.1.count) notes, then it played \(notes.0.count); the first \(same) are the same"
    var outcome = take
    outcome.tracks = take.players + [now]
    return (outcome, words)
  }

  /// Onsets in order of time, those of one time from the lowest up.
  private static func heard(_ events: [Take.Event]) -> [Take.Event] {
    events.filter(\.isNoteOn).sorted { ($0.time, $0.message.data1) < ($1.time, $1.message.data1) }
  }
}

extension MIDIMessage {
  /// Without its channel.
  fileprivate var data: [UInt8] { [status & 0xF0, data1, data2] }
}
