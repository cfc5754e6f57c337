// SPDX-License-Identifier: Apache-2.0
// Programs/jam, offline: jam replay.
import ArgumentParser
import Improviser
import Music
import Scores

struct ReplayCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay",
    abstract: "Play a recorded take to jamd, in no time.",
    discussion: """
      Every track but one called "jamd" is a keyboard. The outcome is what a running jamd with the same style and seed \
      would have played along, on a track of its own.
      """)

  @Argument(help: ArgumentHelp("The take.", valueName: "take.mid"), completion: .midiFiles)
  var take: String

  @Option(
    name: .shortAndLong, help: ArgumentHelp("The MIDI file to write.", valueName: "session.mid"), completion: .file())
  var output: String

  @OptionGroup var session: SessionOptions

  func run() throws {
    try endingProperly {
      let take = Take(try Files.readMIDI(take))
      let improviser = try session.improviser()
      try Files.write(Replaying.session(of: take, improviser).file.encoded(), to: output)
    }
  }
}

package enum Replaying {
  /// The players' tracks as they were, and jamd's.
  package static func session(of take: Take, _ improviser: Improviser) -> Take {
    var replay = Replay(improviser)
    replay.run(take.released.inputs)
    let answers = Take.Track(name: Take.answerTrack, notes: replay.performance.played, channel: Channel(1) ?? .first) {
      $0 - .zero
    }
    var session = take
    session.tracks = take.players + [answers]
    return session
  }
}
