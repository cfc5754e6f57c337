// SPDX-License-Identifier: Apache-2.0
// Tests of Core/Improviser: random playing.
import Improviser
import Music

enum Streams {
  /// Two keyboards played by somebody who now and then pauses; instants to the nanosecond, in order of time.
  static func playing(_ count: Int, _ random: inout RandomSource) -> [Input] {
    var now = Int64.random(in: 0...1_000_000_000, using: &random)
    var held: [[Int]] = [[], []]
    return (0..<count).map { index in
      now += Int64.random(in: 0...(index % 12 == 11 ? 4_000_000_000 : 300_000_000), using: &random)
      let player = Int.random(in: 0...1, using: &random)
      let keyboard = Keyboard(UInt32(player + 1))
      let isPress = held[player].isEmpty || (index % 12 < 8 && random.next() & 1 == 0)
      if isPress {
        let pitch = Int.random(in: 48...84, using: &random)
        held[player].append(pitch)
        return Input(at: Instant(nanoseconds: now), .midi(.noteOn(Pitch(clamping: pitch), .standard), from: keyboard))
      }
      let pitch = held[player].removeFirst()
      return Input(at: Instant(nanoseconds: now), .midi(.noteOff(Pitch(clamping: pitch)), from: keyboard))
    }
      + held.enumerated().flatMap { player, pitches in
        pitches.map { pitch in
          Input(
            at: Instant(nanoseconds: now + 1),
            .midi(.noteOff(Pitch(clamping: pitch)), from: Keyboard(UInt32(player + 1))))
        }
      }
  }

  /// What an improviser does when every input comes in its own step and every deadline is met.
  static func reference(_ inputs: [Input], _ improviser: Improviser) -> [Action] {
    var improviser = improviser
    var actions = inputs.flatMap { improviser.step([$0], at: $0.at) }
    while let deadline = improviser.nextDeadline { actions += improviser.step([], at: deadline) }
    return actions
  }
}

extension Action {
  /// The same, `offset` later.
  func moved(by offset: Duration) -> Action {
    func moved(_ note: PlayedNote) -> PlayedNote {
      var note = note
      note.onset = note.onset + offset
      return note
    }
    switch self {
    case .play(let note, let generation): return .play(moved(note), generation)
    case .cancel(let generation, let instant): return .cancel(before: generation, at: instant + offset)
    case .report(.phraseEnded(let phrase, let tempo, let key), let instant):
      let phrase = Phrase(phrase.notes.map(moved)) ?? phrase
      return .report(.phraseEnded(phrase, tempo: tempo, key: key), at: instant + offset)
    case .report(.answered(let notes, let generation, let styles, let copied), let instant):
      return .report(
        .answered(notes: notes.map(moved), generation, styles: styles, copied: copied), at: instant + offset)
    case .report(.playedAlong(let notes, let generation, let styles), let instant):
      return .report(.playedAlong(notes: notes.map(moved), generation, styles: styles), at: instant + offset)
    case .report(let report, let instant): return .report(report, at: instant + offset)
    }
  }
}
