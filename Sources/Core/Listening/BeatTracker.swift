// SPDX-License-Identifier: Apache-2.0
// Core/Listening: the beat, followed as it is played.
import Glibc
import Music

/// Follows tempo, beat and metre of what is played, from onsets alone; taps override it. Causal: what it says depends on
/// nothing that comes later. An update costs O(1), some ten microseconds; memory is bounded.
public struct BeatTracker: Sendable {
  /// Onsets closer than this to the first of a group are one: people spread their chords.
  public static let chordSpread = Duration.milliseconds(50)
  /// After such a pause the next onset begins a new count, at about the tempo that was.
  public static let longestPause = Duration.seconds(6)
  private static let width = 48
  /// How much likelier a count in other units has to be, as a logarithm.
  private static let inertia = (toEasier: 0.5, toHarder: 3.0)
  private static let longestTap = Duration.seconds(2)

  /// Onsets that count as one, not yet heard by the search.
  private struct Group: Sendable {
    var first: Instant
    var sum = 0.0
    var count = 0.0
    var strength = 0.0
    var lowest = 128
    var classes: UInt16 = 0
  }

  private var search = BeatSearch(width: width)
  private var metre = MetreEstimate()
  private var loudness = Accent()
  private var harmony = Harmony()
  private var base = Instant.zero
  private var group: Group?
  private var lastOnset: Instant?
  private var onsets = 0
  private var usual: Double?
  private var taps: [Instant] = []
  /// The beat as it was last told: beats are counted on from it.
  private var heard: BeatGrid?

  public init() {}

  /// The beat, counted so that bars begin at multiples of the metre's bar where that is known; nil before enough was heard.
  public var grid: BeatGrid? { tapped ?? heard }

  /// A key is struck.
  public mutating func hear(_ pitch: Pitch, _ velocity: Velocity, at instant: Instant) {
    advance(to: instant)
    if let lastOnset, instant < lastOnset || instant - lastOnset > Self.longestPause { pause() }
    lastOnset = instant
    var group = group ?? Group(first: instant)
    group.sum += (instant - group.first).seconds
    group.count += 1
    group.strength += Double(velocity.value) / 127
    group.lowest = min(group.lowest, Int(pitch.number))
    group.classes |= 1 << UInt16(pitch.pitchClass.number)
    self.group = group
  }

  /// Time passes: what was struck together is known to be complete.
  public mutating func advance(to now: Instant) {
    guard let group, now - group.first >= Self.chordSpread || now < group.first else { return }
    self.group = nil
    hear(group)
  }

  /// From the third tap on the taps are the beat, until the player pauses.
  public mutating func tap(at instant: Instant) {
    if let last = taps.last, instant <= last || instant - last > Self.longestTap { taps = [] }
    taps.append(instant)
    if taps.count > 8 { taps.removeFirst() }
    guard let tapped else { return }
    usual = tapped.tempo.beat.seconds
  }

  /// Forgets everything but the tempo.
  public mutating func pause() {
    if let group { hear(group) }
    usual = heard?.tempo.beat.seconds ?? usual
    search.restart()
    metre = MetreEstimate()
    (group, lastOnset, heard, onsets, taps) = (nil, nil, nil, 0, [])
  }

  private var tapped: BeatGrid? {
    guard taps.count >= 3, let first = taps.first, let last = taps.last,
      let tempo = Tempo(beat: (last - first) / (taps.count - 1))
    else { return nil }
    return BeatGrid(tempo: tempo, anchor: last, origin: Beats(Double(taps.count - 1)))
  }

  private mutating func hear(_ group: Group) {
    if onsets == 0 { base = group.first }
    onsets += 1
    let instant = (group.first - base).seconds + group.sum / group.count
    let new = harmony.novelty(of: group.classes, lowest: group.lowest, at: instant)
    let accent = loudness.accent(strength: group.strength, count: group.count, lowest: group.lowest, new: new)
    search.hear(instant, accent: 0.57 * accent, usual: usual)
    settle(accent)
  }

