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
  /// Nothing is prepared so soon after what the player did.
  private static let pause = Duration.milliseconds(100)
  /// `preparation` where composing costs more: it changes when answers are composed, not what they are.
  public var preparation = Improviser.preparation

  let settings: Settings
  var listener: PhraseListener
  var responder: Responder
  var band: Band
  /// Styles that wait for the end of the phrase.
  var coming: [WeightedStyle]?
  var latest: PlannedAnswer?
  var seats: Seats
  private(set) var grid: TimeGrid?
  /// The moment of the last thing that happened.
  private(set) var clock = Instant.zero
  private var lastInput = Instant.zero
  var actions: [Action] = []
  /// What this improviser will be, and do, at its next decision if nothing happens before: one or none.
  private var prepared: [Improviser] = []

  public init(
    settings: Settings = Settings(), styles: [WeightedStyle] = [], seed: UInt64, player: PlayerModel = PlayerModel()
  ) {
    self.settings = settings
    band = Band(settings)
    seats = Seats(settings.playing.keyboards)
    listener = PhraseListener(settings.segmenter.anticipating(settings.lead))
    responder = Responder(settings, styles: styles, seed: seed, player: player)
    if let share = band.playerShare { responder.move(player: share, from: .zero, over: .zero) }
  }

  /// Who takes part in answers from now on; a change that waits for the end of the phrase is not in it yet. O(1).
  public var mix: Mix { responder.mix }

  /// When `step` has to be called next even without an input: to prepare a decision, or to make it. O(1).
  public var nextDeadline: Instant? {
    guard let decision else { return nil }
    guard decision.kind == .phraseEnd, prepared.isEmpty else { return decision.at }
    return preparation(of: decision.at)
  }

  /// When `step` had better be called: at `nextDeadline`, or before it to catch up with time, so that the next key has the
  /// less to do. Nothing else changes by that. O(1).
  public var nextStep: Instant? {
    guard let deadline = nextDeadline, let catchUp = band.beat.nextCatchUp else {
      return nextDeadline ?? band.beat.nextCatchUp
    }
    return min(deadline, catchUp)
  }

  /// What wheels, pedals, knobs and keys outside the music's do.
  public var controls: ControlMap { band.wishes.controls }

  /// The beat as it is known at `now`, from whoever gives it; nil where it is not sure enough. As long as no metre is heard
  /// bars are counted from the player's first onset.
  public func beat(at now: Instant) -> BeatGrid? { band.barredGrid(at: now) }

  /// Whether that beat is the player's taps.
  public func isTapped(at now: Instant) -> Bool { !band.beat.isLed && band.isTold(at: now) }

  /// The way of playing.
  public var mode: PlayingMode { band.mode }

  /// What was set of the way of playing since the beginning, or then.
  public var wishes: Wishes { Wishes(band) }

  /// Told to be silent until the next phrase begins.
  public var isResting: Bool { band.isResting }

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
      (clock, lastInput) = (instant, instant)
      take(input.event)
    }
    passDeadlines(upTo: now)
    band.beat.catchUp(to: now)
    prepare(at: now)
    defer { actions.removeAll(keepingCapacity: actions.capacity < 4096) }
    return actions
  }
}

// MARK: Time

extension Improviser {
  /// What has to be decided at a moment of its own; of several at one moment the first comes first.
  enum Decision: Int, Comparable {
    case onset, phraseEnd, turn, beat, stick

    static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
  }

  /// The next one if nothing happens before.
  private var decision: (kind: Decision, at: Instant)? {
    guard let grid else { return nil }
    let candidates: [(kind: Decision, at: Instant?)] = [
      (.onset, band.beat.completion), (.phraseEnd, nextPhraseEnd?.at), (.turn, turnDecision),
      (.beat, band.comingBeat(at: clock)?.decision), (.stick, stickDecision),
    ]
    let known = candidates.compactMap { kind, at in at.map { (kind: kind, at: max(clock, grid.next($0))) } }
    return known.min { ($0.at, $0.kind) < ($1.at, $1.kind) }
  }

  private mutating func passDeadlines(upTo limit: Instant) {
    while let decision, decision.at <= limit { decide(decision.kind, at: decision.at) }
  }

  /// When a decision is prepared. Not while keys follow each other: each would have everything composed anew.
  private func preparation(of decision: Instant) -> Instant {
    min(decision, max(decision - preparation, lastInput + Self.pause))
  }

  private mutating func prepare(at now: Instant) {
    guard prepared.isEmpty, let decision, decision.kind == .phraseEnd, preparation(of: decision.at) <= now else {
      return
    }
    var future = self
    future.actions = []
    future.decide(decision.kind, at: decision.at)
    prepared = [future]
  }

  private mutating func decide(_ kind: Decision, at decision: Instant) {
    // The beat may have moved it since it was prepared.
    if kind == .phraseEnd, var future = prepared.popLast(), future.clock == decision {
      future.actions = actions + future.actions
      self = future
      return
    }
    prepared = []
    clock = decision
    switch kind {
    // At the end of time the grid's instant is before the onset's own.
    case .onset: band.advance(to: max(clock, band.beat.completion ?? clock))
    case .phraseEnd:
      if let number = nextPhraseEnd?.number { sit(at: number) }
      endPhrase()
    case .turn: changeTurns()
    case .beat: planBeat()
    case .stick: countIn()
    }
  }
}

// MARK: Inputs

extension Improviser {
  private mutating func take(_ event: Input.Event) {
    if event.canChangeADecision {
      prepared = []
      band.advance(to: clock)
    }
    switch event {
    case .midi(let message, let keyboard): hear(message, from: keyboard)
    case .keyboardGone(let keyboard):
      if seats.number(of: keyboard) != nil { sit(at: keyboard) }
      apply(listener.lose(keyboard, at: clock))
      seats.leave(keyboard)
    case .command(let command): obey(command)
    }
  }
}

extension Input.Event {
  fileprivate var canChangeADecision: Bool {
    guard case .midi(let message, _) = self else { return true }
    switch message.meaning {
    case .programChange, .other: return false
    case .noteOn, .noteOff, .sustain, .allNotesOff, .controlChange: return true
    }
  }
}
