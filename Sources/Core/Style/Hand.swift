// SPDX-License-Identifier: Apache-2.0
// Core/Style: one stream of a continuation.
import Music

/// One hand of a continuation in the making.
struct Hand {
  struct Onset {
    var position: Double
    /// Class of the distance from the onset before, and to the next; 0 for "last".
    var interOnset: UInt8
    var nextInterOnset: UInt8
  }

  let request: ContinuationRequest
  let isHighest: Bool
  /// How many hands play.
  let hands: Int
  private let above: [Note]
  private var sequence: EventSequence
  private let contextEvents: Int
  private let key: UInt8
  private(set) var notes: [Note] = []
  private(set) var dropped: [Continuation.Wish: Int] = [:]

  init(request: ContinuationRequest, context: EventSequence, isHighest: Bool, hands: Int, above: [Note]) {
    self.request = request
    self.isHighest = isHighest
    self.hands = hands
    self.above = above
    sequence = context
    contextEvents = context.bytes.count
    key = request.key?.byte ?? Self.key(of: context)
  }

  private static func key(of context: EventSequence) -> UInt8 {
    var tracker = KeyTracker()
    for event in context.bytes { tracker.hear(Int(event[.pitch]) - 1) }
    return tracker.byte
  }

  /// The highest hand has the last word.
  private var lastOnset: Double { above.last?.onset.count ?? .infinity }

  private var bar: Double { request.timeSignature?.bar.count ?? 4 }

  private func setting(at position: Double) -> EventSetting {
    EventSetting(
      key: key, barPosition: request.startPosition.count + position, bar: bar, above: sounding(at: position).max())
  }

  private func sounding(at position: Double) -> [Int] {
    above.filter { $0.onset.count <= position + 0.01 && $0.end.count > position + 0.01 }.map { Int($0.pitch.number) }
  }

  // MARK: Rhythm

  /// Onsets from beat 0 to about the requested length, at least one.
  mutating func planRhythm(
    _ predictor: inout Predictor, player: borrowing PlayerModel, using random: inout RandomSource
  ) -> [Onset] {
    let length = max(0.25, request.length.count.isFinite ? request.length.count : 4)
    var combination = Combination(outcomes: RhythmClass.lengths.count)
    var plan = [Onset(position: 0, interOnset: sequence.bytes.last?[.interOnset] ?? 0, nextInterOnset: 0)]
    var events = sequence.bytes
    while plan.count < Composer.highestOnsets {
      let last = plan.count - 1
      var event = EventBytes()
      event.set(interOnset: plan[last].interOnset, setting(at: plan[last].position))
      events.append(event)
      predictor.predict(
        [.interOnset], Predictor.Place(event: EventBytes(), events: events, former: -1), player: player,
        into: &combination
      ) { $1 + 1 }
      let choice = Choice.drawn(
        combination.probabilities, temperature: request.temperature, using: &random, weight: rhythmWeight)
      let next = RhythmClass.lengths[choice]
      guard plan[last].position + next < length - 0.02, plan[last].position + next <= lastOnset + 0.02 else { break }
      plan[last].nextInterOnset = UInt8(choice + 1)
      plan.append(
        Onset(position: plan[last].position + next, interOnset: UInt8(choice + 1), nextInterOnset: 0))
    }
    return plan
  }

  /// Leans towards the requested density; nothing longer than the whole answer.
  private func rhythmWeight(_ outcome: Int) -> Double {
    let length = RhythmClass.lengths[outcome]
    guard let density = request.density, density.isFinite, density > 0 else { return 1 }
    let ratio = length * density
    return ratio > 1 ? 1 / (ratio * ratio) : ratio.squareRoot()
  }

  // MARK: Notes

  mutating func fill(
    _ plan: [Onset], _ predictor: inout Predictor, player: borrowing PlayerModel, using random: inout RandomSource
  ) {
    let low = Int(request.range.lowerBound.number)
    let high = Int(request.range.upperBound.number)
    var melody = Combination(outcomes: high - low + 1)
    var gaps = Combination(outcomes: 128)
    var lengths = Combination(outcomes: RhythmClass.lengths.count)
    var velocities = Combination(outcomes: 15)
    var guide = EndingGuide(request: request, isHighest: isHighest)
    guide.prepare(&predictor, player: player, steps: plan.count)
    for (index, onset) in plan.enumerated() {
      var event = EventBytes()
      event.set(interOnset: onset.interOnset, setting(at: onset.position))
      event[.nextInterOnset] = onset.nextInterOnset
      let remaining = plan.count - 1 - index
      let pitch = choosePitch(
        event, at: onset.position, remaining, guide, &melody, &predictor, player: player, using: &random)
      event.set(highest: pitch, after: sequence.highest)
      let pitches = chooseShape(&event, pitch, &gaps, &predictor, player: player, using: &random)
      chooseExpression(&event, &lengths, &velocities, &predictor, player: player, using: &random)
      sequence.append(event, highest: pitch)
      write(event, pitches, onset, isLast: remaining == 0)
    }
  }

