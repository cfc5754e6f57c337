// SPDX-License-Identifier: Apache-2.0
// Programs/jam, offline: jam respond.
import ArgumentParser
import FoundationEssentials
import Improviser
import Listening
import Music
import Scores

struct Respond: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Answer one call.",
    discussion: "The whole file is the call, whatever rests it has. The same call, style and seed give the same bytes.")

  @Argument(help: ArgumentHelp("The call.", valueName: "call.mid"), completion: .midiFiles)
  var call: String

  @Option(
    name: .shortAndLong, help: ArgumentHelp("The MIDI file to write.", valueName: "answer.mid"), completion: .file())
  var output: String

  @OptionGroup var session: SessionOptions

  @Flag(help: "Show the answer as a piano roll.")
  var show = false

  @Flag(help: "Tell about the answer as one JSON object.")
  var json = false

  func run() throws {
    try endingProperly {
      let take = Take(try Files.readMIDI(call))
      let answer = Answering.response(to: take, try session.improviser(segmenter: Answering.wholeCall))
      guard let answer else { throw FileFailure.badData(path: call, reason: "there are no notes in it") }
      try Files.write(StandardMIDIFile(answer.piece).encoded(), to: output)
      if show { tell(PianoRoll.text(answer.piece.notes), besides: output) }
      if json {
        tell(try answer.json(), besides: output)
      } else if let copied = answer.copied {
        tell("\(copied)", besides: output)
      }
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
    response(to: take, improviser)?.piece
  }

  /// The same, with what is told about it.
  package static func response(to take: Take, _ improviser: Improviser) -> OfflineAnswer? {
    var replay = Replay(improviser)
    replay.run(take.released.inputs)
    var answer = OfflineAnswer()
    for (report, _) in replay.performance.reports {
      switch report {
      case .phraseEnded(_, let tempo, let key): (answer.tempo, answer.key) = (tempo, key)
      case .answered(_, _, _, let copied): answer.copied = copied
      default: break
      }
    }
    guard let phrase = Phrase(replay.performance.played) else { return nil }
    answer.notes = phrase.notes(at: answer.tempo)
    return answer
  }
}

/// An answer that nobody heard.
package struct OfflineAnswer {
  package var notes: [Note] = []
  /// What was heard in the call.
  package var tempo = Tempo.standard
  package var key: Key?
  package var copied: CopiedEvents?

  package var piece: Piece {
    Piece(
      title: "Answer", parts: [Part(name: Take.answerTrack, notes: notes)], tempoMap: TempoMap(constant: tempo))
  }

  private struct Fields: Encodable {
    var notes: Int
    var beats: Double
    var tempo: Double
    var key: String?
    var copied: Int
    var copiedFrom: String?
  }

  package func json() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    let beats = ((notes.map(\.end).max() ?? .zero).count * 1000).rounded() / 1000
    let fields = Fields(
      notes: notes.count, beats: beats, tempo: (tempo.beatsPerMinute * 100).rounded() / 100, key: key?.description,
      copied: copied?.count ?? 0, copiedFrom: copied?.style)
    return String(decoding: try encoder.encode(fields), as: UTF8.self)
  }
}
