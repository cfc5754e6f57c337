// SPDX-License-Identifier: Apache-2.0
// Core/Style: the notes of a continuation.
import Music

extension Hand {
  /// More notes than this one hand does not strike at once.
  private static let span = 6
  /// Wider gaps than this are not played.
  private static let widestGap = 24

  /// Fills `plan` with notes, from the first onset to the last.
  mutating func fill(
    _ plan: RhythmPlan, _ predictor: inout Predictor, _ guide: EndingGuide, _ originality: Originality,
    player: borrowing PlayerModel, using random: inout RandomSource
  ) {
    for (index, onset) in plan.onsets.enumerated() {
      var event = EventBytes()
      event.set(interOnset: onset.interOnset, setting(at: onset.position))
      event[.nextInterOnset] = onset.nextInterOnset
      let remaining = plan.onsets.count - 1 - index
      let loops = Loops.continuations(of: sequence.bytes, from: start, interOnset: onset.interOnset)
      let ceiling = ceiling(at: onset.position)
      let wishes = (low...high).map { pitch in
        guide.weight(of: pitch, remaining: remaining) * keyWeight(of: pitch)
          * registerWeight(of: pitch, under: ceiling) * (loops.contains(pitch) ? 0.05 : 1)
      }
      let pitch = choosePitch(event, wishes, &predictor, originality, player: player, using: &random)
      event.set(highest: pitch, after: sequence.highest)
      let pitches = chooseShape(&event, pitch, &predictor, player: player, using: &random)
      chooseExpression(&event, &predictor, player: player, using: &random)
      sequence.append(event, highest: pitch)
      write(event, pitches, onset)
    }
  }

  private mutating func choosePitch(
    _ event: EventBytes, _ wishes: [Double], _ predictor: inout Predictor, _ originality: Originality,
    player: borrowing PlayerModel, using random: inout RandomSource
  ) -> Int {
    let (low, former) = (low, sequence.highest)
    let outcomes = high - low + 1
    predictor.predict([.interval, .tonal, .pitch], place(event), outcomes: outcomes, player: player) {
      switch $0 {
      case .interval: low + $1 - former + 128
      case .tonal: Int(EventBytes.tonal(of: low + $1, key: event[.key]))
      default: low + $1 + 1
      }
    }
    var copies: Set<Int> = []
    while true {
      let chosen = Choice.drawn(
        predictor.probabilities, of: outcomes, temperature: request.temperature, using: &random,
        weight: { copies.contains($0) ? 0 : wishes[$0] })
      var candidate = event
      candidate.set(highest: low + chosen, after: former)
      guard originality.isCopy(candidate, at: sequence.bytes.count, after: sequence.bytes, from: start) else {
        return low + chosen
      }
      if !copies.insert(chosen).inserted || copies.count == outcomes {
        dropped[.originality, default: 0] += 1
        return low + chosen
      }
    }
  }

  private mutating func chooseShape(
    _ event: inout EventBytes, _ highest: Int, _ predictor: inout Predictor, player: borrowing PlayerModel,
    using random: inout RandomSource
  ) -> [Int] {
    var pitches = [highest]
    let wanted = request.polyphony.map { max(1, $0 / Double(hands)) }
    let isLine = hands == 1 && (wanted ?? 2) < 1.2
    while pitches.count < Self.span, !isLine {
      let last = pitches[pitches.count - 1]
      let count = Double(pitches.count)
      predictor.predict([.gap], place(event), outcomes: Self.widestGap + 1, player: player) { $1 }
      let gap = Choice.drawn(
        predictor.probabilities, of: Self.widestGap + 1, temperature: request.temperature, using: &random,
        weight: { gap in
          if gap == 0 { return wanted.map { count < $0 ? 0.5 : 1.5 } ?? 1 }
          return last - gap >= low ? keyWeight(of: last - gap) : 0
        })
      if gap == 0 { break }
      event.add(gap: UInt8(gap))
      pitches.append(last - gap)
    }
    event.finishShape()
    return pitches
  }

  /// Notes outside a key that was asked for are rarer.
  func keyWeight(of pitch: Int) -> Double {
    inKey[pitch % 12] ? 1 : 0.3
  }

  /// Two hands share the range, and the lower stays below what the other plays.
  private func registerWeight(of pitch: Int, under ceiling: Int?) -> Double {
    guard hands > 1 else { return 1 }
    if let ceiling, pitch >= ceiling { return 0 }
    let height = high > low ? Double(pitch - low) / Double(high - low) : 0.5
    let share = isHighest ? height : 1 - height
    return 0.02 + share * share
  }

  private mutating func chooseExpression(
    _ event: inout EventBytes, _ predictor: inout Predictor, player: borrowing PlayerModel,
    using random: inout RandomSource
  ) {
    event[.duration] = choose(.duration, event, RhythmClass.lengths.count, &predictor, player: player, using: &random)
    if event[.size] > 1 {
      event[.lowDuration] = choose(
        .lowDuration, event, RhythmClass.lengths.count, &predictor, player: player, using: &random)
    }
    event[.velocity] = choose(.velocity, event, 15, &predictor, player: player, using: &random)
  }

  private func choose(
    _ target: Viewpoint.Target, _ event: EventBytes, _ outcomes: Int, _ predictor: inout Predictor,
    player: borrowing PlayerModel, using random: inout RandomSource
  ) -> UInt8 {
    predictor.predict([target], place(event), outcomes: outcomes, player: player) { $1 + 1 }
    return UInt8(
      1
        + Choice.drawn(
          predictor.probabilities, of: outcomes, temperature: request.temperature, using: &random, weight: { _ in 1 }))
  }

  private mutating func write(_ event: EventBytes, _ pitches: [Int], _ onset: RhythmPlan.Onset) {
    let distance = RhythmClass.length(of: onset.nextInterOnset)
    let room = max(0.25, length - onset.position)
    let velocity = Expression.velocity(of: event[.velocity], average: Double(request.loudness.value))
    for (index, pitch) in pitches.enumerated() {
      let length = RhythmClass.length(of: index == 0 ? event[.duration] : event[.lowDuration])
      // The last notes sound to the end; a line does not run into its next note.
      let limited = distance == 0 ? room : index == 0 ? min(length, distance) : min(length, room)
      notes.append(
        Note(
          pitch: Pitch(clamping: pitch), velocity: velocity, onset: Beats(onset.position),
          duration: Beats(max(1 / 24.0, limited))))
    }
  }
}
