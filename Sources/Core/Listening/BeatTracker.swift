// SPDX-License-Identifier: Apache-2.0
// Core/Listening: the beat, followed as it is played.
import Glibc
import Music

/// Follows tempo, beat and metre of what is played, from onsets alone; taps override it. Causal: what it says depends on
/// nothing that comes later. `BeamBeat` follows steady playing exactly, `LatticeBeat` knows the unit and follows rubato,
/// `BeatChoice` tells which is right. Told the time at `completion` and `nextCatchUp` as well as with every key, an update
/// costs O(1); memory is fixed.
public struct BeatTracker: Sendable {
  /// After such a pause the next onset begins a new count, at about the tempo that was.
  public static let longestPause = Duration.seconds(6)
  private static let longestTap = Duration.seconds(2)

  private var cues = OnsetCues()
  private var beam = BeamBeat()
  private var lattice = LatticeBeat()
  private var choice = BeatChoice()
  private var metre = MetreEstimate()
  private var loudness = Accent()
  private var base = Instant.zero
  /// Not yet heard, as it may not be complete.
  private var group: StruckGroup?
  private var lastOnset: Instant?
  private var onsets = 0
  private var usual: Double?
  private var taps: [Instant] = []
  /// The beat as it was last told: beats are counted on from it.
  private var heard: BeatGrid?

  public init() {}

  /// The beat, counted so that bars begin at multiples of the metre's bar where that is known; nil before enough was heard.
  public var grid: BeatGrid? { tapped ?? heard }

  /// When `catchUp` has something to do if no key is struck before; nil after long silence.
  public var nextCatchUp: Instant? {
    group == nil ? lattice.nextAdvance.map { base + .seconds($0) + StruckGroup.spread } : nil
  }

  /// When what is struck together is known to be complete, and is heard.
  public var completion: Instant? { group?.completion }

  /// A key is struck.
  public mutating func hear(_ pitch: Pitch, _ velocity: Velocity, at instant: Instant) {
    advance(to: instant)
    if let lastOnset, instant < lastOnset || instant - lastOnset > Self.longestPause { pause() }
    lastOnset = instant
    if group == nil {
      group = StruckGroup(pitch, velocity, at: instant)
    } else {
      group?.add(pitch, velocity, at: instant)
    }
  }

  /// Time passes: what was struck together is known to be complete.
  public mutating func advance(to now: Instant) {
    guard let group, now >= group.completion else { return }
    self.group = nil
    hear(group)
  }

  /// Does early what the next key would have to do; changes nothing else.
  public mutating func catchUp(to now: Instant) {
    // An onset may be told a little after its time.
    let heard = now - StruckGroup.spread
    if group == nil, onsets > 0, heard > base { lattice.advance(to: (heard - base).seconds) }
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
    metre = MetreEstimate()
    beam.restart()
    lattice.restart()
    choice = BeatChoice()
    (group, lastOnset, heard, onsets, taps) = (nil, nil, nil, 0, [])
  }

  private var tapped: BeatGrid? {
    guard taps.count >= 3, let first = taps.first, let last = taps.last,
      let tempo = Tempo(beat: (last - first) / (taps.count - 1))
    else { return nil }
    return BeatGrid(tempo: tempo, anchor: last, origin: Beats(Double(taps.count - 1)))
  }

  private mutating func hear(_ group: StruckGroup) {
    if onsets == 0 { base = group.first }
    onsets += 1
    let time = group.time(from: base)
    cues.hear(group, at: time)
    choice.hear(group.count)
    let accent = loudness.accent(of: group, new: cues.novelty)
    beam.hear(time, accent: accent, usual: usual)
    lattice.hear(time, cues, usual: usual)
    settle(accent)
  }

  /// The number of the beat that begins at `anchor` and lasts `period` seconds.
  private mutating func count(at anchor: Instant, _ period: Double) -> Double {
    guard let heard else { return 0 }
    let position = heard.position(at: anchor).count
    let ratio = period / heard.tempo.beat.seconds
    guard !(0.7...1.4).contains(ratio) else { return position.rounded() }
    // In another unit, so that bars still begin with beats that began one. Bars have three beats or four: the count stays
    // near where it was, for it would double with every change to a faster beat, by twelves of the longer beat, so that a
    // change back finds its bars.
    metre.changeUnit()
    let parts = max(1, (1 / ratio).rounded())
    let count = (ratio > 1 ? position / ratio.rounded() : position * parts).rounded()
    return count + 12 * parts * ((position - count) / (12 * parts)).rounded(.up)
  }

  /// Makes the beat that is followed the one that is told.
  private mutating func settle(_ accent: Double) {
    guard onsets > 2, let steady = beam.reading(usual: heard?.tempo.beat.seconds), let free = lattice.reading else {
      return
    }
    let told = choice.choose(
      steady, free,
      .init(unrest: beam.unrest, weight: lattice.weight(of: steady), isTriple: metre.bar?.beats == 3))
    guard let tempo = Tempo(beatsPerMinute: 60 / told.period) else { return }
    let anchor = base + .seconds(told.beat)
    let count = count(at: anchor, told.period)
    if told.isOnBeat { metre.hear(accent, atBeat: Int(count)) }
    var grid = BeatGrid(
      tempo: tempo, anchor: anchor, origin: Beats(count), confidence: told.share * min(1, Double(onsets) / 8))
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
}
