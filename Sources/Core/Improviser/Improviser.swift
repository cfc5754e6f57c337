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
public struct Improviser {
  /// The step of the grid of all instants.
  public static let timeStep = Duration.nanoseconds(TimeGrid.step)

  /// So long before a decision it is prepared: some times what composing costs.
  public static let preparation = Duration.milliseconds(60)

  /// An answer that has been decided on.
  private struct Answering {
    var generation: Generation
    var call: Call
    var notes: [PlayedNote]
    var end: Instant
  }

  private let settings: Settings
  private let seed: UInt64
  private var styles: [WeightedStyle]
  private var coming: [WeightedStyle]?
  private var player: PlayerModel
  private var assembler = NoteAssembler()
  private var segmenter: PhraseSegmenter
  private var keyEstimate = KeyEstimate()
  private var tempo: Tempo?
  private var answers: UInt32 = 0
  private var latest: Answering?
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
    self.styles = styles
    self.seed = seed
    self.player = player
    segmenter = PhraseSegmenter(settings.segmenter.anticipating(settings.lead))
  }

  /// When `step` has to be called next even without an input: to prepare a decision, or to make it. O(1).
  public var nextDeadline: Instant? {
    guard let decision else { return nil }
    return prepared.isEmpty ? max(clock, decision - Self.preparation) : decision
  }

  /// When the phrase in progress ends if nothing happens before.
  private var decision: Instant? {
    guard let grid, let deadline = segmenter.deadline(isSilent: assembler.isSilent) else { return nil }
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
    defer { actions.removeAll(keepingCapacity: actions.capacity < 4096) }
    return actions
  }

  private mutating func passDeadlines(upTo limit: Instant) {
    while let decision, decision <= limit { decide(at: decision) }
    guard prepared.isEmpty, let decision, decision - Self.preparation <= limit else { return }
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
    if let phrase = segmenter.finish() { decide(phrase) }
  }

  private mutating func report(_ report: Report) { actions.append(.report(report, at: clock)) }
}

// MARK: Inputs

extension Improviser {
  private mutating func take(_ event: Input.Event) {
    if event.canChangeADecision { prepared = [] }
    switch event {
    case .midi(let message, let keyboard): apply(assembler.hear(message, keyboard: keyboard.number, at: clock))
    case .keyboardGone(let keyboard): apply(assembler.lose(keyboard: keyboard.number, at: clock))
    case .command(.use(let styles, let moment)): use(styles, moment)
    case .command(.panic): panic()
    }
  }

  private mutating func apply(_ changes: [NoteAssembler.Change]) {
    for change in changes {
      switch change {
      case .began(let note): began(note)
      // The phrase is not over, so that nobody waits for an answer.
      case .ended(let note): if let older = segmenter.ended(note) { _ = hear(older) }
      }
    }
  }

  private mutating func began(_ note: PlayedNote) {
    if segmenter.isEmpty { report(.phraseBegan) }
    segmenter.began(note)
    guard !settings.overlap, let answer = latest else { return }
    latest = nil
    guard answer.end > clock else { return }
    cancelAnswers()
    report(.yielded(answer.generation))
  }

  private mutating func panic() {
    _ = assembler.releaseAll(at: clock)
    segmenter.forget()
    latest = nil
    cancelAnswers()
    report(.panicked)
  }

  private mutating func use(_ styles: [WeightedStyle], _ moment: Command.Moment) {
    coming = styles
    switch moment {
    case .now:
      changeStyles()
      answerAnew()
    // Between phrases the boundary is here.
    case .nextPhrase: if segmenter.isEmpty { changeStyles() }
    }
  }

  private mutating func changeStyles() {
    guard let coming else { return }
    styles = coming
    self.coming = nil
    report(.styleChanged(styles.map(\.name)))
  }

  /// Everything before the next answer.
  private mutating func cancelAnswers() { actions.append(.cancel(before: Generation(answers + 1), at: clock)) }
}

// MARK: Phrase and answer

extension Improviser {
  private mutating func decide(_ phrase: Phrase) {
    let call = hear(phrase)
    changeStyles()
    let start = clock + settings.lead
    answer(call, Answer().request(for: call, startingAt: start, temperature: settings.temperature), start)
  }

  private mutating func hear(_ phrase: Phrase) -> Call {
    let tempo = TempoEstimate.tempo(of: phrase.notes.map(\.onset), previous: tempo)
    self.tempo = tempo
    keyEstimate.hear(phrase.notes)
    let features = PhraseFeatures(phrase)
    let call = Call(
      phrase: phrase, tempo: tempo, key: keyEstimate.key, lowest: features.lowest, highest: features.highest,
      loudness: features.loudness, polyphony: features.polyphony, density: features.density)
    report(.phraseEnded(phrase, tempo: tempo, key: call.key))
    if settings.playerWeight > 0 {
      player.learn(phrase.notes(at: tempo), key: call.key)
      report(.learned(notes: phrase.notes.count, total: player.notesLearned))
    }
    return call
  }

  private mutating func answer(_ call: Call, _ request: ContinuationRequest, _ start: Instant) {
    guard let mixture, let grid else { return }
    answers += 1
    let generation = Generation(answers)
    var random = RandomSource(seed: seed, stream: UInt64(answers))
    let notes = Answer().notes(for: request, from: MixtureModel(mixture: mixture, player: player), using: &random)
    let played = Answer().render(notes, from: start, tempo: call.tempo).compactMap { $0.on(grid) }
    guard let end = played.map(\.release).max() else { return }
    latest = Answering(generation: generation, call: call, notes: played, end: end)
    report(.answered(notes: played, generation, styles: styles.map(\.name)))
    for note in played { actions.append(.play(note, generation)) }
  }

  /// The player's share is of the whole, whatever the styles' weights add up to. Nil when nobody has a share.
  private var mixture: StyleMixture? {
    let parts = styles.filter { $0.weight.isFinite && $0.weight > 0 }
    let sum = parts.reduce(0) { $0 + $1.weight }
    let rest = 1 - settings.playerWeight
    return StyleMixture(
      parts: parts.map { ($0.style, $0.weight / sum * rest) }, playerWeight: settings.playerWeight)
  }

  /// In the new style, for what was left of the answer that sounds.
  private mutating func answerAnew() {
    guard let former = latest, former.end > clock else { return }
    cancelAnswers()
    let start = clock + settings.lead
    let begun = former.notes.filter { $0.onset < clock }
    let request = Answer().request(
      for: former.call, goingOnFrom: begun, at: start, temperature: settings.temperature)
    answer(former.call, request, start)
  }
}

/// The styles in use and the player's own model, as one.
private struct MixtureModel: ContinuationModel {
  let mixture: StyleMixture
  let player: PlayerModel

  func continuation(of request: ContinuationRequest, using random: inout RandomSource) -> [Note] {
    mixture.continuation(of: request, player: player, using: &random)
  }
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

extension PlayedNote {
  /// Nil when nothing of it would be left.
  fileprivate func on(_ grid: TimeGrid) -> PlayedNote? {
    var note = self
    note.onset = grid.nearest(onset)
    note.duration = grid.nearest(release) - note.onset
    return note.duration > .zero ? note : nil
  }
}
