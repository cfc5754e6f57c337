// SPDX-License-Identifier: Apache-2.0
// Core/Style: the statistical model. What every candidate viewpoint says about held-out pieces, kept to be combined.
import Glibc
import Music

/// The opinions of all candidates of one property at places in held-out pieces, from a style of other pieces: what any
/// choice of them would cost, in the product that `Blend` makes, is then a matter of sums.
public struct CandidateOpinions: Sendable {
  typealias Lanes = FastMath.Lanes

  let property: PredictedProperty
  let candidates: [Viewpoint]
  /// Rows of eight outcomes of each place.
  private let rows: Int
  /// Of each place, then each candidate, its rows: logarithms to base 2 with the exponent of `Trust` but for the number
  /// of experts; zeros where it knows nothing.
  private var logs: [Lanes] = []
  /// Of each place, what turned out.
  private var outcomes: [Int] = []
  /// Of each place, its piece, counted from 0.
  private(set) var pieces: [Int] = []
  /// Places in all held-out pieces, also those that were not asked about, and the notes of these pieces.
  let allPlaces: Int
  let notes: Int

  /// Learns `training`, and asks every candidate at `limit` places of `heldOut` at most, taken evenly.
  /// O(training notes * candidates + limit * candidates * log n).
  public init(
    of property: PredictedProperty, training: [Piece], heldOut: [Piece], limit: Int,
    candidates: [Viewpoint]? = nil
  ) {
    let candidates = candidates ?? property.candidates
    self.property = property
    self.candidates = candidates
    rows = (property.outcomes + 7) / 8
    var learner = StyleLearner(information: StyleInformation(title: ""), viewpoints: candidates)
    for piece in training { learner.learn(piece) }
    let style = learner.style()
    let sequences = heldOut.enumerated().flatMap { number, piece in
      EventReader(piece).sequences().map { (piece: number, sequence: $0) }
    }
    let places = sequences.map { property.places(in: $0.sequence) }
    allPlaces = places.reduce(0) { $0 + $1.count }
    notes = sequences.reduce(0) { $0 + $1.sequence.bytes.count + $1.sequence.gaps.count }
    let stride = max(0, allPlaces - 1) / max(1, limit) + 1
    var opinion = OutcomeDistribution(capacity: property.outcomes)
    var number = 0
    for ((piece, sequence), places) in zip(sequences, places) {
      for place in places {
        if number % stride == 0 { ask(style, place, sequence, piece: piece, &opinion) }
        number += 1
      }
    }
  }

  /// Places.
  var count: Int { outcomes.count }

  private mutating func ask(
    _ style: Style, _ place: PropertyPlace, _ sequence: EventSequence, piece: Int, _ opinion: inout OutcomeDistribution
  ) {
    var maps: [Viewpoint.Target: OutcomeMap] = [:]
    for target in property.targets where place.isKnown(target) {
      maps[target] = OutcomeMap(count: property.outcomes) { property.symbol(of: $0, target, place) }
    }
    for (number, viewpoint) in candidates.enumerated() {
      let store = Stores.index(viewpoint: number, sequence.role) { !style.counts[$0].isEmpty }
      guard let map = maps[viewpoint.target], !style.counts[store].isEmpty else {
        logs.append(contentsOf: repeatElement(Lanes(repeating: 0), count: rows))
        continue
      }
      let key = viewpoint.key(of: place.event, at: place.index, after: sequence.bytes)
      opinion.predict(
        key, orders: viewpoint.context.count, from: style.counts[store], map,
        countsLongest: viewpoint.target.isExpressive)
      let weight = opinion.order < 0 ? 0 : Trust.weight(viewpoint.target, order: opinion.order, among: 1)
      for row in 0..<rows { logs.append(FastMath.log2(opinion.rows[row]) * weight) }
    }
    outcomes.append(place.outcome)
    pieces.append(piece)
  }

  /// What the outcome of each place costs in bits when the candidates of these numbers predict it; the outcomes that it
  /// has are the property's. O(places * chosen * outcomes).
  func bits(_ chosen: [Int]) -> [Double] {
    var amongst: [Viewpoint.Target: Float] = [:]
    for number in chosen { amongst[candidates[number].target, default: 0] += 1 }
    let shares = chosen.map { 1 / (amongst[candidates[$0].target] ?? 1) }
    var sum = [Lanes](repeating: Lanes(repeating: 0), count: rows)
    return logs.withUnsafeBufferPointer { logs in
      outcomes.indices.map { place in
        for row in 0..<rows { sum[row] = Lanes(repeating: 0) }
        for (number, share) in zip(chosen, shares) {
          let start = (place * candidates.count + number) * rows
          for row in 0..<rows { sum[row] += logs[start + row] * share }
        }
        return cost(of: outcomes[place], sum)
      }
    }
  }

  private func cost(of outcome: Int, _ sum: [Lanes]) -> Double {
    var highest = sum[outcome / 8][outcome % 8]
    for index in 0..<property.outcomes { highest = max(highest, sum[index / 8][index % 8]) }
    var total = 0.0
    for row in 0..<rows {
      let lanes = FastMath.exp2(sum[row] - highest)
      let used = min(8, property.outcomes - row * 8)
      if used == 8 { total += Double(lanes.sum()) } else { for lane in 0..<used { total += Double(lanes[lane]) } }
    }
    return log2(total) - Double(sum[outcome / 8][outcome % 8] - highest)
  }
}
