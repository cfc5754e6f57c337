// SPDX-License-Identifier: Apache-2.0
// Core/Listening: where in the beat an onset is likely to stand, as it is heard.
import Glibc

/// How likely an onset stands on a beat, halfway between two, on a quarter or on a third of one, given what it and those
/// before it are like: a network with one hidden layer (Bishop, Pattern Recognition and Machine Learning, 2006, ch. 5). It was
/// trained on every second score of the corpora, played as `HumanRendition` plays them (docs/decisions/one-running-beat.md).
struct CueNetwork: Sendable {
  static let places = 4
  private static let inputs = OnsetCues.history * OnsetCues.count

  /// The network that ships.
  static let trained = CueNetwork(PackedWeights.decoded(CueWeights.packed))
  /// What it says is multiplied by so much: onsets of one beat are not independent.
  private static let trust: Float = 0.7

  /// Inputs by hidden units, hidden biases, hidden units by places, biases of places.
  private let hidden: [Float]
  private let hiddenBias: [Float]
  private let output: [Float]
  private let outputBias: [Float]

  /// `weights` in the order above; the number of hidden units follows from their number.
  init(_ weights: [Float]) {
    let units = (weights.count - Self.places) / (Self.inputs + 1 + Self.places)
    let ends = [Self.inputs * units, Self.inputs * units + units, Self.inputs * units + units + units * Self.places]
    hidden = Array(weights[..<ends[0]])
    hiddenBias = Array(weights[ends[0]..<ends[1]])
    output = Array(weights[ends[1]..<ends[2]])
    outputBias = Array(weights[ends[2]...])
  }

  /// The probabilities of beat, half, quarter and third for the last onset of a window of `OnsetCues`.
  /// O(inputs x hidden units).
  func places(_ window: [Float]) -> SIMD4<Float> {
    let units = hiddenBias.count
    var sums = hiddenBias
    for (index, value) in window.enumerated() where value != 0 {
      for unit in 0..<units { sums[unit] += value * hidden[index * units + unit] }
    }
    var scores = SIMD4<Float>(outputBias)
    for unit in 0..<units {
      let active = Self.trust * tanhf(sums[unit])
      let place = unit * Self.places
      scores += active * SIMD4(output[place], output[place + 1], output[place + 2], output[place + 3])
    }
    let highest = scores.max()
    let shares = SIMD4(
      expf(scores[0] - highest), expf(scores[1] - highest), expf(scores[2] - highest), expf(scores[3] - highest))
    return shares / shares.sum()
  }
}
