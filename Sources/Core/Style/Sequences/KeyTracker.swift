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

  /// Twelve major keys, twelve minor ones.
  private static let keys = 24
  private typealias Lanes = SIMD8<Float>

  /// Three rows of eight keys a pitch class; keys as in `Attribute.key`, from 0.
  private static let tables: [Lanes] = (0..<12).flatMap { pitchClass in
    let logs = (0..<keys).map { key in
      Float(log((key < 12 ? major : minor)[(pitchClass - key % 12 + 12) % 12]))
    }
    return (0..<3).map { row in Lanes(logs[row * 8..<row * 8 + 8]) }
  }

  private var scores = (Lanes(repeating: 0), Lanes(repeating: 0), Lanes(repeating: 0))
  private var heard: Float = 0
  /// What remains of a note's weight after each later one: about 50 notes of memory.
  private let retained: Float

  init(retained: Float = 0.98) { self.retained = retained }

  mutating func hear(_ pitch: Int, weight: Float = 1) {
    Self.tables.withUnsafeBufferPointer { tables in
      let row = pitch % 12 * 3
      scores.0 = scores.0 * retained + tables[row] * weight
      scores.1 = scores.1 * retained + tables[row + 1] * weight
      scores.2 = scores.2 * retained + tables[row + 2] * weight
    }
    heard += weight
  }

  /// `Attribute.key` of the likeliest key; 0 before the first note.
  var byte: UInt8 {
    guard heard > 0 else { return 0 }
    let highest = max(scores.0.max(), scores.1.max(), scores.2.max())
    if let key = (0..<8).first(where: { scores.0[$0] == highest }) { return UInt8(key + 1) }
    if let key = (0..<8).first(where: { scores.1[$0] == highest }) { return UInt8(key + 9) }
    return (0..<8).first { scores.2[$0] == highest }.map { UInt8($0 + 17) } ?? 0
  }
}

extension Key {
  /// `Attribute.key`.
  var byte: UInt8 { 1 + tonic.number + (mode == .minor ? 12 : 0) }
}
