// SPDX-License-Identifier: Apache-2.0
// Core/Style: drawing an outcome.
import Glibc
import Music

enum Choice {
  /// One of the first `count` outcomes, with a chance proportional to `probabilities ^ (1 / temperature) * weight`; the
  /// likeliest at temperature 0. Where nothing has any weight, the weights are ignored. O(count).
  static func drawn(
    _ probabilities: [Double], of count: Int, temperature: Double, using random: inout RandomSource,
    weight: (Int) -> Double
  ) -> Int {
    let isGreedy = !(temperature > 0.01)
    let exponent = isGreedy ? 1 : 1 / min(temperature, 20)
    var shares = [Double](repeating: 0, count: count)
    var total = 0.0
    for outcome in 0..<count {
      let probability = exponent == 1 ? probabilities[outcome] : pow(probabilities[outcome], exponent)
      shares[outcome] = max(0, probability * weight(outcome))
      total += shares[outcome]
    }
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
