// SPDX-License-Identifier: Apache-2.0
// Core/Listening, whole pieces: where a beat has onsets.
import Glibc

/// What is the same for all beats of one length.
struct BeatShape {
  /// Of the places of a beat, the beat itself first: up to four.
  typealias Places = SIMD4<Double>

  /// Another onset is so near, as a share of the division, where the division is played.
  private static let near = 1.35

  /// Seconds.
  var length, reach, deviation: Double
  /// Where the places are, in seconds from the beat.
  var duple, triple, sixths: Places
  /// How far the next onset may be from one at these places; at the beat itself anything.
  var nearDuple, nearTriple: Places
  var nearSixth: Double
  /// Each third of it is long enough for a beat.
  var isSlow: Bool
  var habit: Double

  init(_ period: Int, _ parameters: BeatParameters) {
    length = Double(period) * BeatPath.frame
    let loose = parameters.looseness * length
    deviation = (parameters.jitter * parameters.jitter + loose * loose).squareRoot()
    reach = min(0.12 * length, 3 * deviation)
    duple = Places(0, 0.5, 0.25, 0.75) * length
    triple = Places(0, 1 / 3.0, 2 / 3.0, 0) * length
    sixths = Places(1 / 6.0, 1 / 2.0, 5 / 6.0, 5 / 6.0) * length
    nearDuple = Places(.infinity, 0.5, 0.25, 0.25) * (Self.near * length)
    nearTriple = Places(.infinity, 1 / 3.0, 1 / 3.0, .infinity) * (Self.near * length)
    nearSixth = Self.near * length / 6
    isSlow = length > 1.2
    let octaves = log2(length / parameters.usual) / parameters.range
    habit = parameters.beat - 0.5 * parameters.habit * octaves * octaves
  }
}
