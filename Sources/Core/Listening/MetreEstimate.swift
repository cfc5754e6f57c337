// SPDX-License-Identifier: Apache-2.0
// Core/Listening: how many beats make a bar.

/// The mean strength of the beats at each place of bars of two, three and four beats, fading. The bar whose first beat
/// stands out most is the metre, once it stands out enough.
struct MetreEstimate: Sendable {
  private static let candidates = [3, 4]
  private static let fading = 0.97
  /// Beats that have to be heard before anything is said, and by how much the first of a bar has to stand out.
  private static let fewest = 10
  private static let least = 0.35

  private var sums: [[Double]] = candidates.map { [Double](repeating: 0, count: $0) }
  private var counts: [[Double]] = candidates.map { [Double](repeating: 0.5, count: $0) }
  private var heard = 0
  /// What was last said: it takes more to change it.
  private var said: (index: Int, first: Int)?

  mutating func hear(_ accent: Double, atBeat beat: Int) {
    heard += 1
    for (index, beats) in Self.candidates.enumerated() {
      let place = Self.place(beat, beats)
      for other in 0..<beats {
        sums[index][other] *= Self.fading
        counts[index][other] = 0.5 + (counts[index][other] - 0.5) * Self.fading
      }
      sums[index][place] += accent
      counts[index][place] += 1
    }
    decide()
  }

  /// Beats in a bar, and the place (the beat's number modulo that) at which bars begin; nil where it is not known.
  var bar: (beats: Int, first: Int)? { said.map { (Self.candidates[$0.index], $0.first) } }

  /// Beats are from now on counted `shift` higher.
  mutating func shift(by shift: Int) {
    for (index, beats) in Self.candidates.enumerated() {
      let (sum, count) = (sums[index], counts[index])
      for place in 0..<beats {
        sums[index][Self.place(place + shift, beats)] = sum[place]
        counts[index][Self.place(place + shift, beats)] = count[place]
      }
    }
    said = said.map { ($0.index, Self.place($0.first + shift, Self.candidates[$0.index])) }
  }

  /// Beats are from now on counted in another unit, so that a first one is at 0: what was heard of their strength is void,
  /// but bars go on as they are until others stand out.
  mutating func changeUnit() {
    let said = said
    self = MetreEstimate()
    self.said = said.map { ($0.index, 0) }
  }

  private mutating func decide() {
    guard heard >= Self.fewest else { return }
    var best: (index: Int, first: Int, contrast: Double)?
    for (index, beats) in Self.candidates.enumerated() {
      let means = (0..<beats).map { sums[index][$0] / counts[index][$0] }
      let total = means.reduce(0, +)
      for first in 0..<beats {
        let contrast =
          means[first] - (total - means[first]) / Double(beats - 1)
          + (said.map { $0 == (index, first) } == true ? 0.25 : 0)
        if contrast > best?.contrast ?? Self.least { best = (index, first, contrast) }
      }
    }
    said = best.map { ($0.index, $0.first) }
  }

  private static func place(_ beat: Int, _ beats: Int) -> Int {
    let rest = beat % beats
    return rest < 0 ? rest + beats : rest
  }
}
