// SPDX-License-Identifier: Apache-2.0
// Core/Style: drawing an outcome.
import Glibc
import Music

enum Choice {
  /// One of the first `count` outcomes, with a chance proportional to `probabilities ^ (1 / temperature) * weight`; the
  /// likeliest at temperature 0. Nothing of weight 0 is drawn, however likely it is; only where nothing has any weight are
  /// the weights ignored. O(count).
  static func drawn(
    _ probabilities: [Double], of count: Int, temperature: Double, using random: inout RandomSource,
    weight: (Int) -> Double
  ) -> Int {
    let isGreedy = !(temperature > 0.01)
    let exponent = isGreedy ? 1 : 1 / min(temperature, 20)
    var shares = (0..<count).map { max(0, weight($0)) }
    // Relative to the likeliest that may be drawn, so that a high exponent leaves something.
    let highest = shares.indices.reduce(0.0) { shares[$1] > 0 ? max($0, probabilities[$1]) : $0 }
    var total = 0.0
    for outcome in 0..<count where highest > 0 {
      let probability = probabilities[outcome] / highest
      shares[outcome] *= exponent == 1 ? probability : pow(min(1, probability), exponent)
      total += shares[outcome]
    }
    // Of those that have a weight nothing is known, or nothing has one.
    if !(total > 0) { total = shares.reduce(0, +) }
    if !(total > 0) {
      shares = Array(probabilities.prefix(count))
      total = shares.reduce(0, +)
    }
    if isGreedy { return shares.indices.max { shares[$0] < shares[$1] } ?? 0 }
    var rest = random.uniform() * total
    for outcome in 0..<count where shares[outcome] > 0 {
      rest -= shares[outcome]
      if rest < 0 { return outcome }
    }
    return shares.lastIndex { $0 > 0 } ?? 0
  }
}
