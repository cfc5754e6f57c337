// SPDX-License-Identifier: Apache-2.0
// Core/Improviser: what is decided at the ends of phrases, of turns and before beats.
import Listening
import Music
import Responding

// MARK: The end of a phrase

extension Improviser {
  /// When the phrase in progress ends if nothing happens before: after the player's silence, and where the beat is known at
  /// the beat nearest to that, so that the answer begins on it; never outside the bounds that the settings set.
  private func phraseEnd(of listener: PhraseListener) -> Instant? {
    guard let expected = listener.deadline else { return nil }
    guard !band.mode.playsAlong, band.mode != .trade, let release = listener.lastRelease,
      let beat = band.grid(at: clock)
    else { return expected }
    let bounds = release + settings.segmenter.shortest...release + settings.segmenter.longest
    var onBeat = beat.nearest(Beats(1), to: expected + settings.lead) - settings.lead
    // Where the nearest beat comes too soon after the phrase, the next one.
    if onBeat < bounds.lowerBound { onBeat = onBeat + beat.tempo.beat }
    // Nearer than anybody hears: the player's own pace is the more exact.
    guard bounds.contains(onBeat), (onBeat - expected).nanoseconds.magnitude > 10_000_000 else { return expected }
    return onBeat
  }

  /// Of all players the one whose phrase ends first; of several the one who sat down first.
  var nextPhraseEnd: (number: Int, at: Instant)? {
    var first = phraseEnd(of: listener).map { (number: seats.current, at: $0) }
    for (number, seat) in seats.others {
      guard let end = phraseEnd(of: seat.listener) else { continue }
      if let known = first, (known.at, known.number) < (end, number) { continue }
      first = (number, end)
    }
    return first
  }

  mutating func endPhrase() {
    guard let call = listener.finish().map(inTime) else { return }
    learn(call)
    changeStyles()
    guard !band.isResting, !band.mode.playsAlong else { return }
    // In a trade the turn decides, as long as there is a beat to count it by.
    if band.mode == .trade, band.trade.change(beat: band.countedBeat(at: clock)) != nil {
      band.turnCall = call
      return
    }
    band.stopTrading()
    respond(to: call)
  }

  /// At the beat's own tempo, where that is known.
  private func inTime(_ call: Call) -> Call {
    guard let beat = band.grid(at: clock) else { return call }
    var call = call
    call.tempo = beat.tempo
    return call
  }

  private mutating func respond(to call: Call) {
    guard let grid else { return }
    let start = clock + settings.lead
    let onsets = call.phrase.notes.map(\.onset)
    let situation = band.situation(from: start, length: Beats(64), feelOf: onsets, at: clock)
    switch band.mode {
    case .imitate: play(responder.respond(Imitation(), to: call, in: situation, on: grid))
    case .transform:
      play(responder.respond(Variation(band.wishes.variation), to: call, in: situation, on: grid))
    case .answer, .morph, .trade, .accompany, .phraseMatch:
      play(responder.respond(Answer(), to: call, in: situation, on: grid))
    }
  }

  /// Of what has been played so far, or of the last call anew. Who plays along answers nothing, but ends a rest.
  mutating func answerNow() {
    guard !band.mode.playsAlong else {
      if !band.isResting { report(.answersNothing(band.mode)) }
      band.isResting = false
      return
    }
    band.isResting = false
    cancelAnswers()
    resumeOthers()
    if let call = listener.finish().map(inTime) {
      learn(call)
      changeStyles()
      respond(to: call)
    } else if let former = latest?.call {
      respond(to: former)
    }
  }
}

// MARK: The end of a turn

extension Improviser {
  /// Not before what has already happened: where the beat turned out to be faster, the next bar line that can be met.
  var turnChange: Instant? {
    let beat = band.countedBeat(at: clock)
    guard band.mode == .trade, !band.isResting, let change = band.trade.change(beat: beat) else { return nil }
    guard case .player = band.trade.turn, let beat else { return max(clock, change) }
    let soonest = clock + settings.lead
    if let stop = band.stop(at: clock), stop.entry < change { return max(stop.entry, soonest) }
    return change < soonest ? band.trade.barLine(from: soonest, beat: beat) : change
  }

  /// Early enough to compose what is played from the bar line on.
  var turnDecision: Instant? {
    guard let change = turnChange else { return nil }
    if case .player = band.trade.turn { return max(clock, change - Band.ahead) }
    return change
  }

  mutating func changeTurns() {
    guard let change = turnChange, let grid else { return }
    if let stop = band.stop(at: clock), stop.entry <= change { band.take(stop.kind, at: clock) }
    let beat = band.countedBeat(at: clock)
    let isOwn = band.trade.next(at: change, beat: beat, last: band.activity.last)
    if band.trade.line == nil { band.stopTrading() }
    guard isOwn, let beat, case .own(let end) = band.trade.turn else { return }
    band.count.settle(beat)
    if let call = listener.finish().map(inTime) {
      learn(call)
      band.turnCall = call
    }
    changeStyles()
    guard let call = band.turnCall else { return }
    band.turnCall = nil
    let length = (band.grid(at: clock)?.tempo ?? call.tempo).beats(in: end - change)
    let onsets = call.phrase.notes.map(\.onset)
    let situation = band.situation(from: change, length: length, feelOf: onsets, at: clock)
    play(responder.respond(Turn(length), to: call, in: situation, limit: length, on: grid))
  }
}

// MARK: A beat of playing along

extension Improviser {
  mutating func planBeat() {
    guard let coming = band.comingBeat(at: clock), let grid,
      var beat = band.beat(from: coming.start, coming.span, key: listener.key, at: clock)
    else { return }
    if beat.situation.harmony.isEmpty, let heard = listener.chord(at: clock) {
      beat.situation.harmony = [Positioned(position: .zero, value: heard)]
    }
    band.plannedUntil = coming.start + beat.tempo.duration(of: coming.span)
    if let known = band.grid(at: clock) { band.chart.follow(at: coming.start, known) }
    let playing = listener.playing(at: clock)
    band.activity.mean = PlayerActivity.Mean(density: playing.density, loudness: playing.loudness)
    var band = self.band
    let planned = responder.playAlong(beat, on: grid) { model, random in
      band.mode == .accompany
        ? band.comping.notes(on: beat, beside: band.activity, from: model, using: &random)
        : band.matching.notes(on: beat, beside: band.activity, from: model, using: &random)
    }
    self.band = band
    guard let planned else { return }
    let notes = self.band.fitting(planned.notes).filter { $0.onset >= clock }
    guard !notes.isEmpty else { return }
    report(.playedAlong(notes: notes, planned.generation, styles: responder.mix.names(at: clock)))
    for note in notes { actions.append(.play(note, planned.generation)) }
  }
}
