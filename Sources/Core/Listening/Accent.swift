// SPDX-License-Identifier: Apache-2.0
// Core/Listening: accents.
import Glibc

/// How strong an onset is beside those before it.
struct Accent: Sendable {
  private var mean = 1.0
  private var variance = 0.25
  private var bass = 60.0

  /// About 1 for a strong one, -1 for a weak one: louder, of more notes, lower, of new harmony (`new` from 0 to 1).
  mutating func accent(of group: StruckGroup, new: Double) -> Double {
    let (count, lowest) = (Double(group.count), Double(group.lowest))
    let raw = group.meanLoudness + 0.60 * log(count) + 0.87 * min(1, max(-1, (bass - lowest) / 24)) + 0.36 * new
    let result = min(1.5, max(-1.5, (raw - mean) / (variance + 0.01).squareRoot()))
    mean += 0.06 * (raw - mean)
    variance += 0.06 * ((raw - mean) * (raw - mean) - variance)
    bass += 0.05 * (lowest - bass)
    return result
  }
}
