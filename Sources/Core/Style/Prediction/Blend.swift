// SPDX-License-Identifier: Apache-2.0
// Core/Style: viewpoints of several sources made one distribution.

/// The viewpoints of one source (a style, the player) are multiplied, as in `ExpertMixer`, but with weights that depend
/// on their states alone; sources are added with their shares in the mixture, so that a style of share 0.3 decides three
/// notes of ten. Working memory; not thread safe.
struct Blend {
  typealias Lanes = FastMath.Lanes

  private(set) var outcomes = 0
  /// The first `outcomes` are valid after `finish()`.
  private(set) var probabilities: [Double]
  /// Whether some source knew something of the last prediction.
  private(set) var isInformed = false
  private var product: [Lanes]
  private var experts = 0

  /// Room for `capacity` outcomes.
  init(capacity: Int) {
    probabilities = [Double](repeating: 0, count: capacity)
    product = [Lanes](repeating: Lanes(repeating: 0), count: (capacity + 7) / 8)
  }

  mutating func begin(outcomes: Int) {
    self.outcomes = outcomes
    for outcome in 0..<outcomes { probabilities[outcome] = 0 }
    beginSource()
  }

  mutating func beginSource() {
    experts = 0
    for row in product.indices { product[row] = Lanes(repeating: 0) }
  }

  /// One viewpoint of the source, of the same outcomes; `weight` as in `Trust`.
  mutating func multiply(_ distribution: borrowing OutcomeDistribution, weight: Float) {
    guard distribution.order >= 0, weight > 0 else { return }
    experts += 1
    product.withUnsafeMutableBufferPointer { product in
      for row in 0..<(outcomes + 7) / 8 { product[row] += FastMath.log2(distribution.rows[row]) * weight }
    }
  }

  /// Ends a source that has `share` in the mixture; nothing where it knew nothing.
  mutating func endSource(share: Double) {
    guard experts > 0 else { return }
    var highest = -Float.infinity
    for outcome in 0..<outcomes { highest = max(highest, product[outcome / 8][outcome % 8]) }
    var sum = 0.0
    for row in 0..<(outcomes + 7) / 8 {
      product[row] = FastMath.exp2(product[row] - highest)
      for lane in 0..<min(8, outcomes - row * 8) { sum += Double(product[row][lane]) }
    }
    for outcome in 0..<outcomes { probabilities[outcome] += share / sum * Double(product[outcome / 8][outcome % 8]) }
  }

  /// Makes the probabilities sum to 1; uniform where no source knew anything.
  mutating func finish() {
    var total = 0.0
    for outcome in 0..<outcomes { total += probabilities[outcome] }
    isInformed = total > 0
    for outcome in 0..<outcomes {
      probabilities[outcome] = total > 0 ? probabilities[outcome] / total : 1 / Double(outcomes)
    }
  }
}
