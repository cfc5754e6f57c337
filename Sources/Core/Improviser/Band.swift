// SPDX-License-Identifier: Apache-2.0
// Core/Improviser: what playing together needs to know beside the phrases.
import Listening
import Music
import Responding
import Scores
import Style

/// The beat, the harmony, the turns and the wishes, as they are now. What it costs is bounded, whatever comes in.
struct Band: Sendable {
  /// A beat longer than this is planned in halves.
  private static let slow = Duration.milliseconds(700)
  /// A beat of playing along is decided on so long before it comes: some times what composing it costs.
  static let ahead = Duration.milliseconds(60)
  /// Playing along ends when the player has been silent for so many bars, and for so long.
  private static let patience = (bars: 2.0, least: Duration.seconds(4))

  private(set) var wishes: PlayingSettings
  var overlap: Bool
  var temperature: Double
  var order: Int
  var beat = BeatListener()
  /// The beat through the latest onsets, and the beat as it was told that this was made of.
  private var fit: (told: BeatGrid, fitted: BeatFit)?
  /// The beat is the player's taps as long as it hangs on the last of them.
  private var lastTap: Instant?
  var activity = PlayerActivity()
  var trade: Trade
  var comping = Comping()
  var matching = PhraseMatch()
  var chart: ChartFollower
  /// The first onset since the player's last long silence.
  private(set) var began: Instant?
  /// The beat of it, and the tempo in which that is counted.
  var firstBar: (beat: Double, tempo: Tempo)?
  /// Told to be silent until the next phrase.
  var isResting = false
  /// How the trade is counted.
  var count = TurnCount()
  /// The latest stick of counting in.
  var countedUntil: Instant?
  /// Playing along is planned until this beat.
  var plannedUntil: Instant?
  /// Notes of playing along that are planned to sound beyond their beat.
  private var ringing: [PlayedNote] = []
  /// The last call of the player's turn.
  var turnCall: Call?

  init(_ settings: Settings) {
    wishes = settings.playing
    overlap = settings.overlap
    temperature = settings.temperature
    order = settings.order
    trade = Trade(bars: settings.playing.bars)
    chart = ChartFollower(settings.playing.chart)
  }

  var mode: PlayingMode { wishes.mode }

  /// The player's share in what is composed; nil: the settings'.
  var playerShare: Double? { mode == .morph ? wishes.morph : nil }
}

// MARK: Hearing

extension Band {
  mutating func heard(_ note: PlayedNote, isFirst: Bool, at now: Instant) {
    if isFirst { isResting = false }
    let pause = activity.last.map { now - $0 }
    if pause.map({ $0 > patience(self.grid(at: now)) }) ?? true { (began, firstBar) = (now, nil) }
    beat.hear(note.pitch, note.velocity, at: now)
    activity.hear(note.pitch, note.velocity, at: now)
    refit(at: now)
    let grid = grid(at: now)
    countBars(grid)
    let isNew = pause.map { $0 > patience(grid) * 2 } ?? true
    if chart.chart != nil { hearChart(grid, isNew: isNew, at: now) }
    if mode == .trade { heardInTrade(at: now) }
  }

  /// Time passes: what was struck together is known to be complete.
  mutating func advance(to now: Instant) {
    beat.advance(to: now)
    refit(at: now)
  }

  mutating func tap(at now: Instant) {
    beat.tap(at: now)
    lastTap = now
  }

  private mutating func refit(at now: Instant) {
    let told = beat.grid(at: now)
    if fit?.told != told { fit = told.map { ($0, fitted($0)) } }
  }

  /// A clock and taps are taken as they are.
  private func fitted(_ told: BeatGrid) -> BeatFit {
    guard !beat.isLed, told.anchor != lastTap, let last = activity.last else { return BeatFit(told, onsets: []) }
    return BeatFit(told, onsets: activity.rhythm(from: last - BeatFit.span, until: last + .nanoseconds(1)))
  }

