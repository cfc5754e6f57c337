// SPDX-License-Identifier: Apache-2.0
// Core/Improviser: inputs and actions as entries of a session's journal.
import Music
import Scores

extension JournalEntry {
  /// Nil for commands, which are told by markers. `origin` is the instant at which the session began.
  public init?(_ input: Input, from origin: Instant) {
    switch input.event {
    case .midi(let message, let keyboard): self.init(input.at, from: origin, .heard(message, keyboard: keyboard.number))
    case .keyboardGone(let keyboard): self.init(input.at, from: origin, .gone(keyboard: keyboard.number))
    case .command: return nil
    }
  }

  /// What `action` leaves in the journal; `now` is the moment at which it was decided. Nil for reports that nobody will
  /// want to find again.
  public init?(_ action: Action, at now: Instant, from origin: Instant) {
    switch action {
    case .play(let note, _) where note.channel == .percussion: return nil
    case .play(let note, let generation):
      self.init(
        now, from: origin,
        .planned(
          pitch: note.pitch, velocity: note.velocity, onset: max(.zero, note.onset - origin), duration: note.duration,
          generation: generation.number, seat: note.channel.index))
    case .cancel(let generation, let instant): self.init(instant, from: origin, .cancelled(before: generation.number))
    case .report(.seated(let keyboard, let seat), let instant):
      self.init(instant, from: origin, .seated(keyboard: keyboard.number, seat: seat.index))
    case .report(let report, let instant):
      guard let text = report.marker else { return nil }
      self.init(instant, from: origin, .marker(text))
    }
  }

  public init(_ instant: Instant, from origin: Instant, _ event: Event) {
    self.init(time: max(.zero, instant - origin), event)
  }
}

extension Report {
  /// In words, for a take. Changes of style and panic are told by the command that asked for them.
  fileprivate var marker: String? {
    switch self {
    case .phraseEnded(let phrase, let tempo, let key):
      let beats = (tempo.beatsPerMinute * 10).rounded() / 10
      return "phrase: \(phrase.notes.count) notes, \(beats) bpm" + (key.map { ", \($0)" } ?? "")
    case .answered(let notes, _, let styles, let copied):
      return "answer: \(notes.count) notes, \(styles.joined(separator: "+"))"
        + (copied.map { "; \($0)" } ?? "")
    case .yielded: return "yield"
    case .modeChanged(let mode): return "now \(mode.rawValue)"
    case .controlLearned(let parameter, let controller): return "controller \(controller) is \(parameter.rawValue)"
    case .seated, .phraseBegan, .learned, .styleChanged, .mixed, .panicked, .playedAlong, .stopped, .answersNothing:
      return nil
    }
  }
}
