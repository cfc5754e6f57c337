// SPDX-License-Identifier: Apache-2.0
// Core/Listening, whole pieces: where phrases begin.
import Glibc

/// The best division into phrases, by dynamic programming: phrases end before long notes' ends and rests, have some ten
/// onsets, and begin at like places in the bar (Temperley, The Cognition of Basic Musical Structures, 2001, ch. 3).
/// O(onsets x longest).
enum PhrasePath {
  /// Onsets that a phrase may have.
  private static let longest = 60
  private static let usual = 10.0

  /// The first group of each phrase; empty for none. `places` says how many beats into the bar each group stands, nil
  /// where that is not known.
  static func starts(_ groups: [OnsetGroup], places: [Int?]) -> [Int] {
    guard !groups.isEmpty else { return [] }
    let gaps = gaps(groups)
    var best = [Double](repeating: -.infinity, count: groups.count + 1)
    var source = [Int](repeating: 0, count: groups.count + 1)
    best[0] = 0
    for end in 1...groups.count {
      for start in max(0, end - longest)..<end {
        let octaves = log2(Double(end - start) / usual)
        var score = best[start] - 0.9 * octaves * octaves
        score += end < groups.count ? gaps[end] - 1.2 : 0
        if start > 0, source[start] < start, let place = places[start], place == places[source[start]] { score += 0.4 }
        if score > best[end] { (best[end], source[end]) = (score, start) }
      }
    }
    var starts: [Int] = []
    var end = groups.count
    while end > 0 {
      end = source[end]
      starts.append(end)
    }
    return starts.reversed()
  }

  /// How far each group stands apart from the one before: from onset to onset, and what of that is silent, beside what is
  /// usual there.
  private static func gaps(_ groups: [OnsetGroup]) -> [Double] {
    var release = 0.0
    var usual = 0.3
    var gaps = [0.0]
    for index in groups.indices.dropFirst() {
      let former = groups[index - 1]
      release = max(release, former.time + (former.notes.map(\.duration.seconds).max() ?? 0))
      let interval = groups[index].time - former.time
      let silence = max(0, groups[index].time - release)
      gaps.append(min(4, interval / usual + silence / usual) - 1)
      usual += 0.1 * (min(1.5, max(0.05, interval)) - usual)
    }
    return gaps
  }
}