  /// The beat is not heard but told: by a clock, or taps.
  func isTold(at now: Instant) -> Bool { beat.isLed || beat.grid(at: now).map { $0.anchor == lastTap } ?? false }

  /// The beat and its division as they are known at `now`; nil where the beat is not sure enough.
  private func beatFit(at now: Instant) -> BeatFit? {
    guard let told = beat.grid(at: now) else { return nil }
    if let fit, fit.told == told { return fit.fitted }
    return fitted(told)
  }

  /// The beat as it is known at `now`; nil where it is not sure enough.
  func grid(at now: Instant) -> BeatGrid? { beatFit(at: now)?.grid }

  /// How the player divides the beat; nil where that is not clear.
  func feel(at now: Instant) -> Feel? { beatFit(at: now)?.feel }

  /// The notes of a call as scores write them: in beats from its first, without the swing.
  func straightened(_ call: Call, at now: Instant) -> [Note] {
    let notes = call.phrase.notes(at: call.tempo)
    guard let fit = beatFit(at: now) else { return notes }
    let feel = fit.feel ?? Feel.heard(at: call.phrase.notes.map { fit.grid.position(at: $0.onset) })
    return feel.straightened(notes, at: fit.grid.position(at: call.phrase.start))
  }

  private func patience(_ grid: BeatGrid?) -> Duration {
    guard let grid else { return Self.patience.least }
    return max(Self.patience.least, grid.tempo.duration(of: grid.bar * Self.patience.bars))
  }

  /// Nothing that was begun goes on.
  mutating func rest() {
    isResting = true
    startOver()
  }

  mutating func startOver() {
    plannedUntil = nil
    countedUntil = nil
    ringing = []
    stopTrading()
    turnCall = nil
  }
}

// MARK: Wishes

extension Band {
  mutating func change(_ mode: PlayingMode) {
    wishes.mode = mode
    comping = Comping()
    matching = PhraseMatch()
    startOver()
  }

  mutating func change(bars: Int) {
    wishes.bars = bars
    trade = Trade(bars: wishes.bars)
    count = TurnCount()
    (turnCall, countedUntil) = (nil, nil)
  }

  mutating func stopTrading() {
    trade.stop()
    count = TurnCount()
  }

  mutating func change(countsIn: Bool) { wishes.countsIn = countsIn }

  mutating func change(_ choice: VariationChoice) { wishes.variation = choice }

  mutating func change(_ role: Role?) { wishes.role = role }

  mutating func change(_ chart: ChordChart?) {
    wishes.chart = chart
    self.chart = ChartFollower(chart)
    self.chart.isLed = beat.isLed
  }

  mutating func change(morph share: Double) { wishes.morph = share }

  mutating func learn(_ parameter: Parameter) { wishes.controls.learn(parameter) }

  mutating func assign(_ assignments: ControlAssignments) { wishes.controls.assignments = assignments }

  mutating func change(music keys: ClosedRange<Pitch>) { wishes.controls.music = keys }

  mutating func move(
    controller: UInt8, to value: UInt8
  ) -> (parameter: Parameter, value: Double, isLearned: Bool)? {
    wishes.controls.move(controller, to: value)
  }

  /// Of what is moved and changes nothing else, `share` being 0...1: ratios are 1 in the middle, a quarter and four times
  /// at the ends.
  mutating func move(_ parameter: Parameter, to share: Double) {
    let share = share.isFinite ? min(1, max(0, share)) : 0.5
    switch parameter {
    case .temperature: temperature = share * 2
    case .order: order = 1 + Int((share * Double(Viewpoint.highestOrder - 1)).rounded())
    case .density: wishes.density = Self.ratio(share)
    case .length: wishes.length = Self.ratio(share)
    case .overlap: overlap = share >= 0.5
    case .role: wishes.role = share < 1 / 3.0 ? .support : share > 2 / 3.0 ? .lead : nil
    case .morph: change(morph: share)
    case .mode, .answer, .stop, .tap, .panic: break
    }
  }

