// SPDX-License-Identifier: Apache-2.0
// Core/Style: the notes of a continuation.
import Glibc
import Music

extension Hand {
  /// More notes than this one hand does not strike at once.
  private static let span = 6
  /// Wider gaps than this are not played.
  private static let widestGap = 24

  /// Fills `plan` with notes, from the first onset to the last.
  mutating func fill(
    _ plan: RhythmPlan, _ predictor: inout Predictor, _ constraints: PitchConstraints, _ guide: PitchGuide,
    _ originality: Originality, player: borrowing PlayerModel, using random: inout RandomSource
  ) {
    for (index, onset) in plan.onsets.enumerated() {
      var event = EventBytes()
      event.set(interOnset: onset.interOnset, setting(at: onset.position))
      event[.nextInterOnset] = onset.nextInterOnset
      let loops = originality.loops(of: sequence.bytes, from: start, interOnset: onset.interOnset)
      let chord = harmony.value(at: onset.position)
      let wishes = (low...high).map { pitch in
        guide.weight(of: pitch, at: index) * tonalWeight(of: pitch, in: chord) * registerWeight(of: pitch)
          * (loops.contains(pitch) ? 0.05 : 1)
      }
      let place = place(event, at: onset.position)
      let pitch = choosePitch(place, wishes, &predictor, originality, player: player, using: &random)
      event.set(highest: pitch, after: sequence.highest)
      let pitches = chooseShape(
        &event, pitch, constraints.lower[index], chord, place, &predictor, player: player, using: &random)
      chooseExpression(&event, onset, place, &predictor, player: player, using: &random)
      sequence.append(event, highest: pitch)
      write(event, pitches, onset)
    }
  }

  private mutating func choosePitch(
    _ place: Predictor.Place, _ wishes: [Double], _ predictor: inout Predictor, _ originality: Originality,
    player: borrowing PlayerModel, using random: inout RandomSource
  ) -> Int {
    let (low, former, event) = (low, sequence.highest, place.event)
    let outcomes = high - low + 1
    predictor.predict([.interval, .tonal, .pitch], place, outcomes: outcomes, player: player) {
      switch $0 {
      case .interval: low + $1 - former + 128
      case .tonal: Int(EventBytes.tonal(of: low + $1, key: event[.key]))
      default: low + $1 + 1
      }
    }
    var copies: Set<Int> = []
    var first: Int?
    while copies.count < outcomes, wishes.indices.contains(where: { wishes[$0] > 0 && !copies.contains($0) }) {
      let chosen = Choice.drawn(
        predictor.probabilities, of: outcomes, temperature: request.temperature, using: &random,
        weight: { copies.contains($0) ? 0 : wishes[$0] })
      var candidate = event
      candidate.set(highest: low + chosen, after: former)
      guard originality.isCopy(candidate, at: sequence.bytes.count, after: sequence.bytes, from: start) else {
        return low + chosen
      }
      copies.insert(chosen)
      first = first ?? low + chosen
    }
    dropped[.originality, default: 0] += 1
    return first ?? low
  }

  private mutating func chooseShape(
    _ event: inout EventBytes, _ highest: Int, _ allowed: PitchSet, _ chord: Chord?, _ place: Predictor.Place,
    _ predictor: inout Predictor, player: borrowing PlayerModel, using random: inout RandomSource
  ) -> [Int] {
    var place = place
    var pitches = [highest]
    let wanted = request.polyphony.map { max(1, $0 / Double(hands)) }
    let isLine = hands == 1 && (wanted ?? 2) < 1.2 && request.fewestVoices < 2
    while pitches.count < Self.span, !isLine {
      let last = pitches[pitches.count - 1]
      let count = Double(pitches.count)
      let reach = max(low, last - Self.widestGap)..<last
      let isShort = pitches.count < request.fewestVoices && reach.contains { allowed.contains(Pitch(clamping: $0)) }
      place.event = event
      predictor.predict([.gap], place, outcomes: Self.widestGap + 1, player: player) { $1 }
      let gap = Choice.drawn(
        predictor.probabilities, of: Self.widestGap + 1, temperature: request.temperature, using: &random,
        weight: { gap in
          if gap == 0 { return isShort ? 0 : wanted.map { count < $0 ? 0.7 : 1.2 } ?? 1 }
          guard last - gap >= low, allowed.contains(Pitch(clamping: last - gap)) else { return 0 }
          return tonalWeight(of: last - gap, in: chord)
        })
      if gap == 0 { break }
      event.add(gap: UInt8(gap))
      pitches.append(last - gap)
    }
    event.finishShape()
    return pitches
  }

  /// Notes outside a key that was asked for are rarer; where there is a chord its notes come before all others.
  private func tonalWeight(of pitch: Int, in chord: Chord?) -> Double {
    let inKey = inKey[pitch % 12] ? 1 : 0.3
    guard let chord else { return inKey }
    return chord.pitchClasses.contains(PitchClass(pitch)) ? 1 : 0.4 * inKey
  }

  /// Two hands share the range, and each stays where it was in the call, half an octave more on both sides: pitches beyond
  /// are the rarer the farther they are, so that neither wanders into the other's register.
  private func registerWeight(of pitch: Int) -> Double {
    guard hands > 1 else { return 1 }
    let height = high > low ? Double(pitch - low) / Double(high - low) : 0.5
    let share = isHighest ? height : 1 - height
    let place = 0.02 + share * share
    guard let register else { return place }
    let distance = max(register.lowerBound - pitch, pitch - register.upperBound, 6) - 6
    return place * max(1e-4, pow(0.6, Double(distance)))
  }
}