  private mutating func choosePitch(
    _ event: EventBytes, at position: Double, _ remaining: Int, _ guide: EndingGuide, _ combination: inout Combination,
    _ predictor: inout Predictor, player: borrowing PlayerModel, using random: inout RandomSource
  ) -> Int {
    let low = Int(request.range.lowerBound.number)
    let former = sequence.highest < 0 ? -1 : sequence.highest
    let place = Predictor.Place(event: event, events: sequence.bytes, former: former)
    predictor.predict([.interval, .tonal, .pitch], place, player: player, into: &combination) { target, outcome in
      switch target {
      case .interval: low + outcome - former + 128
      case .tonal: Int(EventBytes.tonal(of: low + outcome, key: event[.key]))
      default: low + outcome + 1
      }
    }
    let ceiling = sounding(at: position).max()
    let chosen = Choice.drawn(combination.probabilities, temperature: request.temperature, using: &random) { outcome in
      guide.weight(of: low + outcome, remaining: remaining) * keyWeight(of: low + outcome)
        * registerWeight(of: low + outcome, under: ceiling)
    }
    return low + chosen
  }

  /// Notes outside a given key are rarer, as a player asks who names a key.
  private func keyWeight(of pitch: Int) -> Double {
    guard let key = request.key else { return 1 }
    return key.scale.contains(PitchClass(pitch)) ? 1 : 0.3
  }

  /// Two hands share the range, and the lower stays below what the other plays.
  private func registerWeight(of pitch: Int, under ceiling: Int?) -> Double {
    guard hands > 1 else { return 1 }
    if let ceiling, pitch >= ceiling { return 0 }
    let low = Double(request.range.lowerBound.number)
    let high = Double(request.range.upperBound.number)
    let height = high > low ? (Double(pitch) - low) / (high - low) : 0.5
    let share = isHighest ? height : 1 - height
    return 0.02 + share * share
  }

  private mutating func chooseShape(
    _ event: inout EventBytes, _ highest: Int, _ combination: inout Combination, _ predictor: inout Predictor,
    player: borrowing PlayerModel, using random: inout RandomSource
  ) -> [Int] {
    var pitches = [highest]
    let low = Int(request.range.lowerBound.number)
    let wanted = request.polyphony.map { max(1, $0 / Double(hands)) }
    while pitches.count < 10, wanted.map({ $0 >= 1.2 || hands > 1 }) ?? true {
      let last = pitches[pitches.count - 1]
      let place = Predictor.Place(event: event, events: sequence.bytes, former: sequence.highest)
      predictor.predict([.gap], place, player: player, into: &combination) { $1 }
      let count = Double(pitches.count)
      let gap = Choice.drawn(combination.probabilities, temperature: request.temperature, using: &random) { outcome in
        if outcome > 0 { return last - outcome >= low ? keyWeight(of: last - outcome) : 0 }
        return wanted.map { count < $0 ? 0.5 : 1.5 } ?? 1
      }
      if gap == 0 { break }
      event.add(gap: UInt8(gap))
      pitches.append(last - gap)
    }
    event.finishShape()
    return pitches
  }

  private mutating func chooseExpression(
    _ event: inout EventBytes, _ lengths: inout Combination, _ velocities: inout Combination,
    _ predictor: inout Predictor, player: borrowing PlayerModel, using random: inout RandomSource
  ) {
    func length(_ target: Viewpoint.Target) -> UInt8 {
      let place = Predictor.Place(event: event, events: sequence.bytes, former: sequence.highest)
      predictor.predict([target], place, player: player, into: &lengths) { $1 + 1 }
      return UInt8(Choice.drawn(lengths.probabilities, temperature: request.temperature, using: &random) + 1)
    }
    event[.duration] = length(.duration)
    if event[.size] > 1 { event[.lowDuration] = length(.lowDuration) }
    let place = Predictor.Place(event: event, events: sequence.bytes, former: sequence.highest)
    predictor.predict([.velocity], place, player: player, into: &velocities) { $1 + 1 }
    let velocity = Choice.drawn(velocities.probabilities, temperature: request.temperature, using: &random)
    event[.velocity] = UInt8(velocity + 1)
  }

  private mutating func write(_ event: EventBytes, _ pitches: [Int], _ onset: Onset, isLast: Bool) {
    let distance = RhythmClass.length(of: onset.nextInterOnset)
    let room = max(0.25, request.length.count - onset.position)
    let velocity = Expression.velocity(of: event[.velocity], average: Double(request.loudness.value))
    for (index, pitch) in pitches.enumerated() {
      let length = RhythmClass.length(of: index == 0 ? event[.duration] : event[.lowDuration])
      let overlapping = isLast ? room : index == 0 ? min(length, max(distance, 0.05)) : min(length, room)
      notes.append(
        Note(
          pitch: Pitch(clamping: pitch), velocity: velocity, onset: Beats(onset.position),
          duration: Beats(max(0.05, overlapping))))
    }
  }
}
