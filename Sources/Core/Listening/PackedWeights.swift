// SPDX-License-Identifier: Apache-2.0
// Core/Listening: a network's weights as text.

/// Two characters a weight, six bits each: 512ths, 2048 being 0.
enum PackedWeights {
  static func decoded(_ lines: [String]) -> [Float] {
    let digits = lines.joined().utf8.map(value)
    return stride(from: 0, to: digits.count - 1, by: 2).map { Float(digits[$0] << 6 + digits[$0 + 1] - 2048) / 512 }
  }

  private static func value(_ character: UInt8) -> Int {
    switch character {
    case 65...90: Int(character) - 65
    case 97...122: Int(character) - 71
    case 48...57: Int(character) + 4
    case 43: 62
    default: 63
    }
  }
}
