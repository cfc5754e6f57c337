// SPDX-License-Identifier: Apache-2.0
// Core/Style: logarithms eight at a time.

/// Base-2 logarithm and exponential from the bits of floats and a polynomial (least squares, exact at both ends), eight
/// lanes at once: fast, and the same bits on every machine, which a system's library does not promise.
enum FastMath {
  typealias Lanes = SIMD8<Float>

  /// Of positive, normal numbers; error below 3e-6.
  @inline(__always)
  static func log2(_ x: Lanes) -> Lanes {
    let bits = unsafeBitCast(x, to: SIMD8<Int32>.self)
    // 2^23 plus the exponent, as a float, less 2^23 and the bias: a conversion without a call.
    let biased = unsafeBitCast((bits &>> 23) | 0x4B00_0000, to: Lanes.self)
    let exponent = biased - (8_388_608 + 127)
    let t = unsafeBitCast((bits & 0x7F_FFFF) | 0x3F80_0000, to: Lanes.self) - 1
    var p = t * -0.02584076 + 0.12179581
    p = p * t - 0.27790296
    p = p * t + 0.45754797
    p = p * t - 0.71814498
    p = p * t + 1.44254492
    return exponent + t * p
  }

  /// Relative error below 2e-7; below -126 as of -126.
  @inline(__always)
  static func exp2(_ x: Lanes) -> Lanes {
    let x = x.clamped(lowerBound: Lanes(repeating: -126), upperBound: Lanes(repeating: 126))
    // Adding 1.5 * 2^23 leaves the rounded number in the low bits; a half less rounds down.
    let shifted = (x - 0.5) + 12_582_912
    let f = x - (shifted - 12_582_912)
    let exponent = unsafeBitCast(shifted, to: SIMD8<Int32>.self) &- 0x4B40_0000
    var p = f * 0.00189556 + 0.00895056
    p = p * f + 0.05585335
    p = p * f + 0.24014756
    p = p * f + 0.69315297
    p = p * f + 1
    return p * unsafeBitCast((exponent &+ 127) &<< 23, to: Lanes.self)
  }
}
