// SPDX-License-Identifier: Apache-2.0
// Core/Improviser: what the player does, and what that does to jamd's playing.
import Music
import Responding

extension Improviser {
  /// Controllers and keys that are commands are not heard as music.
  mutating func hear(_ message: MIDIMessage, from keyboard: Keyboard) {
    switch message.meaning {
    case .controlChange(let controller, let value):
      if let move = band.move(controller: controller, to: value) {
        if move.isLearned { report(.controlLearned(move.parameter, controller: controller)) }
        obey(.move(move.parameter, move.value))
      }
    case .noteOn(let pitch, _):
      if let command = band.wishes.controls.command(of: pitch) { return obey(command) }
    default: break
    }
    sit(at: keyboard)
    apply(listener.hear(message, from: keyboard, at: clock))
  }

  mutating func apply(_ events: [PhraseListener.Event]) {
    for event in events {
      switch event {
      case .began(let note, let isFirst):
        if isFirst { report(.phraseBegan) }
        giveWay()
        band.heard(note, isFirst: isFirst, at: clock)
      // The phrase is not over, so that nobody waits for an answer.
      case .outgrown(let call): learn(call)
      }
    }
  }

  /// An answer gives way to the player; in a trade only where the player plays into jamd's turn, not with a pick-up.
  private mutating func giveWay() {
    guard !band.overlap, let answer = latest else { return }
    if band.mode == .trade, case .own = band.trade.turn,
      !band.trade.isInterruption(at: clock, beat: band.countedBeat(at: clock))
    {
      return
    }
    latest = nil
    guard answer.end > clock else { return }
    cancelAnswers()
    resumeOthers()
    report(.yielded(answer.generation))
  }

  mutating func report(_ report: Report) { actions.append(.report(report, at: clock)) }

  mutating func learn(_ call: Call) {
    report(.phraseEnded(call.phrase, tempo: call.tempo, key: call.key))
    let notes = band.straightened(call, at: clock)
    guard let total = responder.learn(notes, in: call.key) else { return }
    report(.learned(notes: notes, total: total))
  }

  mutating func changeStyles() {
    guard let coming else { return }
    responder.use(coming, player: band.playerShare)
    self.coming = nil
    report(.styleChanged(responder.mix.names(at: clock)))
  }

  mutating func play(_ answer: PlannedAnswer?) {
    latest = answer
    guard var answer else { return }
    for index in answer.notes.indices { answer.notes[index].channel = channel }
    latest = answer
    let styles = responder.mix.names(at: clock)
    report(.answered(notes: answer.notes, answer.generation, styles: styles, copied: answer.copied))
    for note in answer.notes { actions.append(.play(note, answer.generation)) }
  }

  /// What is played to the current player: the channel after the answers' by so many.
  var channel: Channel { Channel(statusByte: UInt8(seats.current)) }

  /// Everything before the next answer.
  mutating func cancelAnswers() { actions.append(.cancel(before: responder.next, at: clock)) }
}
