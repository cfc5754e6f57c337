// SPDX-License-Identifier: Apache-2.0
// Core/Style: predicting melodies note by note.
import Music

/// What a melody predictor may use.
public enum MelodyModel: String, Hashable, Sendable, CaseIterable {
  /// Only the pitches of the training pieces.
  case `static`
  /// Also the pitches of the test pieces up to the present, and a memory of the piece at hand.
  case live
  /// Also the durations of all notes before the one that is predicted.
  case full
}

/// A single line: pitches, and durations without rests where they are known.
public struct Melody: Hashable, Sendable {
  public let pitches: [Pitch]
  /// Empty, or one for each pitch.
  public let durations: [Beats]

  /// Nil when there are durations, but not one for each pitch.
  public init?(pitches: [Pitch], durations: [Beats] = []) {
    guard durations.isEmpty || durations.count == pitches.count else { return nil }
    self.pitches = pitches
    self.durations = durations
  }
}

/// Predicts each note's pitch from the notes before it, and from nothing else: `distribution()` takes no argument, and
/// what it gives depends only on what was observed.
///
/// Several viewpoints, each with a memory of all pieces and one of the piece at hand, mixed by an `ExpertMixer` whose
/// weights were learned while the training pieces were read, each note predicted before it was learned. Not thread safe.
public struct MelodyPredictor: Sendable {
  /// How fast weights of viewpoints change.
  static let rate: Float = 0.001

  /// In ascending order.
  public let alphabet: [Pitch]
  public let model: MelodyModel

  private let viewpoints: [Viewpoint]
  private let outcomes: [UInt8]
  private var memory: [LiveCounts]
  private var piece: [LiveCounts]
  private(set) var mixer: ExpertMixer
  private var opinion: OutcomeDistribution
  private var state = MelodyState()
  private var isPredicted = false

  /// `alphabet` is every pitch that can occur. `viewpoints` predict pitches; without any, those that are good for most
  /// melodies.
  public init(alphabet: some Sequence<Pitch>, model: MelodyModel, viewpoints: [Viewpoint]? = nil) {
    self.alphabet = Set(alphabet).sorted()
    self.model = model
    // In order of their targets, as `distribution` wants them.
    let given = viewpoints ?? MelodyViewpoints.of(model)
    self.viewpoints = Viewpoint.Target.allCases.flatMap { target in given.filter { $0.target == target } }
    let viewpoints = self.viewpoints
    var outcomes = [UInt8](repeating: OutcomeMap.none, count: 128)
    for (outcome, pitch) in self.alphabet.enumerated() { outcomes[Int(pitch.number)] = UInt8(outcome) }
    self.outcomes = outcomes
    memory = viewpoints.map { _ in LiveCounts() }
    piece = memory
    mixer = ExpertMixer(experts: viewpoints.count * 2, outcomes: max(1, self.alphabet.count))
    opinion = OutcomeDistribution(capacity: max(1, self.alphabet.count), sampleLimit: 1024)
  }

  /// Learns a training piece; with `adapts`, also how far to trust which viewpoint.
  public mutating func learn(_ melody: Melody, adapts: Bool = true) {
    begin()
    for index in melody.pitches.indices {
      if adapts { _ = distribution() }
      take(melody.pitches[index], melody.durations.isEmpty ? .zero : melody.durations[index], learns: true)
    }
    begin()
  }

  /// Forgets the piece at hand.
  public mutating func begin() {
    for number in piece.indices { piece[number].removeAll() }
    state = MelodyState()
    isPredicted = false
  }

  /// Probabilities of the next pitch, in the order of `alphabet`: all above zero, sum 1 within 1e-9.
  public mutating func distribution() -> [Double] {
    mixer.begin()
    let event = state.next(usesDurations: model == .full)
    var map = OutcomeMap(count: 0) { _ in -1 }
    var mapped: Viewpoint.Target?
    for (number, viewpoint) in viewpoints.enumerated() where state.isKnown(viewpoint.target, in: event) {
      let key = viewpoint.key(of: event, at: state.events.count, after: state.events)
      // Viewpoints stand in order of their targets.
      if mapped != viewpoint.target { map = state.map(viewpoint.target, alphabet, event) }
      mapped = viewpoint.target
      opinion.predict(key, orders: viewpoint.context.count, from: memory[number], map)
      mixer.add(opinion, expert: 2 * number)
      guard model != .static else { continue }
      opinion.predict(key, orders: viewpoint.context.count, from: piece[number], map)
      mixer.add(opinion, expert: 2 * number + 1)
    }
    mixer.mix()
    isPredicted = true
    return mixer.probabilities
  }

  /// The note that came. A static model learns nothing from it, the others at once.
  public mutating func observe(_ pitch: Pitch, duration: Beats = .zero) {
    take(pitch, duration, learns: model != .static)
  }

  /// The same, learned whatever the model.
  mutating func learn(_ pitch: Pitch, duration: Beats) { take(pitch, duration, learns: true) }

  private mutating func take(_ pitch: Pitch, _ duration: Beats, learns: Bool) {
    let outcome = outcomes[Int(pitch.number)]
    if learns, isPredicted, outcome != OutcomeMap.none { mixer.adapt(to: Int(outcome), rate: Self.rate) }
    isPredicted = false
    let event = state.complete(pitch, usesDurations: model == .full)
    for (number, viewpoint) in viewpoints.enumerated() {
      let symbol = event.symbol(of: viewpoint.target)
      guard symbol != 0 else { continue }
      let key = viewpoint.key(of: event, at: state.events.count, after: state.events) | ContextKey(symbol)
      if learns { memory[number].insert(key) }
      if model != .static { piece[number].insert(key) }
    }
    state.append(event, pitch, duration)
  }
}

/// Where in a melody a prediction stands.
private struct MelodyState: Sendable {
  private(set) var events: [EventBytes] = []
  private var highest = -1
  private var first = 0
  private var onset = 0.0
  private var interOnset: UInt8 = 0
  private var tracker = KeyTracker()

  /// What is known of the next event before its pitch.
  func next(usesDurations: Bool) -> EventBytes {
    var event = EventBytes()
    let setting = EventSetting(key: tracker.byte, barPosition: onset, bar: 4, above: nil)
    event.set(interOnset: usesDurations ? interOnset : 0, setting)
    return event
  }

  func isKnown(_ target: Viewpoint.Target, in event: EventBytes) -> Bool {
    switch target {
    case .interval: highest >= 0
    case .tonal: event[.key] != 0
    default: true
    }
  }

  func map(_ target: Viewpoint.Target, _ alphabet: [Pitch], _ event: EventBytes) -> OutcomeMap {
    OutcomeMap(count: alphabet.count) { outcome in
      let pitch = Int(alphabet[outcome].number)
      return switch target {
      case .interval: pitch - highest + 128
      case .tonal: Int(EventBytes.tonal(of: pitch, key: event[.key]))
      default: pitch + 1
      }
    }
  }

  func complete(_ pitch: Pitch, usesDurations: Bool) -> EventBytes {
    var event = next(usesDurations: usesDurations)
    event.set(highest: Int(pitch.number), after: highest)
    event[.sinceFirst] = UInt8(Int(pitch.number) - (highest < 0 ? Int(pitch.number) : first) + 128)
    return event
  }

  mutating func append(_ event: EventBytes, _ pitch: Pitch, _ duration: Beats) {
    if highest < 0 { first = Int(pitch.number) }
    events.append(event)
    highest = Int(pitch.number)
    tracker.hear(highest)
    onset += duration.count
    interOnset = RhythmClass.byte(of: duration.count)
  }
}
