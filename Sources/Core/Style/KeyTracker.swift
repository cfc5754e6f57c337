// SPDX-License-Identifier: Apache-2.0
// Core/Style: the key, from what has sounded so far.
import Glibc
import Music

/// The likeliest key of the notes heard so far, older ones fading.
///
/// Log-likelihood of the pitch classes under the key profiles of Albrecht and Shanahan ("The use of large corpora to
/// train a new type of key-finding algorithm", Music Perception 2013, table 1). O(24) a note.
struct KeyTracker: Sendable {
  private static let major = [0.238, 0.006, 0.111, 0.006, 0.137, 0.094, 0.016, 0.214, 0.009, 0.080, 0.008, 0.081]
  private static let minor = [0.220, 0.006, 0.104, 0.123, 0.019, 0.103, 0.012, 0.214, 0.062, 0.022, 0.061, 0.052]

  /// `tables[pitch class][key]`; keys as in `Attribute.key`, from 0.
  private static let tables: [SIMD32<Float>] = (0..<12).map { pitchClass in
    var table = SIMD32<Float>(repeating: -1000)
    for tonic in 0..<12 {
      table[tonic] = Float(log(major[(pitchClass - tonic + 12) % 12]))
      table[tonic + 12] = Float(log(minor[(pitchClass - tonic + 12) % 12]))
    }
    return table
  }

  private var scores = SIMD32<Float>(repeating: 0)
  private var heard: Float = 0
  /// What remains of a note's weight after each later one: about 50 notes of memory.
  private let retained: Float

  init(retained: Float = 0.98) { self.retained = retained }

  mutating func hear(_ pitch: Int, weight: Float = 1) {
    scores = scores * retained + Self.tables[pitch % 12] * weight
    heard += weight
  }

  /// `Attribute.key` of the likeliest key; 0 before the first note.
  var byte: UInt8 {
    guard heard > 0 else { return 0 }
    var best = 0
    for key in 1..<24 where scores[key] > scores[best] { best = key }
    return UInt8(best + 1)
  }
}

extension Key {
  /// `Attribute.key`.
  var byte: UInt8 { 1 + tonic.number + (mode == .minor ? 12 : 0) }
}
