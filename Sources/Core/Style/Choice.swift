// SPDX-License-Identifier: Apache-2.0
// Core/Style: drawing an outcome.
import Glibc
import Music

enum Choice {
  /// An outcome with a probability proportional to `probabilities ^ (1 / temperature) * weight`; the likeliest at
  /// temperature 0. Where nothing has any weight, the weights are ignored. O(outcomes).
  static func drawn(
    _ probabilities: [Double], temperature: Double, using random: inout RandomSource,
    weight: (Int) -> Double = { _ in 1 }
  ) -> Int {
    let exponent = temperature.isFinite && temperature > 0.05 ? 1 / min(temperature, 20) : 20
    var shares = probabilities.indices.map { index in
      let weight = weight(index)
      return weight > 0 ? pow(probabilities[index], exponent) * weight : 0
    }
    var total = shares.reduce(0, +)
    if !(total > 0) {
      shares = probabilities
      total = shares.reduce(0, +)
    }
    if !(temperature > 0) { return shares.indices.max { shares[$0] < shares[$1] } ?? 0 }
    var rest = random.uniform() * total
    for index in shares.indices where shares[index] > 0 {
      rest -= shares[index]
      if rest < 0 { return index }
    }
    return shares.lastIndex { $0 > 0 } ?? 0
  }
}
