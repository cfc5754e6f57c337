// SPDX-License-Identifier: Apache-2.0
// Core/Listening: the tempo of a phrase.
import Glibc
import Music

/// The tempo under which a phrase's inter-onset intervals are most likely to be the usual note values.
///
/// A score's note value times the beat, with Gaussian deviation that grows with it, makes a played interval (Cemgil,
/// Desain and Kappen, "Rhythm quantization for transcription", Computer Music Journal 24(2), 2000); the prior of tempi is
/// log-normal around 120 beats a minute (Parncutt, "A perceptual model of pulse salience", Music Perception 11(4), 1994)
/// and, once there was a phrase, mostly around the last one's tempo. The likeliest of a hundred tempi is then refined by
/// least squares over the quantised onsets. Deterministic; O(100 x different intervals) of at most the last 64 onsets.
public enum TempoEstimate {
  static let slowest = 40.0
  static let fastest = 240.0
  private static let onsetsHeard = 64
  /// Longer intervals are rests that say nothing about the beat. Seconds.
  private static let longestInterval = 4.0
  /// The evidence of so many intervals, and no more, is held against the prior.
  private static let mostEvidence = 16.0

  /// `onsets` in order of time; fewer than two (a chord is one) give `previous`, or 120. Within 40...240.
  public static func tempo(of onsets: [Instant], previous: Tempo? = nil) -> Tempo {
    let times = merged(onsets.suffix(4 * onsetsHeard)).suffix(onsetsHeard)
    let intervals = zip(times.dropFirst(), times).map { ($0 - $1).seconds }.filter { $0 <= longestInterval }
    guard !intervals.isEmpty else { return previous ?? .standard }
    let evidence = Evidence(intervals)
    let scale = min(1, mostEvidence / Double(intervals.count))
    var best = (tempo: Tempo.standard.beatsPerMinute, score: -Double.infinity)
    for candidate in candidates {
      let score = scale * evidence.likelihood(ofBeat: 60 / candidate) + prior(candidate, previous?.beatsPerMinute)
      if score > best.score { best = (candidate, score) }
    }
    return Tempo(beatsPerMinute: refined(best.tempo, intervals)) ?? .standard
  }

  private static let candidates: [Double] = {
    let count = 100
    return (0...count).map { slowest * pow(fastest / slowest, Double($0) / Double(count)) }
  }()

  private static func merged(_ onsets: ArraySlice<Instant>) -> [Instant] {
    onsets.reduce(into: []) { kept, onset in
      if let last = kept.last, onset - last < PhraseSegmenter.chordSpread { return }
      kept.append(onset)
    }
  }

  private static func prior(_ tempo: Double, _ previous: Double?) -> Double {
    func normal(_ center: Double, _ deviation: Double) -> Double {
      let octaves = log2(tempo / center) / deviation
      return exp(-0.5 * octaves * octaves) / deviation
    }
    let general = normal(Tempo.standard.beatsPerMinute, 0.5)
    guard let previous else { return log(general) }
    return log(0.8 * normal(previous, 0.15) + 0.2 * general)
  }

  /// Least squares through the onsets' times over their places on the grid, kept within 4 % of `tempo`.
  private static func refined(_ tempo: Double, _ intervals: [Double]) -> Double {
    var (time, place) = (0.0, 0.0)
    var points = [(place: place, time: time)]
    for interval in intervals {
      time += interval
      place += NoteValue.nearest(to: interval * tempo / 60)
      points.append((place, time))
    }
    let (meanPlace, meanTime) = (points.reduce(0) { $0 + $1.place }, points.reduce(0) { $0 + $1.time })
    let count = Double(points.count)
    let covariance = points.reduce(0) { $0 + ($1.place - meanPlace / count) * ($1.time - meanTime / count) }
    let variance = points.reduce(0) { $0 + ($1.place - meanPlace / count) * ($1.place - meanPlace / count) }
    guard covariance > 0, variance > 0 else { return tempo }
    let fitted = min(tempo * 1.04, max(tempo / 1.04, 60 * variance / covariance))
    return min(fastest, max(slowest, fitted))
  }
}

/// The intervals of a phrase, those alike as one: pairs of long and short, two to one, and single ones.
private struct Evidence {
  private static let swung = 1.5...2.7

  private var singles: [(interval: Double, count: Double)] = []
  private var pairs: [(long: Double, short: Double, count: Double)] = []

  /// `intervals` in the order of playing, in seconds.
  init(_ intervals: [Double]) {
    var single: [Double] = []
    var pair: [(long: Double, short: Double)] = []
    var index = 0
    while index < intervals.count {
      if index + 1 < intervals.count, Self.swung.contains(intervals[index] / intervals[index + 1]) {
        pair.append((intervals[index], intervals[index + 1]))
        index += 2
      } else {
        single.append(intervals[index])
        index += 1
      }
    }
    singles = Self.groups(of: single).map { (Self.mean($0), Double($0.count)) }
    pairs = Self.groups(of: pair.map(\.long), along: pair).map { group in
      (Self.mean(group.map(\.long)), Self.mean(group.map(\.short)), Double(group.count))
    }
  }

  func likelihood(ofBeat beat: Double) -> Double {
    let ofSingles = singles.reduce(0) { $0 + $1.count * log(NoteValue.density(of: $1.interval, beat: beat)) }
    return pairs.reduce(ofSingles) { $0 + $1.count * log(NoteValue.density(of: $1.long, $1.short, beat: beat)) }
  }

  private static func groups(of values: [Double]) -> [[Double]] { groups(of: values, along: values) }

  /// `elements` in groups whose `values` lie within a hundredth of a second.
  private static func groups<Element>(of values: [Double], along elements: [Element]) -> [[Element]] {
    var groups: [(first: Double, elements: [Element])] = []
    for index in values.indices.sorted(by: { (values[$0], $0) < (values[$1], $1) }) {
      if let group = groups.last, values[index] - group.first < 0.01 {
        groups[groups.count - 1].elements.append(elements[index])
      } else {
        groups.append((values[index], [elements[index]]))
      }
    }
    return groups.map(\.elements)
  }

  private static func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
}
