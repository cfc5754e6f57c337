// SPDX-License-Identifier: Apache-2.0
// Core/Listening, whole pieces: which beats begin a bar.

/// The likeliest row of bars over known beats, by the Viterbi algorithm: bars of two, three or four beats, which rarely
/// change, and begin where onsets are strong. O(beats).
enum BarPath {
  struct Bars: Hashable, Sendable {
    /// Places among the beats at which bars begin.
    var starts: [Int]
    /// Beats in most bars.
    var length: Int
    /// By how much first beats are stronger than the others, in deviations.
    var contrast: Double
  }

  private static let lengths = [2, 3, 4]
  /// That a bar has another length than the one before; how usual each length is.
  private static let change = -7.0
  private static let usual = [0.0, 0.15, 0.25]

  /// `strengths` is what the onsets of each beat are like: about 0 for a usual one. Nil for fewer than eight beats.
  static func bars(_ strengths: [Double]) -> Bars? {
    guard strengths.count >= 8 else { return nil }
    let states = lengths.enumerated().flatMap { kind, length in (0..<length).map { (kind: kind, place: $0) } }
    var scores = states.map { gain(strengths[0], $0.place, lengths[$0.kind]) }
    var sources: [[Int]] = []
    for strength in strengths.dropFirst() {
      var next = [Double](repeating: -.infinity, count: states.count)
      var from = [Int](repeating: 0, count: states.count)
      for (index, state) in states.enumerated() {
        for (other, former) in states.enumerated() {
          guard let step = step(from: former, to: state), scores[other] + step > next[index] else { continue }
          (next[index], from[index]) = (scores[other] + step, other)
        }
        next[index] += gain(strength, state.place, lengths[state.kind])
      }
      scores = next
      sources.append(from)
    }
    var state = scores.indices.max { scores[$0] < scores[$1] } ?? 0
    var path = [state]
    for from in sources.reversed() {
      state = from[state]
      path.append(state)
    }
    return bars(path.reversed().map { states[$0] }, strengths)
  }

  private static func step(from former: (kind: Int, place: Int), to state: (kind: Int, place: Int)) -> Double? {
    let isLast = former.place == lengths[former.kind] - 1
    guard isLast else { return former.kind == state.kind && state.place == former.place + 1 ? 0 : nil }
    guard state.place == 0 else { return nil }
    return usual[state.kind] + (former.kind == state.kind ? 0 : change)
  }

  private static func gain(_ strength: Double, _ place: Int, _ length: Int) -> Double {
    if place == 0 { return strength }
    // The middle of four is the second strongest.
    return (length == 4 && place == 2 ? 0.2 : -0.4) * strength - 0.1
  }

  private static func bars(_ path: [(kind: Int, place: Int)], _ strengths: [Double]) -> Bars {
    let starts = path.indices.filter { path[$0].place == 0 }
    let counts = lengths.indices.map { kind in path.count { $0.kind == kind } }
    let kind = counts.indices.max { counts[$0] < counts[$1] } ?? 0
    func mean(_ indices: [Int]) -> Double {
      indices.reduce(0) { $0 + strengths[$1] } / Double(max(1, indices.count))
    }
    let others = path.indices.filter { path[$0].place != 0 }
    return Bars(starts: starts, length: lengths[kind], contrast: mean(starts) - mean(others))
  }
}
