// SPDX-License-Identifier: Apache-2.0
// Programs/jamd, THINKING: plays a call to jamd where nobody else does.
import Improviser
import Music

/// Plays a piece once, message by message, as if somebody had plugged in a keyboard. A value: it knows no clock.
package struct DemoPlayer {
  /// Its messages come from a keyboard of its own.
  package static let keyboard = Keyboard(.max)
  /// A real keyboard that is there shows itself within this time; then nothing is played.
  package static let patience = Duration.milliseconds(1500)

  package enum State: Hashable {
    case waiting(since: Instant?)
    case playing(since: Instant)
    case played
  }

  package private(set) var state = State.waiting(since: nil)
  /// What is played.
  package let call: [Note]
  private let script: [(at: Duration, message: MIDIMessage)]
  private var next = 0

  package init(_ piece: Piece) {
    call = piece.notes
    let messages = piece.notes.flatMap { note in
      [
        (at: piece.tempoMap.time(at: note.onset), message: MIDIMessage.noteOn(note.pitch, note.velocity)),
        (at: piece.tempoMap.time(at: note.end), message: MIDIMessage.noteOff(note.pitch)),
      ]
    }
    script = messages.enumerated().sorted { a, b in
      (a.element.at, Self.rank(a.element.message), a.offset) < (b.element.at, Self.rank(b.element.message), b.offset)
    }.map(\.element)
  }

  /// Releases before what is struck at the same moment.
  private static func rank(_ message: MIDIMessage) -> Int { message.status & 0xF0 == 0x80 ? 0 : 1 }

  /// What is due up to `now`, with the instants at which it was due. It begins when everything `isReady` and no keyboard
  /// has come for a while; one that comes before keeps it silent for good.
  package mutating func due(at now: Instant, isReady: Bool, hasKeyboard: Bool) -> [(MIDIMessage, Instant)] {
    switch state {
    case .waiting where hasKeyboard: state = .played
    case .waiting where !isReady: state = .waiting(since: nil)
    case .waiting(nil): state = .waiting(since: now)
    case .waiting(let since?) where now - since >= Self.patience: state = .playing(since: now)
    default: break
    }
    guard case .playing(let start) = state else { return [] }
    var due: [(MIDIMessage, Instant)] = []
    while next < script.count, start + script[next].at <= now {
      due.append((script[next].message, start + script[next].at))
      next += 1
    }
    if next == script.count { state = .played }
    return due
  }
}
