// SPDX-License-Identifier: Apache-2.0
// Core/Style: lengths of time as classes.
import Glibc
import Music

/// Classes of inter-onset intervals and durations: the values of notation from a 1/32 to four bars, dotted and triplet
/// ones included. A length belongs to the class nearest to it in ratio, which forgives the jitter of playing and of an
/// estimated tempo.
public enum RhythmClass {
  /// In beats, ascending. Class `i` is written as byte `i + 1`; byte 0 means that there is none.
  public static let lengths: [Double] = [
    1 / 24.0, 1 / 16.0, 1 / 12.0, 1 / 8.0, 1 / 6.0, 3 / 16.0, 1 / 4.0, 1 / 3.0, 3 / 8.0, 1 / 2.0, 2 / 3.0, 3 / 4.0, 1,
    4 / 3.0, 3 / 2.0, 7 / 4.0, 2, 5 / 2.0, 3, 7 / 2.0, 4, 5, 6, 8, 12, 16,
  ]

  /// Borders between neighbouring classes: their geometric means.
  private static let borders: [Double] = zip(lengths, lengths.dropFirst()).map { ($0 * $1).squareRoot() }

  /// 1...`lengths.count`; 0 unless `beats` is above zero. O(log classes).
  static func byte(of beats: Double) -> UInt8 {
    guard beats > 0 else { return 0 }
    var low = 0
    var high = borders.count
    while low < high {
      let middle = (low + high) / 2
      if beats > borders[middle] { low = middle + 1 } else { high = middle }
    }
    return UInt8(low + 1)
  }

  /// The length that `byte` stands for; 0 for byte 0 and for bytes that no class has.
  static func length(of byte: UInt8) -> Double {
    byte > 0 && Int(byte) <= lengths.count ? lengths[Int(byte) - 1] : 0
  }
}

/// Where in the beat and in the bar an onset falls.
enum Metre {
  /// 1...12: twelfths of the beat, nearest.
  static func beatByte(_ position: Double) -> UInt8 {
    let twelfths = Int((fraction(position, of: 1) * 12).rounded())
    return UInt8(twelfths % 12 + 1)
  }

  /// 1...128: quarters of a beat from the downbeat, nearest.
  static func barByte(_ position: Double, bar: Double) -> UInt8 {
    let length = bar.isFinite && bar > 0 ? min(bar, 32) : 4
    let quarters = Int((fraction(position, of: length) * 4).rounded())
    return UInt8(quarters % max(1, Int((length * 4).rounded())) + 1)
  }

  private static func fraction(_ position: Double, of length: Double) -> Double {
    guard position.isFinite else { return 0 }
    let rest = fmod(position, length)
    return rest < 0 ? rest + length : rest
  }
}