  /// Makes the likeliest reading the beat that is told.
  private mutating func settle(_ accent: Double) {
    guard onsets > 2, let best = chosen, let tempo = Tempo(beatsPerMinute: 60 / best.period) else { return }
    let place = RhythmGrid.place(best.position)
    let anchor = base + .seconds(best.time - Double(place) / Double(RhythmGrid.resolution) * best.period)
    let count = heard.map { $0.position(at: anchor).count.rounded() } ?? 0
    if place == 0 { metre.hear(accent, atBeat: Int(count)) }
    var grid = BeatGrid(tempo: tempo, anchor: anchor, origin: Beats(count), confidence: confidence(best))
    if let (beats, first) = metre.bar {
      grid.metre = TimeSignature(beats: beats, unit: 4)
      let offset = (Int(count) - first) % beats
      let wanted = offset < 0 ? offset + beats : offset
      // The count goes on, but its bars begin where the metre wants them.
      let shift = (wanted - Int(count)) % beats
      grid.origin = Beats(count + Double(shift))
      metre.shift(by: shift)
    }
    heard = grid
  }

  /// The likeliest reading; where it only counts in other units than those told so far, a reading in these, unless that
  /// is much less likely: nobody halves or doubles his count for a few notes, but to a pace that is easier to count.
  private var chosen: BeatHypothesis? {
    guard let best = search.hypotheses.first else { return nil }
    guard let usual = heard?.tempo.beat.seconds, !(0.7...1.4).contains(best.period / usual) else { return best }
    let isEasier = BeatHypothesis.paceDistance(best.period) < BeatHypothesis.paceDistance(usual)
    let least = best.score - (isEasier ? Self.inertia.toEasier : Self.inertia.toHarder)
    return search.hypotheses.first {
      $0.score > least && (0.85...1.18).contains($0.period / usual) && $0.sharesBeats(with: best)
    } ?? best
  }

  /// The share of the readings whose beats are among the told ones, or the other way round, and how much was heard.
  private func confidence(_ told: BeatHypothesis) -> Double {
    var (agreeing, all) = (0.0, 0.0)
    for hypothesis in search.hypotheses {
      let weight = exp(hypothesis.score)
      all += weight
      if hypothesis.sharesBeats(with: told) { agreeing += weight }
    }
    return agreeing / all * min(1, Double(onsets) / 8)
  }
}

/// How strong an onset is beside those before it.
struct Accent: Sendable {
  private var mean = 1.0
  private var variance = 0.25
  private var bass = 60.0

  /// About 1 for a strong one, -1 for a weak one: louder, of more notes, lower, of new harmony (`new` from 0 to 1).
  mutating func accent(strength: Double, count: Double, lowest: Int, new: Double) -> Double {
    let raw = strength / count + 0.60 * log(count) + 0.87 * min(1, max(-1, (bass - Double(lowest)) / 24)) + 0.36 * new
    let result = min(1.5, max(-1.5, (raw - mean) / (variance + 0.01).squareRoot()))
    mean += 0.06 * (raw - mean)
    variance += 0.06 * ((raw - mean) * (raw - mean) - variance)
    bass += 0.05 * (Double(lowest) - bass)
    return result
  }
}

/// Which pitch classes sounded lately.
struct Harmony: Sendable {
  private var weights = [Double](repeating: 0, count: 12)
  private var last = 0.0

  /// How new these pitch classes are, the lowest note's twice, from 0 to 1.
  mutating func novelty(of classes: UInt16, lowest: Int, at instant: Double) -> Double {
    let share = exp(-max(0, instant - last) / 0.32)
    last = instant
    var (new, all) = (0.0, 0.0)
    for number in 0..<12 {
      weights[number] *= share
      guard classes >> UInt16(number) & 1 == 1 else { continue }
      let weight = lowest % 12 == number ? 2.0 : 1
      new += weight * exp(-2 * weights[number])
      all += weight
      weights[number] += 1
    }
    return new / max(1, all)
  }
}
