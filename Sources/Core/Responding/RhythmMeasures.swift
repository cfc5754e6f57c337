// SPDX-License-Identifier: Apache-2.0
// Core/Responding: how stable a rhythm is, and how alike two are.
import Music

/// The two measures by which Haile chose among rhythms (Weinberg and Driscoll, "Toward robotic musicianship", Computer
/// Music Journal 30(4), 2006, "Perceptual modes").
public enum RhythmMeasures {
  /// Onsets so near are one, in beats.
  private static let spread = 0.06

  /// Onsets in order, a chord being one.
  public static func onsets(of notes: [Note]) -> [Double] {
    notes.map(\.onset.count).sorted().reduce(into: []) { onsets, onset in
      if onsets.last.map({ onset - $0 < spread }) ?? false { return }
      onsets.append(onset)
    }
  }

  /// 0...1: the mean of how expected the ratios of neighbouring inter-onset intervals are: whole ratios before others,
  /// small ones before large ones, a short before a long less than a long before a short (after Desain and Honing, "The
  /// formation of rhythmic categories", Perception 32, 2003). 1 for fewer than three onsets. O(onsets).
  public static func stability(of onsets: [Double]) -> Double {
    let intervals = zip(onsets.dropFirst(), onsets).map { $0 - $1 }.filter { $0 > 0 }
    guard intervals.count > 1 else { return 1 }
    let sum = zip(intervals, intervals.dropFirst()).reduce(0) { $0 + expectancy(of: $1.0 / $1.1) }
    return sum / Double(intervals.count - 1)
  }

  private static func expectancy(of ratio: Double) -> Double {
    let (large, isRising) = ratio >= 1 ? (ratio, false) : (1 / ratio, true)
    let known: [(ratio: Double, worth: Double)] = [(1, 1), (2, 0.8), (3, 0.6), (1.5, 0.45), (4, 0.4)]
    let worth = known.map { $0.worth * max(0, 1 - 6 * ($0.ratio - large).magnitude / $0.ratio) }.max() ?? 0
    return isRising ? worth * 0.85 : worth
  }

  /// 0...1: the share of onsets, on a grid of sixteenths, that both rhythms have, an onset a sixteenth beside counting
  /// half (after Tanguiane, "Artificial Perception and Music Recognition", 1993, ch. 7). O(onsets).
  public static func similarity(_ a: [Double], _ b: [Double]) -> Double {
    guard !a.isEmpty, !b.isEmpty else { return a.isEmpty && b.isEmpty ? 1 : 0 }
    let (first, second) = (Set(a.map(place)), Set(b.map(place)))
    func covered(_ places: Set<Int>, by others: Set<Int>) -> Double {
      let worth = places.reduce(0) { sum, place in
        if others.contains(place) { return sum + 2 }
        return sum + (others.contains(place - 1) || others.contains(place + 1) ? 1 : 0)
      }
      return Double(worth) / Double(2 * places.count)
    }
    return (covered(first, by: second) + covered(second, by: first)) / 2
  }

  private static func place(_ onset: Double) -> Int { Int((min(1e6, max(-1e6, onset)) * 4).rounded()) }
}
