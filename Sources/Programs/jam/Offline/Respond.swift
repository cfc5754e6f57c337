// SPDX-License-Identifier: Apache-2.0
// Programs/jam, offline: jam respond.
import ArgumentParser
import Improviser
import Listening
import Music
import Scores

struct Respond: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Answer one call.",
    discussion: "The whole file is the call, whatever rests it has. The same call, style and seed give the same bytes.")

  @Argument(help: ArgumentHelp("The call.", valueName: "call.mid"))
  var call: String

  @Option(name: .shortAndLong, help: ArgumentHelp("The MIDI file to write.", valueName: "answer.mid"))
  var output: String

  @OptionGroup var session: SessionOptions

  @Flag(help: "Show the answer as a piano roll.")
  var show = false

  func run() throws {
    try endingProperly {
      let take = Take(try Files.readMIDI(call))
      let answer = try Answering.answer(to: take, try session.improviser(segmenter: Answering.wholeCall))
      guard let answer else { throw FileFailure.badData(path: call, reason: "there are no notes in it") }
      try Files.write(StandardMIDIFile(answer).encoded(), to: output)
      if show { print(PianoRoll.text(answer.notes)) }
    }
  }
}

/// One call and its answer, in virtual time.
package enum Answering {
  /// No rest ends the call; there is room to let the answer fall on the call's own grid.
  package static let wholeCall = SegmenterSettings(
    shortest: .seconds(3600), longest: .seconds(3610), capacity: 1 << 20)

  /// The answer from its first onset on, at the tempo that was heard; nil for a call without notes.
  package static func answer(to take: Take, _ improviser: Improviser) throws -> Piece? {
    var replay = Replay(improviser)
    replay.run(take.inputs)
    var tempo = Tempo.standard
    for (report, _) in replay.performance.reports {
      if case .phraseEnded(_, let heard, _) = report { tempo = heard }
    }
    guard let phrase = Phrase(replay.performance.played) else { return nil }
    let part = Part(name: Take.answerTrack, notes: phrase.notes(at: tempo))
    return Piece(title: "Answer", parts: [part], tempoMap: TempoMap(constant: tempo))
  }
}
