// SPDX-License-Identifier: Apache-2.0
// Tests/Control/Protocol: seeded noise for fuzzing.
import Foundation

/// How often a fuzzing test tries; JAMD_FUZZ raises it.
let fuzzIterations = ProcessInfo.processInfo.environment["JAMD_FUZZ"].flatMap(Int.init) ?? 5000

/// SplitMix64: the same seed, the same noise.
struct Noise {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }

  /// A few bytes changed, removed, doubled or cut off.
  mutating func mutation(of bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<(1 + below(4)) where !bytes.isEmpty {
      let place = below(bytes.count)
      switch below(5) {
      case 0: bytes[place] = UInt8(truncatingIfNeeded: next())
      case 1: bytes.remove(at: place)
      case 2: bytes.insert(contentsOf: bytes[place...], at: place)
      case 3: bytes.removeSubrange(place...)
      default: bytes.insert(Array("{}[]\",:0-.e\\".utf8)[below(12)], at: place)
      }
    }
    return bytes
  }
}
