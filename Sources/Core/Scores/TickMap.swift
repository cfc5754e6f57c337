// SPDX-License-Identifier: Apache-2.0
// Core/Scores: where beats that were heard stand among ticks.
import Music

/// A tempo map under which every beat begins a quarter note, and every multiple of `Take.timeStep` comes back exactly.
///
/// A tick is never longer than that step, so a quarter note lasts `longestQuarter` at most. Slower beats are two, four or
/// eight quarter notes long, as in cut time; pauses between beats are as many as they need. Tempi are whole microseconds, and
/// what rounding takes from one beat the next one gets.
struct TickMap: Hashable {
  static let ticksPerQuarter = 30720
  private static let longestQuarter = 600_000
  private static let standardQuarter = 500_000

  /// From here on a quarter note has this length, in microseconds.
  struct Segment: Hashable {
    var time: Int
    var tick: Int
    var quarter: Int
  }

  /// In order of time; the first begins at 0.
  private(set) var segments: [Segment] = []

  /// `beats` are microseconds, rising. O(beats).
  init(beats: [Int]) {
    let intervals = zip(beats, beats.dropFirst()).map { $1 - $0 }.sorted()
    guard let first = beats.first, !intervals.isEmpty else {
      segments = [Segment(time: 0, tick: 0, quarter: Self.standardQuarter)]
      return
    }
    let median = intervals[intervals.count / 2]
    // So that rubato does not change the notation, but for few beats.
    let quarters = [1, 2, 4].first { intervals[intervals.count * 9 / 10] <= $0 * Self.longestQuarter } ?? 8
    var end = 0
    // A beat right after the beginning would need a tempo that nobody plays.
    let counted = beats.drop { 0 < $0 && $0 < (beats[1] - first) / 2 }
    for beat in counted where beat > end {
      let fewest = (beat - end + quarters * Self.longestQuarter - 1) / (quarters * Self.longestQuarter)
      let usual = end == 0 ? (beat + median / 2) / median : 1
      end = add(quarters * max(fewest, usual), from: end, to: beat)
    }
  }

  /// As a file has it that a take wrote; nil for a map that no take has written. O(events).
  init?(_ file: StandardMIDIFile) {
    guard case .ticksPerQuarter(Self.ticksPerQuarter) = file.division, let conductor = file.tracks.first else {
      return nil
    }
    for event in conductor {
      guard case .meta(MetaType.tempo, let data) = event.event, data.count == 3 else { continue }
      let quarter = data.reduce(0) { $0 << 8 | Int($1) }
      guard let before = segments.last else {
        guard event.tick == 0, (1...Self.longestQuarter).contains(quarter) else { return nil }
        segments = [Segment(time: 0, tick: 0, quarter: quarter)]
        continue
      }
      let (quarters, rest) = (event.tick - before.tick).quotientAndRemainder(dividingBy: Self.ticksPerQuarter)
      guard quarters > 0, rest == 0, (1...Self.longestQuarter).contains(quarter) else { return nil }
      segments.append(Segment(time: before.time + quarters * before.quarter, tick: event.tick, quarter: quarter))
    }
    if segments.isEmpty { return nil }
  }

  /// Gives where they really end.
  private mutating func add(_ quarters: Int, from start: Int, to end: Int) -> Int {
    let quarter = max(1, (end - start + quarters / 2) / quarters)
    if segments.last?.quarter != quarter { segments.append(Segment(time: start, tick: tick(start), quarter: quarter)) }
    return start + quarters * quarter
  }

  /// Of a time in microseconds. O(log beats).
  func tick(_ time: Int) -> Int {
    guard let segment = segments.last(where: time) else { return 0 }
    let scaled = (time - segment.time) * Self.ticksPerQuarter
    return segment.tick + (scaled + segment.quarter / 2) / segment.quarter
  }
}

extension [TickMap.Segment] {
  /// The last that begins at `time` or before.
  fileprivate func last(where time: Int) -> TickMap.Segment? {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if self[middle].time <= time { low = middle + 1 } else { high = middle }
    }
    return low > 0 ? self[low - 1] : first
  }
}
