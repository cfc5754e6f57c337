// SPDX-License-Identifier: Apache-2.0
// Core/Style: several viewpoints' opinions made one.
import Glibc

/// Probabilities over a run of outcomes (pitches, classes, gaps), combined from experts.
///
/// Viewpoints of one source are multiplied with exponents, sources are added with weights. Both weigh an expert by its
/// relative entropy, (H/Hmax)^-b with b = 2 (Conklin 1990; Pearce, Conklin and Wiggins, "Methods for combining
/// statistical models of music", CMMR 2004, who found the product best for viewpoints).
struct Combination {
  /// The exponent b.
  private static let bias = 2.0
  /// What the exponents of one source sum to: 1 would be a mean, and blur what several viewpoints agree on.
  private static let sharpness = 1.5

  private(set) var probabilities: [Double]
  private var product: [Double]
  private var productWeight = 0.0
  private var sum: [Double]
  private var expert: [Double]

  /// Room for `outcomes` outcomes.
  init(outcomes: Int) {
    probabilities = [Double](repeating: 0, count: outcomes)
    product = probabilities
    sum = probabilities
    expert = probabilities
  }

  var count: Int { probabilities.count }

  mutating func begin() {
    for outcome in 0..<count { sum[outcome] = 0 }
    beginSource()
  }

  mutating func beginSource() {
    for outcome in 0..<count { product[outcome] = 0 }
    productWeight = 0
  }

  /// One viewpoint of the source: `symbol(outcome)` names the outcome's symbol in `distribution`; 0 for none.
  mutating func multiply(_ distribution: borrowing SymbolDistribution, exponent: Double, symbol: (Int) -> Int) {
    var total = 0.0
    for outcome in 0..<count {
      expert[outcome] = distribution.probabilities[symbol(outcome)]
      total += expert[outcome]
    }
    guard total > 0 else { return }
    for outcome in 0..<count { expert[outcome] /= total }
    let weight = exponent * Self.weight(entropy: Self.entropy(expert), outcomes: count)
    for outcome in 0..<count { product[outcome] += weight * log2(max(expert[outcome], 1e-300)) }
    productWeight += weight
  }

  /// Ends a source that has `weight` in the mixture.
  mutating func add(weight: Double) {
    guard productWeight > 0, weight > 0 else { return }
    let scale = Self.sharpness / productWeight
    let highest = product.max() ?? 0
    var total = 0.0
    for outcome in 0..<count {
      expert[outcome] = exp2((product[outcome] - highest) * scale)
      total += expert[outcome]
    }
    for outcome in 0..<count { expert[outcome] /= total }
    let share = weight * Self.weight(entropy: Self.entropy(expert), outcomes: count)
    for outcome in 0..<count { sum[outcome] += share * expert[outcome] }
  }

  /// Ends the combination; uniform where no source had anything to say.
  mutating func finish() {
    let total = sum.reduce(0, +)
    for outcome in 0..<count { probabilities[outcome] = total > 0 ? sum[outcome] / total : 1 / Double(count) }
  }

  private static func entropy(_ p: [Double]) -> Double {
    var entropy = 0.0
    for value in p where value > 0 { entropy -= value * log2(value) }
    return entropy
  }

  private static func weight(entropy: Double, outcomes: Int) -> Double {
    let highest = log2(Double(outcomes))
    guard highest > 0 else { return 1 }
    let relative = max(entropy / highest, 0.1)
    return pow(relative, -bias)
  }
}
