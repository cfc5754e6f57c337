// SPDX-License-Identifier: Apache-2.0
// Core/Improviser: what is asked for beside the music.
import Music

extension Improviser {
  mutating func obey(_ command: Command) {
    switch command {
    case .use(let styles, let moment): use(styles, moment)
    case .mix(let styles, let player, let length): mix(styles, player: player, over: length)
    case .panic: panic()
    case .mode(let mode): change(mode)
    case .role(let role): band.change(role)
    case .bars(let bars): band.change(bars: bars)
    case .countIn(let isOn): band.change(countsIn: isOn)
    case .variation(let choice): band.change(choice)
    case .chart(let chart): band.change(chart)
    case .move(let parameter, let share): move(parameter, to: share)
    case .morph(let value, let duration): morph(to: value, over: duration)
    case .tap: band.tap(at: clock)
    case .clock(let state): follow(state)
    case .answer: answerNow()
    case .stop: stop()
    case .learn(let parameter): band.learn(parameter)
    case .controls(let assignments): band.assign(assignments)
    case .keys(let keys): band.change(music: keys)
    case .player(let model): responder.player = model
    case .keyboards(let use): change(use)
    case .playerAt(let keyboard, let model): give(model, to: keyboard)
    case .nothing: break
    }
  }

  private mutating func move(_ parameter: Parameter, to share: Double) {
    switch parameter {
    case .mode:
      let mode = Band.mode(at: share)
      if mode != band.mode { change(mode) }
    case .answer: if share >= 0.5 { answerNow() }
    case .stop: if share >= 0.5 { stop() }
    case .tap: if share >= 0.5 { band.tap(at: clock) }
    case .panic: if share >= 0.5 { panic() }
    case .morph: morph(to: share, over: .zero)
    case .role, .temperature, .order, .density, .length, .overlap: band.move(parameter, to: share)
    }
  }

  /// What sounds ends: by its generation, so that nothing hangs.
  private mutating func change(_ mode: PlayingMode) {
    silence()
    let former = band.playerShare
    band.change(mode)
    if band.playerShare != former { responder.move(player: band.playerShare, from: clock, over: .zero) }
    report(.modeChanged(mode))
  }

  mutating func silence() {
    latest = nil
    seats.changeOthers { $0.latest = nil }
    cancelAnswers()
  }

  private mutating func panic() {
    listener.forget(at: clock)
    let now = clock
    seats.changeOthers { $0.listener.forget(at: now) }
    band.startOver()
    silence()
    report(.panicked)
  }

  /// Who leads and stops has everybody stop; whoever plays on begins anew.
  private mutating func follow(_ state: ClockState) {
    let wasLed = band.beat.isLed
    band.beat.hear(state, at: clock)
    band.leadChart(at: clock)
    if wasLed, state == .stopped { stop() }
  }

  private mutating func stop() {
    band.rest()
    silence()
    report(.stopped)
  }

  private mutating func use(_ styles: [WeightedStyle], _ moment: Command.Moment) {
    coming = styles
    // Between phrases the boundary is here; who plays along changes with the next beat.
    if moment == .now || listener.isBetweenPhrases || band.mode.playsAlong { changeStyles() }
    if moment == .now { goOnOtherwise() }
  }

  private mutating func mix(_ styles: [WeightedStyle], player: Double, over length: Duration) {
    coming = nil
    responder.move(to: styles, player: player, from: clock, over: length)
    report(.mixed(responder.mix.shares(at: clock + length), over: length))
    goOnOtherwise()
  }

  /// Counts at once in the mode morph, and when it is chosen next. What sounds plays on.
  private mutating func morph(to share: Double, over length: Duration) {
    band.change(morph: share)
    guard let player = band.playerShare else { return }
    responder.move(player: player, from: clock, over: min(.seconds(86400), max(.zero, length)))
    if length > .zero { report(.mixed(responder.mix.shares(at: clock + length), over: length)) }
  }

  /// What is left of an answer that sounds is composed anew.
  private mutating func goOnOtherwise() {
    guard asksAModel, let former = latest, former.end > clock, let grid else { return }
    cancelAnswers()
    resumeOthers()
    play(
      responder.goOn(
        from: former, until: clock, from: clock + settings.lead, temperature: band.temperature, order: band.order,
        on: grid))
  }

  /// Whether an answer depends on the style.
  private var asksAModel: Bool { band.mode != .imitate && band.mode != .transform }
}
