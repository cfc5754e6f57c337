// SPDX-License-Identifier: Apache-2.0
// Programs/jam, offline: how many bits MIDI files cost under a style.
import Improviser
import Music
import Style

/// Scores whole files by a style that learns nothing on the way.
package struct MIDIEvaluation {
  private let mixture: StyleMixture

  /// Nil never happens: the only weight is 1.
  package init?(_ style: Style) {
    guard let mixture = StyleMixture(parts: [(style: style, weight: 1)], playerWeight: 0) else { return nil }
    self.mixture = mixture
  }

  package func score(_ path: String) throws(FileFailure) -> MusicScore {
    let score = mixture.score(Piece(try Files.readMIDI(path)))
    guard score.events > 0 else { throw .badData(path: path, reason: "there are no notes in it") }
    return score
  }
}

package enum MIDIEvaluationText {
  /// Rhythm and pitch (of highest notes, then of those below) in bits a note; their sum is the file's.
  package static func text(_ name: String, _ score: MusicScore, _ seconds: Double) -> String {
    let parts = shares(score).map { "\($0.name) \(EvaluationText.rounded($0.bits, 4))" }.joined(separator: ", ")
    let whole = EvaluationText.rounded(score.bits / Double(score.notes), 4)
    return "\(name)\t\(whole) bits/note (\(parts)), \(score.notes) notes, \(EvaluationText.rounded(seconds, 2)) s"
  }

  package static func json(_ name: String, _ score: MusicScore, _ seconds: Double) -> String {
    let parts = shares(score).map { "\"\($0.name)_bits_per_note\": \(EvaluationText.rounded($0.bits, 6))" }
    let whole = EvaluationText.rounded(score.bits / Double(score.notes), 6)
    return "{\"file\": \(quoted(name)), \"bits_per_note\": \(whole), \(parts.joined(separator: ", ")), "
      + "\"notes\": \(score.notes), \"events\": \(score.events), \"seconds\": \(EvaluationText.rounded(seconds, 3))}"
  }

  private static func shares(_ score: MusicScore) -> [(name: String, bits: Double)] {
    let notes = Double(score.notes)
    return [("rhythm", score.rhythmBits / notes), ("pitch", (score.pitchBits + score.shapeBits) / notes)]
  }

  /// A JSON string.
  private static func quoted(_ text: String) -> String {
    text.unicodeScalars.reduce("\"") { quoted, scalar in
      switch scalar {
      case "\"", "\\": quoted + "\\\(scalar)"
      case _ where scalar.value < 0x20:
        quoted + "\\u00" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
      default: quoted + String(scalar)
      }
    } + "\""
  }
}
