// SPDX-License-Identifier: Apache-2.0
// Core/Listening: the best readings of the onsets so far.
import Glibc

/// A beam of hypotheses, the likeliest first: what a switching Kalman filter needs when it may quantise each onset in
/// several ways (Cemgil and Kappen, "Monte Carlo methods for tempo tracking and rhythm quantization", JAIR 18, 2003,
/// searched here without chance). O(width) an onset.
struct BeatSearch: Sendable {
  /// Periods of 240 to 40 beats a minute.
  static let periods = 0.25...1.5
  /// So much less likely than the best, and a hypothesis is given up.
  private static let hopeless = 14.0
  /// Places that an onset may be moved by, in 24ths of a beat.
  private static let reach = 4.0

  let width: Int
  private(set) var hypotheses: [BeatHypothesis] = []
  private var next: [BeatHypothesis] = []
  /// The likeliest of `next`, and its score.
  private var likeliest: Int?
  private var best = -Double.infinity
  /// The likelier ones of `next`, the likeliest first: how much less likely than the best, in the upper bits, and which.
  private var order: [UInt64] = []
  /// One for each of `hypotheses`.
  private var marks: [Mark] = []
  private var first: Double?
  private var latest = 0.0
  /// Between onsets, in the mean of the last few seconds.
  private var interval = 0.25
  private var intervals = 0
  /// How long the onset before was, beside others.
  private var length = 0.0

  init(width: Int) { self.width = width }

  /// Nothing is known, or only the tempo, as its beat's period in seconds.
  mutating func restart() {
    hypotheses = []
    first = nil
  }

  /// An onset in seconds, later than the one before; `accent` is about 1 for a strong one, -1 for a weak one. `usual` is
  /// the period that is expected where nothing was heard yet.
  mutating func hear(_ instant: Double, accent: Double, usual: Double?) {
    defer { latest = instant }
    guard let first else {
      self.first = instant
      return
    }
    if hypotheses.isEmpty { begin(first, accent: accent, usual: usual) }
    if instant - latest > 0.06, instant - latest < 2.5 {
      intervals += 1
      interval += max(0.04, 1 / Double(intervals)) * (instant - latest - interval)
    }
    length = max(-1.5, min(1.5, log(max(0.03, instant - latest) / interval)))
    next.removeAll(keepingCapacity: true)
    (best, likeliest) = (-.infinity, nil)
    for index in hypotheses.indices { extend(index, instant, accent) }
    prune()
  }

  /// Every tempo, with the first onset on the beat, or on the half before it.
  private mutating func begin(_ first: Double, accent: Double, usual: Double?) {
    let count = 72
    for step in 0...count {
      let period =
        Self.periods.lowerBound
        * pow(Self.periods.upperBound / Self.periods.lowerBound, Double(step) / Double(count))
      let prior = Self.logPrior(period, usual: usual)
      for (place, score) in [(0, log(0.75)), (12, log(0.15)), (18, log(0.07))] {
        hypotheses.append(BeatHypothesis(time: first, period: period, position: place, score: prior + score))
      }
    }
  }

  /// Log-normal about 107 beats a minute (after Parncutt, Music Perception 11(4), 1994), and narrower about a tempo that
  /// was known before.
  private static func logPrior(_ period: Double, usual: Double?) -> Double {
    func normal(_ center: Double, _ deviation: Double) -> Double {
      let octaves = log2(period / center) / deviation
      return exp(-0.5 * octaves * octaves) / deviation
    }
    let general = normal(0.56, 0.61)
    return log(usual.map { 0.25 * general + 0.75 * normal($0, 0.12) } ?? general)
  }

  private mutating func extend(_ index: Int, _ instant: Double, _ accent: Double) {
    let hypothesis = hypotheses[index]
    let place = hypothesis.place(of: instant)
    guard place < 1e6 else { return }
    let lowest = max(hypothesis.position + 1, Int((place - Self.reach).rounded(.up)))
    let highest = Int((place + Self.reach).rounded(.down))
    if lowest <= highest {
      let onset = BeatHypothesis.Onset(
        time: instant, accent: accent, length: length, fullBeat: log2(interval * BeatHypothesis.density),
        least: best - Self.hopeless)
      hypothesis.heard(onset, at: lowest...highest) { add($0) }
    }
    add(hypothesis.ignored(after: instant - latest))
  }

  private mutating func add(_ hypothesis: BeatHypothesis) {
    if hypothesis.score > best { (best, likeliest) = (hypothesis.score, next.count) }
    next.append(hypothesis)
  }

  /// Keeps the likeliest, and of those that mean the same only one.
  private mutating func prune() {
    if let likeliest { reread(next[likeliest]) }
    // Readings are ten times the size of what orders them.
    order.removeAll(keepingCapacity: true)
    for index in next.indices where next[index].score >= best - Self.hopeless {
      order.append(UInt64((best - next[index].score) * 0x1p40) << 16 | UInt64(index))
    }
    order.sort()
    hypotheses.removeAll(keepingCapacity: true)
    marks.removeAll(keepingCapacity: true)
    for entry in order {
      if hypotheses.count == width { break }
      keep(next[Int(entry & 0xFFFF)])
    }
    // Scores stay small however long it goes on; differences are what counts.
    for index in hypotheses.indices { hypotheses[index].score -= best }
  }

  /// Unless one that means the same is kept already.
  private mutating func keep(_ candidate: BeatHypothesis) {
    if marks.contains(where: { $0.isSame(candidate) }) { return }
    hypotheses.append(candidate)
    marks.append(Mark(candidate))
  }

  /// The likeliest reading in other units: beats of half, twice and one and a half times the length. Such readings would
  /// otherwise be crowded out of the beam, and what is heard later may show that they were right.
  private mutating func reread(_ best: BeatHypothesis) {
    let place = RhythmGrid.place(best.position)
    guard place % 12 == 0 else { return }
    for (factor, places, penalty) in [
      (2.0, [place / 2, place / 2 + 12], 5.9), (0.5, [0], 5.9), (1.5, place == 0 ? [0, 8, 16] : [8], 10.6),
    ] {
      let period = best.period * factor
      guard Self.periods.contains(period) else { continue }
      for place in places { add(best.reread(factor: factor, position: place, penalty: penalty)) }
    }
  }

  /// What tells readings apart.
  private struct Mark {
    var time, period, position: Double
    /// Beats a second.
    var pace: Double

    init(_ hypothesis: BeatHypothesis) {
      (time, period, position) = (hypothesis.time, hypothesis.period, Double(hypothesis.position))
      pace = 1 / period
    }

    /// Whether the other has the same period and the same beats, within 1.2 % and a fortieth of a beat.
    func isSame(_ other: BeatHypothesis) -> Bool {
      guard (period - other.period).magnitude < 0.012 * other.period else { return false }
      let beats = (other.time - time) * pace + (position - Double(other.position)) / Double(RhythmGrid.resolution)
      return (beats - Double(Int(beats + (beats < 0 ? -0.5 : 0.5)))).magnitude < 0.025
    }
  }
}
