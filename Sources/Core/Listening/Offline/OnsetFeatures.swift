// SPDX-License-Identifier: Apache-2.0
// Core/Listening, whole pieces: what makes an onset a likely beat.
import Glibc
import Music

/// What musicians put on beats: long notes, low notes, many notes, loud notes, and new harmony (Lerdahl and Jackendoff, A
/// Generative Theory of Tonal Music, 1983, metrical preference rules 4 to 6; Temperley, Music and Probability, 2007, ch. 3).
/// Each figure is about 0 for the usual onset of its surroundings and within -3...3.
enum OnsetFeatures {
  static let count = 10
  /// The columns that tell how long it is until something else is struck: in the bass, in the melody, anywhere.
  static let following = [3, 4, 5]
  /// The column that tells of new harmony.
  static let harmony = 8

  /// A row of `count` figures for each group. O(groups), where notes in 1.5 s are few.
  static func rows(_ groups: [OnsetGroup]) -> [[Double]] {
    guard !groups.isEmpty else { return [] }
    let raw = columns(groups)
    let times = groups.map(\.time)
    let normal = raw.map { relative($0, times) }
    return groups.indices.map { index in normal.map { $0[index] } }
  }

  private static func columns(_ groups: [OnsetGroup]) -> [[Double]] {
    let times = groups.map(\.time)
    func interval(_ index: Int) -> Double {
      guard index >= 0, index + 1 < times.count else { return 1 }
      return log(min(4, max(0.03, times[index + 1] - times[index])))
    }
    let voices = groups.indices.map { following($0, groups) }
    return [
      groups.map { log(Double($0.notes.count)) },
      groups.map { Double($0.notes.map(\.velocity.value).max() ?? 0) / 16 },
      groups.map { -Double($0.lowest.pitch.number) / 12 },
      voices.map { log($0.bass) },
      voices.map { log($0.melody) },
      groups.indices.map { interval($0) },
      groups.indices.map { interval($0 - 1) },
      groups.map { group in log(min(4, max(0.05, group.notes.map(\.duration.seconds).max() ?? 0.05))) },
      harmonyChange(groups),
      groups.map { group in Double(group.highest.pitch.number) / 12 },
    ]
  }

  /// Seconds until something is struck in the register of the lowest and of the highest note, 4 at most.
  private static func following(_ index: Int, _ groups: [OnsetGroup]) -> (bass: Double, melody: Double) {
    let group = groups[index]
    let (low, high) = (Int(group.lowest.pitch.number) + 5, Int(group.highest.pitch.number) - 5)
    var (bass, melody): (Double?, Double?) = (nil, nil)
    var next = index + 1
    while next < groups.count, bass == nil || melody == nil {
      let distance = groups[next].time - group.time
      guard distance < 4 else { break }
      if bass == nil, Int(groups[next].lowest.pitch.number) <= low { bass = distance }
      if melody == nil, Int(groups[next].highest.pitch.number) >= high { melody = distance }
      next += 1
    }
    return (max(0.03, bass ?? 4), max(0.03, melody ?? 4))
  }

  /// How different the pitch classes of the second that begins here are from those of the second before.
  private static func harmonyChange(_ groups: [OnsetGroup]) -> [Double] {
    groups.indices.map { index in
      var (before, after) = ([Double](repeating: 0, count: 12), [Double](repeating: 0, count: 12))
      var other = index - 1
      while other >= 0, groups[index].time - groups[other].time < 1.2 {
        add(groups[other], exp(-(groups[index].time - groups[other].time) / 0.5), to: &before)
        other -= 1
      }
      other = index
      while other < groups.count, groups[other].time - groups[index].time < 1 {
        add(groups[other], exp(-(groups[other].time - groups[index].time) / 0.4), to: &after)
        other += 1
      }
      let product = zip(before, after).reduce(0) { $0 + $1.0 * $1.1 }
      let norms = before.reduce(0) { $0 + $1 * $1 } * after.reduce(0) { $0 + $1 * $1 }
      return norms > 0 ? 2 * (1 - product / norms.squareRoot()) : 1
    }
  }

  private static func add(_ group: OnsetGroup, _ weight: Double, to profile: inout [Double]) {
    for note in group.notes { profile[Int(note.pitch.pitchClass.number)] += weight }
    profile[Int(group.lowest.pitch.pitchClass.number)] += weight
  }

  /// Each value less the mean, over the deviation, of the 8 s around it.
  private static func relative(_ values: [Double], _ times: [Double]) -> [Double] {
    var (first, end) = (0, 0)
    var (sum, squares) = (0.0, 0.0)
    return values.indices.map { index in
      while end < values.count, times[end] < times[index] + 8 {
        sum += values[end]
        squares += values[end] * values[end]
        end += 1
      }
      while times[first] < times[index] - 8 {
        sum -= values[first]
        squares -= values[first] * values[first]
        first += 1
      }
      let count = Double(end - first)
      let mean = sum / count
      let deviation = max(0, squares / count - mean * mean).squareRoot()
      return min(3, max(-3, (values[index] - mean) / (deviation + 0.15)))
    }
  }
}
