// SPDX-License-Identifier: Apache-2.0
// Core/Style: many opinions into one, with weights that learn.

/// A product of experts: each gives probabilities of the same outcomes, the logarithms are added with weights and the
/// result is normalised (a log-linear pool; "geometric" in Pearce, Conklin and Wiggins, "Methods for combining
/// statistical models of music", CMMR 2004).
///
/// How far an expert is trusted depends on its state: how long a context it knows and how often, and how unanimously,
/// that was followed. These weights start alike and are learned from every outcome that turns out, by gradient descent on
/// the bits it cost (as in Mattern, "Linear and geometric mixtures: towards the combination of probability
/// distributions", DCC 2013). O(experts * outcomes) a step. Not thread safe.
struct ExpertMixer: Sendable {
  /// The mixture always keeps this share for the uniform distribution: nothing ever becomes impossible.
  private static let uniformShare = 0x1p-17

  typealias Lanes = FastMath.Lanes

  private struct Opinion {
    var weight: Int
    var logs: Int
  }

  let outcomes: Int
  private let rows: Int
  private var weights: [Float]
  private var logs: [Lanes]
  private var opinions: [Opinion] = []
  private var mixed: [Lanes]
  private(set) var probabilities: [Double]

  /// The weights of each expert sum to `sharpness` over all experts at the start.
  init(experts: Int, outcomes: Int, sharpness: Float = 1.5) {
    self.outcomes = outcomes
    rows = (outcomes + 7) / 8
    weights = [Float](repeating: sharpness / Float(max(1, experts)), count: experts * ExpertState.count)
    logs = [Lanes](repeating: Lanes(repeating: 0), count: experts * rows)
    mixed = [Lanes](repeating: Lanes(repeating: 0), count: rows)
    probabilities = [Double](repeating: 1 / Double(outcomes), count: outcomes)
    opinions.reserveCapacity(experts)
  }

  mutating func begin() { opinions.removeAll(keepingCapacity: true) }

  /// `distribution` must be of these outcomes. Experts that know nothing are left out.
  mutating func add(_ distribution: borrowing OutcomeDistribution, expert: Int) {
    guard distribution.order >= 0 else { return }
    let start = opinions.count * rows
    logs.withUnsafeMutableBufferPointer { logs in
      for row in 0..<rows { logs[start + row] = FastMath.log2(distribution.rows[row]) }
    }
    let state = ExpertState.of(distribution)
    opinions.append(Opinion(weight: expert * ExpertState.count + state, logs: start))
  }

  /// The same from what `visit` told.
  mutating func add(_ known: ArraySlice<Lanes>, state: Int, expert: Int) {
    let start = opinions.count * rows
    for (row, lanes) in known.enumerated() { logs[start + row] = lanes }
    opinions.append(Opinion(weight: expert * ExpertState.count + state, logs: start))
  }

  /// Names every expert that knew something since `begin`, with its state and the logarithms of its probabilities.
  func visit(_ body: (_ expert: Int, _ state: Int, ArraySlice<Lanes>) -> Void) {
    for opinion in opinions {
      let (expert, state) = opinion.weight.quotientAndRemainder(dividingBy: ExpertState.count)
      body(expert, state, logs[opinion.logs..<opinion.logs + rows])
    }
  }

  /// Fills `probabilities`: all above zero, sum 1 within 1e-9.
  mutating func mix() {
    for row in 0..<rows { mixed[row] = Lanes(repeating: 0) }
    for opinion in opinions {
      let weight = weights[opinion.weight]
      for row in 0..<rows { mixed[row] += logs[opinion.logs + row] * weight }
    }
    var highest = -Float.infinity
    for outcome in 0..<outcomes { highest = max(highest, mixed[outcome / 8][outcome % 8]) }
    var sum = 0.0
    for row in 0..<rows {
      let lanes = FastMath.exp2(mixed[row] - highest)
      for lane in 0..<min(8, outcomes - row * 8) {
        probabilities[row * 8 + lane] = Double(lanes[lane])
        sum += Double(lanes[lane])
      }
    }
    let floor = Self.uniformShare / Double(outcomes)
    let share = (1 - Self.uniformShare) / sum
    for outcome in 0..<outcomes { probabilities[outcome] = probabilities[outcome] * share + floor }
  }

  /// Moves the weights that took part in the last mixture so that `outcome` would have cost fewer bits.
  mutating func adapt(to outcome: Int, rate: Float) {
    for row in 0..<rows {
      var lanes = Lanes(repeating: 0)
      for lane in 0..<min(8, outcomes - row * 8) { lanes[lane] = Float(probabilities[row * 8 + lane]) }
      mixed[row] = lanes
    }
    for opinion in opinions {
      var mean: Float = 0
      for row in 0..<rows { mean += (mixed[row] * logs[opinion.logs + row]).sum() }
      let gradient = logs[opinion.logs + outcome / 8][outcome % 8] - mean
      weights[opinion.weight] += rate * min(8, max(-8, gradient))
    }
  }
}

/// How much an expert knows about the place it is asked about.
enum ExpertState {
  static let count = 64

  /// By the longest known context, and by how often and how unanimously it was followed.
  static func of(_ distribution: borrowing OutcomeDistribution) -> Int {
    let total = distribution.total
    let evidence: Int
    if distribution.distinct <= 1 {
      evidence = total < 2 ? 0 : total < 4 ? 1 : 2
    } else {
      evidence = total < 5 ? 3 : total < 20 ? 4 : total < 80 ? 5 : 6
    }
    return min(7, distribution.order) * 8 + evidence
  }
}
