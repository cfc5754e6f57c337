// SPDX-License-Identifier: Apache-2.0
// Core/Improviser: from messages to calls.
import Listening
import Music
import Responding

/// Hears every keyboard and says what was called: phrases, each with what the running estimates of tempo and key make of
/// it. A message costs O(1), the end of a phrase O(notes log notes).
struct PhraseListener: Sendable {
  enum Event {
    /// A note; `isFirst` of a phrase.
    case began(PlayedNote, isFirst: Bool)
    /// The older half of a phrase too long to be kept, which goes on.
    case outgrown(Call)
  }

  private var assembler = NoteAssembler()
  private var segmenter: PhraseSegmenter
  private var keyEstimate = KeyEstimate()
  private var tempo: Tempo?
  private var chords = ChordTracker()
  private var playing = PlayingFeatures()

  init(_ settings: SegmenterSettings) { segmenter = PhraseSegmenter(settings) }

  var isBetweenPhrases: Bool { segmenter.isEmpty }

  /// When the phrase in progress ends if nothing more is played.
  var deadline: Instant? { segmenter.deadline(isSilent: assembler.isSilent) }

  /// Of the phrase in progress.
  var lastRelease: Instant? { segmenter.lastRelease }

  /// The chord as it is heard at `now`; nil where none is.
  mutating func chord(at now: Instant) -> Chord? {
    chords.advance(to: now)
    return chords.chord
  }

  /// How the player plays just now, at `now`.
  func playing(at now: Instant) -> PlayingFeatures {
    var playing = playing
    playing.advance(to: now)
    return playing
  }

  /// The key as it is heard so far, the phrase in progress included. O(its notes).
  var key: Key? {
    var estimate = keyEstimate
    estimate.hear(segmenter.ended)
    return estimate.key
  }

  mutating func hear(_ message: MIDIMessage, from keyboard: Keyboard, at now: Instant) -> [Event] {
    events(assembler.hear(message, keyboard: keyboard.number, at: now))
  }

  mutating func lose(_ keyboard: Keyboard, at now: Instant) -> [Event] {
    events(assembler.lose(keyboard: keyboard.number, at: now))
  }

  /// Ends the phrase in progress.
  mutating func finish() -> Call? { segmenter.finish().map { call($0) } }

  /// Drops the phrase in progress and every held key.
  mutating func forget(at now: Instant) {
    _ = assembler.releaseAll(at: now)
    chords.reset()
    segmenter.forget()
  }

  private mutating func events(_ changes: [NoteAssembler.Change]) -> [Event] {
    changes.compactMap { change in
      switch change {
      case .began(let note):
        let isFirst = segmenter.isEmpty
        segmenter.began(note)
        chords.press(note.pitch, note.velocity, at: note.onset)
        playing.press(note.pitch, note.velocity, at: note.onset)
        return .began(note, isFirst: isFirst)
      case .ended(let note):
        chords.release(note.pitch, at: note.release)
        playing.release(note.pitch, at: note.release)
        return segmenter.ended(note).map { .outgrown(call($0)) }
      }
    }
  }

  private mutating func call(_ phrase: Phrase) -> Call {
    let heard = TempoEstimate.tempo(of: phrase.notes.map(\.onset), previous: tempo)
    tempo = heard
    keyEstimate.hear(phrase.notes)
    let features = PhraseFeatures(phrase)
    return Call(
      phrase: phrase, tempo: heard, key: keyEstimate.key, lowest: features.lowest, highest: features.highest,
      loudness: features.loudness, polyphony: features.polyphony, density: features.density)
  }
}