  private static func ratio(_ share: Double) -> Double {
    share < 0.5 ? 0.25 + 1.5 * share : 1 + 6 * (share - 0.5)
  }

  /// The mode that a controller at `share` chooses.
  static func mode(at share: Double) -> PlayingMode {
    let modes = PlayingMode.allCases
    return modes[min(modes.count - 1, max(0, Int((share.isFinite ? share : 0) * Double(modes.count))))]
  }
}

// MARK: The moment

extension Band {
  /// What is known for notes from `start` on, the feel from `onsets`; `now` is the moment at which that is decided.
  func situation(from start: Instant, length: Beats, feelOf onsets: [Instant], at now: Instant) -> Situation {
    let fit = beatFit(at: now)
    let grid = fit?.grid
    let feel = fit?.feel ?? grid.map { grid in Feel.heard(at: onsets.map(grid.position)) }
    return Situation(
      start: start, beat: grid, feel: feel ?? .straight,
      harmony: grid.map { chart.harmony(from: start, length: length, $0) } ?? [], role: wishes.role,
      temperature: temperature, order: order, density: wishes.density, length: wishes.length)
  }

  /// The next beat that has to be planned, or half of one, and when; nil where nobody plays along. `now` is the present.
  func comingBeat(at now: Instant) -> (start: Instant, span: Beats, decision: Instant)? {
    guard mode.playsAlong, !isResting, let last = activity.last, let grid = grid(at: now) else { return nil }
    let span = span(grid)
    let slack = grid.tempo.duration(of: span * 0.25)
    var start = grid.next(span, from: now + Self.ahead)
    if let planned = plannedUntil {
      let next = grid.nearest(span, to: planned)
      if next > now, planned - next < slack { start = next }
      if start < planned - slack { start = grid.next(span, from: planned) }
    }
    guard start - last < patience(grid) else { return nil }
    // Who plays along listens for a bar first.
    if let began { start = max(start, grid.next(Beats(1), from: began + grid.tempo.duration(of: grid.bar))) }
    return (start, span, max(now, start - Self.ahead))
  }

  /// A beat, or half of a slow one; less where bars are no whole number of them, for what a bar line cuts is lost.
  private func span(_ grid: BeatGrid) -> Beats {
    let most = grid.tempo.beat > Self.slow ? 0.5 : 1
    let spans = [1, 0.5, 0.25].filter { $0 <= most }
    return Beats(spans.first { (bar(grid).count / $0).truncatingRemainder(dividingBy: 1) == 0 } ?? 0.25)
  }

  private func bar(_ grid: BeatGrid) -> Beats { chart.isRunning ? chart.chart?.metre.bar ?? grid.bar : grid.bar }

  /// `start` and `span` are as `comingBeat` gave them.
  func beat(from start: Instant, _ span: Beats, key: Key?, at now: Instant) -> ComingBeat? {
    guard let grid = grid(at: now) else { return nil }
    let bar = bar(grid)
    let place = chart.place(at: start, grid) ?? grid.position(at: start)
    var rest = ((place.count / span.count).rounded() * span.count).truncatingRemainder(dividingBy: bar.count)
    if rest < 0 { rest += bar.count }
    let heard = grid.tempo.duration(of: Beats(8))
    let situation = situation(
      from: start, length: bar, feelOf: activity.rhythm(from: now - heard, until: now), at: now)
    return ComingBeat(situation: situation, place: Beats(rest), span: span, bar: bar, tempo: grid.tempo, key: key)
  }

  /// Of notes of a new beat those whose pitch does not still sound from the beats before.
  mutating func fitting(_ notes: [PlayedNote]) -> [PlayedNote] {
    guard let first = notes.first?.onset else { return [] }
    ringing.removeAll { $0.release <= first }
    let free = notes.filter { note in !ringing.contains { $0.pitch == note.pitch && $0.release > note.onset } }
    ringing += free
    return free
  }
}
