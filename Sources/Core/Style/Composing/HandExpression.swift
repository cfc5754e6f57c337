// SPDX-License-Identifier: Apache-2.0
// Core/Style: how the notes of a continuation are played.
import Glibc
import Music

extension Hand {
  /// A line runs into its next note no further than this share of the distance.
  private static let legato = 1.08
  /// The smaller, the faster loudness comes back, in velocities squared.
  private static let loudnessVariance = 80.0

  /// Chooses what of `event` is not written in scores, each in the context of what was chosen before; what nobody in the
  /// mixture knows stays 0.
  mutating func chooseExpression(
    _ event: inout EventBytes, _ onset: RhythmPlan.Onset, _ place: Predictor.Place, _ predictor: inout Predictor,
    player: borrowing PlayerModel, using random: inout RandomSource
  ) {
    var place = place
    func choose(
      _ target: Viewpoint.Target, _ outcomes: Int, from first: UInt8 = 1, weight: (Int) -> Double = { _ in 1 }
    ) -> UInt8 {
      guard predictor.knows(target, player: player) else { return 0 }
      place.event = event
      predictor.predict([target], place, outcomes: outcomes, player: player) { $1 + Int(first) }
      guard predictor.isInformed else { return 0 }
      return first + UInt8(drawn(predictor.probabilities, of: outcomes, weight, using: &random))
    }
    let isChord = event[.size] > 1
    // The last notes sound to the end.
    if onset.nextInterOnset > 0 {
      let (first, count) = (Expression.firstArticulation, Expression.articulations.count)
      event[.duration] = choose(.duration, count, from: first)
      if isChord { event[.lowDuration] = choose(.lowDuration, count, from: first) }
    }
    let drift = drift
    event[.velocity] = choose(.velocity, Expression.velocity.count) { outcome in
      Self.balance(Expression.velocity.value(of: UInt8(outcome + 1)), against: drift)
    }
    self.drift += (Expression.velocity.value(of: event[.velocity]) - drift) / 6
    if !request.isOnGrid { event[.deviation] = choose(.deviation, Expression.deviation.count) }
    guard isChord else { return }
    event[.balance] = choose(.balance, Expression.balance.count)
    if !request.isOnGrid { event[.spread] = choose(.spread, Expression.spread.count) }
  }

  /// Only what has been heard: the share that smoothing gives to all outcomes alike is left out, for a hand that misses
  /// the beat by a random amount is no more expressive. Never bolder than the models.
  private func drawn(
    _ probabilities: [Double], of outcomes: Int, _ weight: (Int) -> Double, using random: inout RandomSource
  ) -> Int {
    var floor = probabilities[0]
    for outcome in 1..<outcomes { floor = min(floor, probabilities[outcome]) }
    return Choice.drawn(
      probabilities, of: outcomes, temperature: min(1, request.temperature), using: &random,
      weight: { (1 - floor / max(probabilities[$0], floor + 1e-12)) * weight($0) })
  }

  /// Draws the mean to what was asked for: the distribution nearest to the model's whose mean lies further on the other
  /// side (exponential tilting: Csiszár, "I-divergence geometry of probability distributions", Annals of Probability 3(1),
  /// 1975). Contours stay, but a stream that has become loud does not stay loud.
  private static func balance(_ loudness: Double, against drift: Double) -> Double {
    exp(min(30, max(-30, -loudness * drift / loudnessVariance)))
  }

  /// `pitches` from the highest down, on the grid; and how they deviate from it.
  mutating func write(_ event: EventBytes, _ pitches: [Int], _ onset: RhythmPlan.Onset) {
    let distance = RhythmClass.length(of: onset.nextInterOnset)
    let room = max(0.25, length - onset.position)
    let velocity = Double(request.loudness.value) + Expression.velocity.value(of: event[.velocity])
    let spread = Expression.spread.value(of: event[.spread])
    // What is held through a bar line after bar line is a drone.
    let bar = request.timeSignature?.bar.count ?? TimeSignature.common.bar.count
    shift(event, onset)
    for (index, pitch) in pitches.enumerated() {
      let isHighest = index == 0
      let length = Expression.length(of: isHighest ? event[.duration] : event[.lowDuration], interOnset: distance)
      let reach = distance == 0 ? room : isHighest ? min(length, distance * Self.legato) : min(length, room)
      let limit = min(reach, bar)
      let loudness = velocity + (isHighest ? 0 : Expression.balance.value(of: event[.balance]))
      notes.append(
        Note(
          pitch: Pitch(clamping: pitch), velocity: Velocity(clamping: Int(loudness.rounded())),
          onset: Beats(onset.position), duration: Beats(max(1 / 24.0, limit))))
      // From the highest note down, or from the lowest up.
      let place = pitches.count > 1 ? Double(index) / Double(pitches.count - 1) : 0
      places.append((onsets.count - 1, spread < 0 ? (place - 1) * spread : place * spread))
    }
  }

  /// The answer's first onset is where it has to be, and no onset comes nearer to the one before than half their distance.
  private mutating func shift(_ event: EventBytes, _ onset: RhythmPlan.Onset) {
    guard let former = onsets.last else {
      onsets.append((onset.position, 0))
      return
    }
    let nearest = former.shift - (onset.position - former.position) / 2
    onsets.append((onset.position, max(nearest, Expression.deviation.value(of: event[.deviation]))))
  }

  /// `notes`, each at its place in this order, as they are played. A note that reaches the next onset on the grid does so
  /// off it, too.
  func played() -> [Note] {
    zip(notes, places).map { note, place in
      let shift = onsets[place.onset].shift
      let next = onsets.dropFirst(place.onset + 1).first
      var played = note
      played.onset = note.onset + Beats(shift + place.delay)
      let moved = next.map { note.end.count >= $0.position - 0.01 ? $0.shift : shift } ?? shift
      let end = note.end.count + moved
      played.duration = Beats(max(1 / 48.0, end - played.onset.count))
      return played
    }
  }
}
