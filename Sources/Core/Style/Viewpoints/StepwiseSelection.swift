// SPDX-License-Identifier: Apache-2.0
// Core/Style: the statistical model. Choosing a few of many by what they cost together.

/// Stepwise selection (Pearce, "The construction and evaluation of statistical models of melodic structure", PhD thesis,
/// City University 2005, section 7.5): from none, the candidate that saves most bits is added, then each that has become a
/// burden is dropped, until no candidate saves more than the standard error of its saving. Deterministic.
struct StepwiseSelection: Sendable {
  struct Step {
    let number: Int
    let isAddition: Bool
  }

  /// Numbers of candidates, in the order in which they came.
  private(set) var chosen: [Int] = []
  /// Of the present choice at each place.
  private(set) var costs: [Double]
  private let candidates: Int
  private let highestCount: Int
  /// Of each place, its piece: places of one piece are no independent witnesses.
  private let pieces: [Int]
  private let evaluate: @Sendable ([Int]) -> [Double]
  private var isDone = false

  /// `evaluate` tells what a choice costs at each place.
  init(
    candidates: Int, highestCount: Int, pieces: [Int], evaluate: @escaping @Sendable ([Int]) -> [Double]
  ) {
    self.candidates = candidates
    self.highestCount = highestCount
    self.pieces = pieces
    self.evaluate = evaluate
    costs = evaluate([])
  }

  /// Of the present choice.
  var cost: Double { Self.mean(costs) }

  func cost(of choice: [Int]) -> Double { Self.mean(evaluate(choice)) }

  /// One step, nil when the choice is made. Every step lowers the cost, so that no choice comes twice.
  /// O(candidates) evaluations.
  mutating func next() -> Step? {
    if isDone { return nil }
    if let burden = burden() { return take(chosen.filter { $0 != burden }, Step(number: burden, isAddition: false)) }
    if let best = bestAddition() { return take(chosen + [best], Step(number: best, isAddition: true)) }
    isDone = true
    return nil
  }

  private mutating func take(_ choice: [Int], _ step: Step) -> Step {
    chosen = choice
    costs = evaluate(choice)
    return step
  }

  /// The one, but for the latest, without which the others do best, where they do better.
  private func burden() -> Int? {
    guard chosen.count > 2 else { return nil }
    let rests = chosen.dropLast().map { number in (number: number, cost: cost(of: chosen.filter { $0 != number })) }
    guard let best = rests.min(by: { $0.cost < $1.cost }), best.cost < cost else { return nil }
    return best.number
  }

  private func bestAddition() -> Int? {
    guard chosen.count < highestCount, !costs.isEmpty else { return nil }
    let additions = (0..<candidates).filter { !chosen.contains($0) }.map { number in
      (number: number, costs: evaluate(chosen + [number]))
    }
    guard let best = additions.min(by: { Self.mean($0.costs) < Self.mean($1.costs) }) else { return nil }
    let saving = self.saving(best.costs)
    return saving.mean > saving.error ? best.number : nil
  }

  /// Saved at a place, and the standard error of that.
  private func saving(_ other: [Double]) -> (mean: Double, error: Double) {
    let mean = Self.mean(zip(costs, other).map { $0 - $1 })
    var sums: [Int: Double] = [:]
    for (place, piece) in pieces.enumerated() { sums[piece, default: 0] += costs[place] - other[place] - mean }
    let squares = sums.sorted { $0.key < $1.key }.reduce(0) { $0 + $1.value * $1.value }
    return (mean, squares.squareRoot() / Double(max(1, costs.count)))
  }

  private static func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(max(1, values.count)) }
}
