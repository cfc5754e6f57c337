// SPDX-License-Identifier: Apache-2.0
// Programs/jam, offline: how many keys are found.
import Listening
import Music

/// Keys of pieces against their first key signature, by MIREX's score of key detection.
package struct KeyMeasurement {
  private let pieces: [(piece: Piece, key: Key)]

  /// Those that begin with a key signature; C major is left out, for that is also what programs write that know no key.
  package init(_ pieces: [Piece]) {
    self.pieces = pieces.compactMap { piece in
      guard let first = piece.keys.first, first.position == .zero, !piece.notes.isEmpty else { return nil }
      return first.value == Key(sharps: 0, mode: .major) ? nil : (piece, first.value)
    }
  }

  /// 1 for the key, 0.5 a fifth off, 0.3 for the relative, 0.2 for the parallel key (MIREX, Audio Key Detection).
  package static func score(_ heard: Key?, _ key: Key) -> Double {
    guard let heard else { return 0 }
    let up = heard.tonic.semitones(above: key.tonic)
    if heard.mode == key.mode { return up == 0 ? 1 : up == 5 || up == 7 ? 0.5 : 0 }
    return up == (key.mode == .major ? 9 : 3) ? 0.3 : up == 0 ? 0.2 : 0
  }

  package func text() -> String {
    var rows = [["", "right", "MIREX score"]]
    for (name, beats, hear) in [
      ("Krumhansl-Schmuckler, first 16 beats", 16.0, Self.classic), ("running, first 16 beats", 16, Self.running),
      ("Krumhansl-Schmuckler, whole piece", .infinity, Self.classic),
    ] {
      let heard = pieces.map { (hear(Self.notes(of: $0.piece, beats: beats)), $0.key) }
      func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(max(1, values.count)) }
      rows.append([
        name, ReportText.percent(mean(heard.map { $0 == $1 ? 1 : 0 })),
        ReportText.decimal(mean(heard.map(Self.score)), 3),
      ])
    }
    return "Keys of the signatures of \(pieces.count) scores, without C major\n" + ReportText.table(rows)
  }

  private static func classic(_ notes: [PlayedNote]) -> Key? { Baseline(notes).key }

  private static func running(_ notes: [PlayedNote]) -> Key? {
    var estimate = KeyEstimate()
    for note in notes { estimate.hear([note]) }
    return estimate.key
  }

  /// Those that begin in the first `beats` beats, as the score's tempo has them.
  private static func notes(of piece: Piece, beats: Double) -> [PlayedNote] {
    let notes = piece.notes
    return notes.filter { ($0.onset - notes[0].onset).count < beats }.map { note in
      let (start, end) = (piece.tempoMap.time(at: note.onset), piece.tempoMap.time(at: note.end))
      return PlayedNote(pitch: note.pitch, velocity: note.velocity, onset: .zero + start, duration: end - start)
    }
  }
}
