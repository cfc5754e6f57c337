// SPDX-License-Identifier: Apache-2.0
// Core/Listening: which chord some sounding pitch classes are.
import Music

/// How long each pitch class has sounded, and how long each was the bass; the chord that explains this best. All O(1).
///
/// Template matching after Pardo and Birmingham (Algorithms for Chordal Analysis, Computer Music Journal 26/2, 2002,
/// "Labeling"): what matches a template speaks for it; what lies outside it and members that are missing speak against it.
struct ChordProfile: Hashable, Sendable {
  private(set) var weights = [Double](repeating: 0, count: 12)
  private var bassWeights = [Double](repeating: 0, count: 12)

  /// Made once: `intervals` makes an array at each call.
  private static let templates = Chord.Quality.allCases.map { (quality: $0, intervals: $0.intervals) }

  /// What a template loses for a missing fifth or seventh, and for having a seventh at all.
  private static let (missing, seventh) = (0.1, 0.2)
  /// What it wins for having its root in the bass.
  private static let rootInBass = 0.12
  /// A pitch class below this share of the whole is a passing note, no root or third.
  private static let leastShare = 0.08
  /// A chord that explains less is none.
  private static let leastScore = 0.35

  mutating func add(_ pitch: Pitch, weight: Double) { weights[Int(pitch.pitchClass.number)] += weight }

  mutating func addBass(_ pitch: Pitch, weight: Double) { bassWeights[Int(pitch.pitchClass.number)] += weight }

  mutating func fade(to share: Double) {
    for index in 0..<12 {
      weights[index] *= share
      bassWeights[index] *= share
    }
  }

  /// `current` wins over others that are as good. Nil where no template explains most of what sounds.
  func chord(preferring current: Chord? = nil) -> Chord? {
    let total = weights.reduce(0, +)
    guard total > 1e-6 else { return nil }
    let bass = heardBass
    var best: (chord: Chord, score: Double)?
    for root in PitchClass.all {
      for (quality, intervals) in Self.templates {
        guard var score = score(root, intervals, total) else { continue }
        if bass == root { score += Self.rootInBass }
        if root == current?.root && quality == current?.quality { score += 0.05 }
        if score > best?.score ?? Self.leastScore { best = (Chord(root: root, quality: quality, bass: bass), score) }
      }
    }
    return best?.chord
  }

  private var heardBass: PitchClass? {
    var best: Int?
    for index in 0..<12 where bassWeights[index] > max(1e-6, best.map { bassWeights[$0] } ?? 0) { best = index }
    return best.map(PitchClass.init)
  }

  /// From -1 to 1; nil where the root, or the third or fourth that gives the quality, is not heard.
  private func score(_ root: PitchClass, _ intervals: [Int], _ total: Double) -> Double? {
    var (inside, absent) = (0.0, 0.0)
    for (index, interval) in intervals.enumerated() {
      let share = weights[Int(root.transposed(by: interval).number)] / total
      if share < Self.leastShare {
        if index < 2 { return nil }
        absent += Self.missing
      }
      inside += share
    }
    return 2 * inside - 1 - absent - (intervals.count > 3 ? Self.seventh : 0)
  }
}
