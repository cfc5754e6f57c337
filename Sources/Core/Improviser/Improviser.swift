// SPDX-License-Identifier: Apache-2.0
// Core/Improviser: the pure composition of listening, style and responding.
import Listening
import Music
import Responding
import Style

/// Listens, learns and answers. A value without a clock: inputs and the present come in, actions go out.
///
/// Decisions are made at their deadlines, never at the moment `step` happened to be called, and all instants lie on a grid
/// of 20 microseconds after the first input: calling `step` more or less often or in other batches, or replaying a take
/// that was recorded in such steps, gives the same actions. A message costs O(1), a microsecond or so. Learning a phrase
/// and composing its answer cost milliseconds, and are done `preparation` before they are due, so that the answer is not
/// late. Memory is bounded, whatever comes in.
public struct Improviser: Sendable {
  /// The step of the grid of all instants.
  public static let timeStep = Duration.nanoseconds(TimeGrid.step)
  /// So long before a decision it is prepared: some times what composing costs.
  public static let preparation = Duration.milliseconds(60)

  private let settings: Settings
  private var listener: PhraseListener
  private var responder: Responder
  /// Styles that wait for the end of the phrase.
  private var coming: [WeightedStyle]?
  private var latest: PlannedAnswer?
  private var grid: TimeGrid?
  /// The moment of the last thing that happened.
  private var clock = Instant.zero
  private var actions: [Action] = []
  /// What this improviser will be, and do, at its next decision if nothing happens before: one or none.
  private var prepared: [Improviser] = []

  public init(
    settings: Settings = Settings(), styles: [WeightedStyle] = [], seed: UInt64, player: PlayerModel = PlayerModel()
  ) {
    self.settings = settings
    listener = PhraseListener(settings.segmenter.anticipating(settings.lead))
    responder = Responder(settings, styles: styles, seed: seed, player: player)
  }

  /// Who takes part in answers from now on; a change that waits for the end of the phrase is not in it yet. O(1).
  public var mix: Mix { responder.mix }

  /// When `step` has to be called next even without an input: to prepare a decision, or to make it. O(1).
  public var nextDeadline: Instant? {
    guard let decision else { return nil }
    return prepared.isEmpty ? max(clock, decision - Self.preparation) : decision
  }

  /// When the phrase in progress ends if nothing happens before.
  private var decision: Instant? {
    guard let grid, let deadline = listener.deadline else { return nil }
    return max(clock, grid.next(deadline))
  }

  /// `instant` as an input at it will be counted: on the grid, and not before what has already happened. A recorder keeps
  /// this one.
  public func admitted(_ instant: Instant) -> Instant {
    guard let grid else { return TimeGrid(origin: instant).nearest(instant) }
    return max(clock, grid.nearest(instant))
  }

  /// Takes `inputs` in the order in which they came, and lets every deadline up to `now` pass.
  public mutating func step(_ inputs: [Input], at now: Instant) -> [Action] {
    for input in inputs {
      let instant = admitted(input.at)
      if grid == nil { grid = TimeGrid(origin: instant) }
      passDeadlines(upTo: instant)
      clock = instant
      take(input.event)
    }
    passDeadlines(upTo: now)
    prepare(at: now)
    defer { actions.removeAll(keepingCapacity: actions.capacity < 4096) }
    return actions
  }
}

// MARK: Time

extension Improviser {
  private mutating func passDeadlines(upTo limit: Instant) {
    while let decision, decision <= limit { decide(at: decision) }
  }

  private mutating func prepare(at now: Instant) {
    guard prepared.isEmpty, let decision, decision - Self.preparation <= now else { return }
    var future = self
    future.actions = []
    future.decide(at: decision)
    prepared = [future]
  }

  private mutating func decide(at decision: Instant) {
    if var future = prepared.popLast() {
      future.actions = actions + future.actions
      self = future
      return
    }
    clock = decision
    guard let call = listener.finish() else { return }
    learn(call)
    changeStyles()
    guard let grid else { return }
    play(responder.answer(call, from: clock + settings.lead, on: grid))
  }
}

// MARK: Inputs

extension Improviser {
  private mutating func take(_ event: Input.Event) {
    if event.canChangeADecision { prepared = [] }
    switch event {
    case .midi(let message, let keyboard): apply(listener.hear(message, from: keyboard, at: clock))
    case .keyboardGone(let keyboard): apply(listener.lose(keyboard, at: clock))
    case .command(.use(let styles, let moment)): use(styles, moment)
    case .command(.mix(let styles, let player, let length)): mix(styles, player: player, over: length)
    case .command(.panic): panic()
    case .command(.player(let model)): responder.player = model
    }
  }

  private mutating func apply(_ events: [PhraseListener.Event]) {
    for event in events {
      switch event {
      case .began(let isFirst):
        if isFirst { report(.phraseBegan) }
        yield()
      // The phrase is not over, so that nobody waits for an answer.
      case .outgrown(let call): learn(call)
      }
    }
  }

  private mutating func yield() {
    guard !settings.overlap, let answer = latest else { return }
    latest = nil
    guard answer.end > clock else { return }
    cancelAnswers()
    report(.yielded(answer.generation))
  }

  private mutating func panic() {
    listener.forget(at: clock)
    latest = nil
    cancelAnswers()
    report(.panicked)
  }

  private mutating func use(_ styles: [WeightedStyle], _ moment: Command.Moment) {
    coming = styles
    // Between phrases the boundary is here.
    if moment == .now || listener.isBetweenPhrases { changeStyles() }
    if moment == .now { goOnOtherwise() }
  }

  private mutating func mix(_ styles: [WeightedStyle], player: Double, over length: Duration) {
    coming = nil
    responder.move(to: styles, player: player, from: clock, over: length)
    report(.mixed(responder.mix.shares(at: clock + length), over: length))
    goOnOtherwise()
  }

  /// What is left of an answer that sounds is composed anew.
  private mutating func goOnOtherwise() {
    guard let former = latest, former.end > clock, let grid else { return }
    cancelAnswers()
    play(responder.goOn(from: former, until: clock, from: clock + settings.lead, on: grid))
  }
}

// MARK: Actions

extension Improviser {
  private mutating func report(_ report: Report) { actions.append(.report(report, at: clock)) }

  private mutating func learn(_ call: Call) {
    report(.phraseEnded(call.phrase, tempo: call.tempo, key: call.key))
    guard let total = responder.learn(call) else { return }
    report(.learned(notes: call.phrase.notes.count, total: total))
  }

  private mutating func changeStyles() {
    guard let coming else { return }
    responder.use(coming)
    self.coming = nil
    report(.styleChanged(responder.mix.names(at: clock)))
  }

  private mutating func play(_ answer: PlannedAnswer?) {
    latest = answer
    guard let answer else { return }
    report(.answered(notes: answer.notes, answer.generation, styles: responder.mix.names(at: clock)))
    for note in answer.notes { actions.append(.play(note, answer.generation)) }
  }

  /// Everything before the next answer.
  private mutating func cancelAnswers() { actions.append(.cancel(before: responder.next, at: clock)) }
}

extension Input.Event {
  fileprivate var canChangeADecision: Bool {
    guard case .midi(let message, _) = self else { return true }
    switch message.meaning {
    case .controlChange, .programChange, .other: return false
    case .noteOn, .noteOff, .sustain, .allNotesOff: return true
    }
  }
}
