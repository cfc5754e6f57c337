// SPDX-License-Identifier: Apache-2.0
// Core/Style: the checksum of style files.

/// 64 bits over four interleaved lanes of 64-bit FNV-1a words, so that it runs at the speed of memory. It finds damage;
/// it does not authenticate.
enum Checksum {
  private static let prime: UInt64 = 0x100_0000_01b3
  private static let basis: UInt64 = 0xcbf2_9ce4_8422_2325

  static func of(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    var lanes = SIMD4<UInt64>(basis, basis &+ 1, basis &+ 2, basis &+ 3)
    var offset = 0
    while offset + 32 <= bytes.count {
      for lane in 0..<4 {
        let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset + lane * 8, as: UInt64.self))
        lanes[lane] = mixed(lanes[lane], word)
      }
      offset += 32
    }
    var hash = mixed(basis, UInt64(bytes.count))
    for lane in 0..<4 { hash = mixed(hash, lanes[lane]) }
    while offset < bytes.count {
      hash = mixed(hash, UInt64(bytes[offset]))
      offset += 1
    }
    return hash
  }

  /// The shift brings high bits down: a product alone never lets them reach the low ones.
  @inline(__always)
  private static func mixed(_ hash: UInt64, _ word: UInt64) -> UInt64 {
    let product = (hash ^ word) &* prime
    return product ^ (product >> 29)
  }
}
