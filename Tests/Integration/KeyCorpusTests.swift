// SPDX-License-Identifier: Apache-2.0
// Integration tests: the key of music that people wrote.
import Foundation
import Listening
import Music
import Scores
import Testing

/// The corpora lie beside the package; where they do not, the suite is skipped.
private let corpora = URL(filePath: #filePath).deletingLastPathComponent()
  .appending(path: "../../../shared/corpora").standardizedFileURL

@Suite(
  "The key of the corpora's pieces",
  .enabled(if: FileManager.default.fileExists(atPath: corpora.path), "no ../shared/corpora beside the package"))
struct KeyCorpusTests {
  /// Pieces that begin with a key signature; C major is left out, for that is also what programs write that know no key.
  private static func pieces() -> [(piece: Piece, key: Key)] {
    let files = FileManager.default.enumerator(at: corpora, includingPropertiesForKeys: nil)?
      .compactMap { $0 as? URL }.filter { $0.pathExtension == "mid" }.sorted { $0.path < $1.path }
    return (files ?? []).compactMap { file in
      guard let parsed = try? StandardMIDIFile(parsing: [UInt8](Data(contentsOf: file))) else { return nil }
      let piece = Piece(parsed)
      guard let first = piece.keys.first, first.position == .zero, !piece.notes.isEmpty else { return nil }
      return first.value == Key(sharps: 0, mode: .major) ? nil : (piece, first.value)
    }
  }

  private static func key(of piece: Piece, beats: Beats) -> Key? {
    var estimate = KeyEstimate()
    let notes = piece.notes
    for note in notes where note.onset < notes[0].onset + beats {
      let (start, end) = (piece.tempoMap.time(at: note.onset), piece.tempoMap.time(at: note.end))
      estimate.hear([
        PlayedNote(pitch: note.pitch, velocity: note.velocity, onset: .zero + start, duration: end - start)
      ])
    }
    return estimate.key
  }

  /// MIREX Audio Key Detection: 1 for the key, 0.5 a fifth off, 0.3 for the relative, 0.2 for the parallel key.
  private static func score(_ heard: Key?, _ key: Key) -> Double {
    guard let heard else { return 0 }
    let up = heard.tonic.semitones(above: key.tonic)
    if heard.mode == key.mode { return up == 0 ? 1 : up == 5 || up == 7 ? 0.5 : 0 }
    return up == (key.mode == .major ? 9 : 3) ? 0.3 : up == 0 ? 0.2 : 0
  }

  @Test("heard note by note, the first sixteen beats score at least 0.80")
  func scores() {
    let scores = Self.pieces().map { Self.score(Self.key(of: $0.piece, beats: Beats(16)), $0.key) }
    #expect(scores.count > 50)
    #expect(scores.reduce(0, +) / Double(max(1, scores.count)) >= 0.80)
  }
}
