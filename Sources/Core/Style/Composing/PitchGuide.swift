// SPDX-License-Identifier: Apache-2.0
// Core/Style: leading a melody through its constraints.
import Music

/// How well each pitch at each onset keeps to the constraints there and leads to those ahead.
///
/// The messages are exact for the mixture's first-order projection: intervals in the context of the degree they leave.
/// The composer multiplies them with the full, high-order prediction. So every constraint that can hold holds in every
/// answer, whatever the order; but the distribution over answers is the model's own, given the constraints, only for a
/// model of first order, and an approximation of it for a higher one.
struct PitchGuide {
  private let low: Int
  private let potentials: [[Double]?]
  private let messages: [[Double]?]

  /// O(onsets * range * range) up to the last constraint; nothing where there is none.
  init(_ constraints: PitchConstraints, _ hand: Hand, _ predictor: inout Predictor, player: borrowing PlayerModel) {
    low = hand.low
    potentials = constraints.potentials
    guard potentials.count > 1, potentials.contains(where: { $0 != nil }) else {
      messages = Array(repeating: nil, count: potentials.count)
      return
    }
    let rows = hand.intervals(&predictor, player: player)
    let chain = PitchChain(hand.low...hand.high) { from, semitones in
      rows[Int(from.number) % rows.count][semitones + PitchChain.reach]
    }
    messages = chain.messages(potentials)
  }

  /// At onset `index`; above zero for at least one pitch of the range.
  func weight(of pitch: Int, at index: Int) -> Double {
    let potential = potentials[index]?[pitch - low] ?? 1
    // A pitch that is allowed is never shut out by what rounding made of its future.
    return potential * max(messages[index]?[pitch - low] ?? 1, 1e-9)
  }
}

extension Hand {
  /// For each pitch class that is left (one row where the key is not known) the chance of each interval.
  fileprivate func intervals(_ predictor: inout Predictor, player: borrowing PlayerModel) -> [[Double]] {
    // 255 is no attribute's value: contexts that are not known count as not seen.
    let unknown = EventBytes(repeating: 255)
    let outcomes = 2 * PitchChain.reach + 1
    let sources: [PitchClass?] = key > 0 ? PitchClass.all : [nil]
    return sources.map { source in
      var last = unknown
      if let source { last[.degree] = EventBytes.degree(of: Int(source.number) + 60, key: key) }
      let place = Predictor.Place(event: unknown, index: 1, events: [last], former: 60, role: role)
      predictor.predict([.interval], place, outcomes: outcomes, player: player) { $1 - PitchChain.reach + 128 }
      return predictor.probabilities.prefix(outcomes).map { max($0, 1e-9) }
    }
  }
}
