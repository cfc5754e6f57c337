// SPDX-License-Identifier: Apache-2.0
// Devices/Synthesis: set-up of the organ. Its waves; running code is in Organ.swift.
import Glibc

/// One period of the organ's wave for a registration, at nine bandwidths.
///
/// All nine ratios are whole multiples of half the key's frequency (1, 3, 2, 4, 6, 8, 10, 12, 16), so that the sum of the
/// drawbars repeats with the 16' pipe: one table of that period holds it exactly. A key takes the table whose highest
/// partial stays below the limit, as the top of the console has no tone wheels for the highest drawbars.
struct OrganTables: ~Copyable {
  static let size = 4096
  private static let harmonics = [1, 3, 2, 4, 6, 8, 10, 12, 16]
  private static let widths = [0, 1, 2, 3, 4, 6, 8, 10, 12, 16]
  /// `widths.count` tables, each with its first sample again at its end.
  let samples: UnsafeMutablePointer<Float>
  /// For each key the phase's step a frame, of 2^32 a period.
  let steps: UnsafeMutablePointer<UInt32>
  /// For each key its table.
  let waves: UnsafeMutablePointer<UnsafeMutablePointer<Float>>

  /// Equal temperament, A4 = 440 Hz. Computes 10 x 4096 sums of nine sines: off the loop.
  init(_ drawbars: Drawbars, sampleRate: UInt32) {
    let stride = Self.size + 1
    samples = .allocate(capacity: Self.widths.count * stride)
    steps = .allocate(capacity: 128)
    waves = .allocate(capacity: 128)
    let levels = drawbars.positions.map(Self.level)
    let scale = 1 / max(1, levels.reduce(0, +))
    for (index, width) in Self.widths.enumerated() {
      for sample in 0...Self.size {
        let angle = 2 * Double.pi * Double(sample % Self.size) / Double(Self.size)
        let partials = zip(Self.harmonics, levels).filter { $0.0 <= width }
        let sum = partials.reduce(0) { $0 + sin(angle * Double($1.0)) * $1.1 }
        (samples + index * stride + sample).initialize(to: Float(sum * scale))
      }
    }
    for key in 0..<128 {
      let base = 220 * exp2(Double(key - 69) / 12)
      let width = Self.widths.lastIndex { Double($0) * base < 0.45 * Double(sampleRate) } ?? 0
      (steps + key).initialize(to: UInt32(min(0x7FFF_FFFF, base / Double(sampleRate) * 0x1p32)))
      (waves + key).initialize(to: samples + width * stride)
    }
  }

  deinit {
    samples.deallocate()
    steps.deallocate()
    waves.deallocate()
  }

  /// Each step of a drawbar is 3 dB.
  private static func level(_ position: Int) -> Double { position == 0 ? 0 : pow(10, Double(position - 8) * 3 / 20) }
}
