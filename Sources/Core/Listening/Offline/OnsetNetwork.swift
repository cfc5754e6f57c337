// SPDX-License-Identifier: Apache-2.0
// Core/Listening, whole pieces: where in the beat an onset is likely to stand.
import Glibc

/// How likely an onset stands on a beat, halfway between two, on a quarter or on a third of one, given what it and its
/// neighbours are like: a network with one hidden layer (Bishop, Pattern Recognition and Machine Learning, 2006, ch. 5). It
/// was trained on scores played as `HumanRendition` plays them; docs/decisions/beats-of-whole-pieces.md tells how.
struct OnsetNetwork: Sendable {
  enum Place: Int, CaseIterable {
    case beat, half, quarter, third
  }

  static let places = Place.allCases.count
  /// So many groups before and after an onset are looked at.
  static let neighbours = 4
  static let inputs = (2 * neighbours + 1) * OnsetFeatures.count

  /// Inputs by hidden units, hidden biases, hidden units by places, biases of places.
  private let hidden: [Float]
  private let hiddenBias: [Float]
  private let output: [Float]
  private let outputBias: [Float]
  private var units: Int { hiddenBias.count }

  /// The network that ships.
  static let trained = OnsetNetwork(PackedWeights.decoded(OnsetWeights.packed))

  /// `weights` in the order above; the number of hidden units follows from their number.
  init(_ weights: [Float]) {
    let units = (weights.count - Self.places) / (Self.inputs + 1 + Self.places)
    let ends = [Self.inputs * units, Self.inputs * units + units, Self.inputs * units + units + units * Self.places]
    hidden = Array(weights[..<ends[0]])
    hiddenBias = Array(weights[ends[0]..<ends[1]])
    output = Array(weights[ends[1]..<ends[2]])
    outputBias = Array(weights[ends[2]...])
  }

  /// Logarithms of the probability of each place for each row of `OnsetFeatures`, `places` an onset; `trust` multiplies what
  /// speaks for them. O(rows).
  func logarithms(_ rows: [[Double]], trust: Double) -> [Float] {
    var result: [Float] = []
    result.reserveCapacity(rows.count * Self.places)
    for index in rows.indices { append(index, rows, Float(trust), &result) }
    return result
  }

  private func append(_ index: Int, _ rows: [[Double]], _ trust: Float, _ result: inout [Float]) {
    var sums = hiddenBias
    for offset in -Self.neighbours...Self.neighbours where rows.indices.contains(index + offset) {
      for (feature, value) in rows[index + offset].enumerated() {
        let row = ((offset + Self.neighbours) * OnsetFeatures.count + feature) * units
        for unit in 0..<units { sums[unit] += Float(value) * hidden[row + unit] }
      }
    }
    var scores = outputBias
    for unit in 0..<units {
      let active = trust * tanhf(sums[unit])
      for place in 0..<Self.places { scores[place] += active * output[unit * Self.places + place] }
    }
    let highest = scores.max() ?? 0
    let total = highest + logf(scores.reduce(0) { $0 + expf($1 - highest) })
    for score in scores { result.append(score - total) }
  }
}
