// SPDX-License-Identifier: Apache-2.0
// Programs/jam-bench: how long an answer takes at the end of a phrase.
import Improviser
import Music
import Style

/// Plays calls to the one improviser in virtual time and times the steps in which it learns and answers.
enum AnswerLatency {
  private static let tempo = Tempo(beat: .milliseconds(500)) ?? .standard

  static func figures(_ style: Style, notes: Int, _ extent: Extent) -> [Figure] {
    var (ahead, decided, unprepared): ([Quantiles], [Quantiles], [Quantiles]) = ([], [], [])
    for run in 0..<extent.runs {
      let prepared = session(style, seed: UInt64(run), calls: extent.answers, isAwakeAhead: true)
      ahead.append(prepared.ahead.quantiles())
      decided.append(prepared.decided.quantiles())
      let surprised = session(style, seed: UInt64(run), calls: extent.answers, isAwakeAhead: false)
      unprepared.append(surprised.decided.quantiles())
    }
    let name = "\(Extent.short(notes)) notes and live learning"
    return [
      .microseconds("answer, decision to actions, \(name)", decided),
      .microseconds("answer, composed ahead of it, \(name)", ahead),
      .microseconds("answer, decision to actions unprepared, \(name)", unprepared),
    ]
  }

  /// `isAwakeAhead`: steps at every deadline, as the daemon does, and not only when an answer is due.
  private static func session(
    _ style: Style, seed: UInt64, calls: Int, isAwakeAhead: Bool
  ) -> (ahead: Samples, decided: Samples) {
    var improviser = Improviser(styles: [WeightedStyle(name: "ragtime", style: style)], seed: seed)
    var ragtime = Ragtime(seed: Extent.seed &+ 3 &+ seed)
    var samples = (ahead: Samples(capacity: calls), decided: Samples(capacity: calls))
    var now = Instant.zero
    for _ in 0..<calls {
      for input in inputs(ragtime.call(bars: 4), from: now) {
        _ = improviser.step([input], at: input.at)
        now = input.at
      }
      while let deadline = improviser.nextDeadline {
        now = isAwakeAhead ? deadline : deadline + Improviser.preparation
        let (actions, time) = timed { improviser.step([], at: now) }
        if actions.contains(where: isAnswer) { samples.decided.add(time) } else { samples.ahead.add(time) }
      }
      now = now + .seconds(20)
    }
    return samples
  }

  private static func isAnswer(_ action: Action) -> Bool {
    if case .report(.answered, _) = action { true } else { false }
  }

  /// Key presses and releases, in order of time.
  private static func inputs(_ notes: [Note], from start: Instant) -> [Input] {
    let messages = notes.flatMap { note in
      [
        (start + tempo.duration(of: note.onset), MIDIMessage.noteOn(note.pitch, note.velocity)),
        (start + tempo.duration(of: note.end), MIDIMessage.noteOff(note.pitch)),
      ]
    }
    return messages.enumerated().sorted { ($0.element.0, $0.offset) < ($1.element.0, $1.offset) }
      .map { Input(at: $0.element.0, .midi($0.element.1, from: Keyboard(1))) }
  }
}
