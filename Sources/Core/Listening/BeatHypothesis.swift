// SPDX-License-Identifier: Apache-2.0
// Core/Listening: one idea of where the beat is.
import Glibc

/// A reading of the onsets so far: the score position of the last one, and a filter for its time and the length of a beat.
struct BeatHypothesis: Sendable {
  /// How often a step is the same as the last, and as the one before it: rhythms repeat themselves, whatever their place.
  private static let repetition = (0.35, 0.10)
  /// The logarithms of what that makes each place: of steps that repeat neither, the last, the one before it, and both.
  private static let rhythms: [Double] = {
    let repeated = [0, repetition.0, repetition.1, repetition.0 + repetition.1]
    return repeated.flatMap { share in
      RhythmGrid.probabilities.map { log(share + (1 - repetition.0 - repetition.1) * $0) }
    }
  }()

  private var filter: BeatFilter
  /// In 24ths of a beat.
  var position: Int
  /// Logarithm of the probability of this reading with all that was heard.
  var score: Double
  /// The last two steps, in 24ths of a beat.
  private var steps = (0, 0)

  init(time: Double, period: Double, position: Int, score: Double) {
    filter = BeatFilter(time: time, period: period)
    (self.position, self.score) = (position, score)
  }

  /// When the onset at `position` was meant, in seconds.
  var time: Double { filter.time }
  /// Of a beat, in seconds.
  var period: Double { filter.period }
  /// About 1 where onsets come as near to where they are meant as expected, more where they do not.
  var unrest: Double { filter.unrest }

  /// Where an onset at `instant` falls, in 24ths of a beat.
  func place(of instant: Double) -> Double {
    Double(position) + (instant - time) / period * Double(RhythmGrid.resolution)
  }

  /// What an onset heard next tells of every place that it may stand on: the same for all of them.
  struct Onset {
    /// In seconds.
    var time: Double
    /// About 1 for a strong one, -1 for a weak one.
    var accent: Double
    /// How long the onset before was beside others, as a logarithm.
    var length: Double
    /// How long a beat is that has as many onsets as music has, as a logarithm to base 2.
    var fullBeat: Double
    /// A reading less likely than this is not kept.
    var least: Double
  }

  /// No other term of a reading's likelihood adds more than this to the one of its error.
  private static let most = 2 - 0.5 * log(BeatFilter.leastVariance)

  /// The same reading with the next onset at each of `places`; those that are as good as impossible are left out.
  func heard(_ onset: Onset, at places: ClosedRange<Int>, _ take: (BeatHypothesis) -> Void) {
    let wander = filter.wander
    for next in places where RhythmGrid.probabilities[RhythmGrid.place(next)] > 0 {
      if let heard = heard(onset, at: next, wander) { take(heard) }
    }
  }

  private func heard(_ onset: Onset, at next: Int, _ wander: Double) -> BeatHypothesis? {
    let beats = Double(next - position) / Double(RhythmGrid.resolution)
    let expected = filter.expectation(after: beats, wander: wander)
    let distance = expected.distance(of: onset.time)
    guard score - 0.5 * distance + Self.most > onset.least else { return nil }
    let place = RhythmGrid.place(next)
    let step = next - position
    let repeats = (step == steps.0 ? 1 : 0) + (step == steps.1 ? 2 : 0)
    let score =
      score - 0.5 * (distance + log(expected.variance)) + Self.rhythms[repeats * RhythmGrid.resolution + place]
      + Double(min(8, RhythmGrid.beats(between: position, and: next))) * RhythmGrid.emptyBeat
      + onset.accent * RhythmGrid.accent(place)
      + 0.11 * onset.length * RhythmGrid.accent(RhythmGrid.place(position))
    // What is left makes it less likely only.
    guard score > onset.least else { return nil }
    var result = self
    result.filter.hear(onset.time, expected)
    guard BeatSearch.periods.contains(result.period) else { return nil }
    result.position = next
    result.steps = (step, steps.0)
    result.score = score + Self.usefulness(result.period, interval: onset.fullBeat)
    return result
  }

  /// Onsets in a beat.
  static let density = 2.84

  /// How well beats of this length serve: music has some 2.8 onsets a beat, and people count at about 108 beats a minute.
  /// Without it long streams of equal notes would make their shortest value the beat. Told with every onset, because
  /// density changes.
  /// `interval` is the logarithm of what a beat with so many onsets lasts.
  private static func usefulness(_ period: Double, interval: Double) -> Double {
    let octaves = log2(period)
    let density = (octaves - interval) / 0.66
    let pace = (octaves - usualPace) / 0.45
    return -0.072 * density * density - 0.041 * pace * pace
  }

  /// How far beats of this length are from the pace at which people like to count, in octaves.
  static func paceDistance(_ period: Double) -> Double { (log2(period) - usualPace).magnitude }
  private static let usualPace = log2(0.557)

  /// The same onsets with beats of `factor` times the length, the last one at `position`.
  func reread(factor: Double, position: Int, penalty: Double) -> BeatHypothesis {
    var result = self
    result.filter.scale(by: factor)
    result.position = position
    result.steps = (Int((Double(steps.0) / factor).rounded()), Int((Double(steps.1) / factor).rounded()))
    result.score -= penalty
    return result
  }

  /// Whether the beats of one are among those of the other: both count in the same unit, or one in half or a third of it.
  func sharesBeats(with other: BeatHypothesis) -> Bool {
    let (short, long) = period < other.period ? (self, other) : (other, self)
    let ratio = long.period / short.period
    guard ratio < 3.2, (ratio / ratio.rounded() - 1).magnitude < 0.05 else { return false }
    // Where a beat of the long ones falls among the short ones.
    let beat = long.time - Double(RhythmGrid.place(long.position)) / Double(RhythmGrid.resolution) * long.period
    let distance = short.place(of: beat)
    let resolution = Double(RhythmGrid.resolution)
    return (distance - (distance / resolution).rounded() * resolution).magnitude < 3
  }

  /// The same reading where the onset means nothing: an ornament, or a slip.
  func ignored(after gap: Double) -> BeatHypothesis {
    var result = self
    // Late notes of a chord and grace notes are common; else it is an onset anywhere, and rare.
    result.score += (gap < 0.09 ? log(0.3 / 0.09) : -4.23) + 0.92
    return result
  }
}
