// SPDX-License-Identifier: Apache-2.0
// Core/Music: values and units. A phrase as it was played.

/// What a player played between two silences. Never empty; notes in played order.
public struct Phrase: Hashable, Sendable {
  public let notes: [PlayedNote]

  /// Nil without notes. Sorts them: O(n log n).
  public init?(_ notes: [PlayedNote]) {
    guard !notes.isEmpty else { return nil }
    self.notes = notes.sorted(by: PlayedNote.inPlayedOrder)
  }

  public var start: Instant { notes[0].onset }

  /// The onset that came last.
  public var lastOnset: Instant { notes[notes.count - 1].onset }

  /// The moment after which nothing of the phrase sounds.
  public var end: Instant { notes.lazy.map(\.release).max() ?? start }

  /// The phrase in musical time at a constant `tempo`, beat 0 at its first onset.
  public func notes(at tempo: Tempo) -> [Note] {
    notes.map { note in
      Note(
        pitch: note.pitch, velocity: note.velocity, onset: tempo.beats(in: note.onset - start),
        duration: tempo.beats(in: note.duration))
    }
  }
}
