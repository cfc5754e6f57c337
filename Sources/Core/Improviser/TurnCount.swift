// SPDX-License-Identifier: Apache-2.0
// Core/Improviser: in what unit and in what bars a trade is counted.
import Music
import Responding

/// What is counted by in a trade where nobody tells it. A unit that a turn was counted by stays, whatever unit the beat is
/// heard in, until the player shows another by where he stops or plays on; so does a metre, until another has lasted.
struct TurnCount: Sendable {
  /// A metre counts once it has been heard for so long: two bars of four.
  private static let metreBeats = Beats(8)
  /// Nobody counts by faster beats, unless they are heard to be beats: twice the slowest pace at which people like to count.
  private static let fastest = 152.0
  /// What is heard in half, double, three or one and a half of the unit is still the same beat.
  private static let units = [1, 0.5, 2, 1 / 3.0, 3, 2 / 3.0, 1.5, 0.25, 4]

  /// Of the unit; nil where no turn has been counted.
  private(set) var beat: Duration?
  private var metre: TimeSignature?
  /// The metre as it is heard, and since when.
  private var heard: (metre: TimeSignature, since: Instant)?
  /// The beat as it was last heard in the unit: counted on where nothing is heard.
  private var latest: BeatGrid?

  /// Remembers what is heard.
  mutating func follow(_ grid: BeatGrid?, on trade: Trade, at instant: Instant) {
    if heard?.metre != grid?.metre { heard = grid?.metre.map { ($0, instant) } }
    guard let grid, let factor = factor(of: grid, isSwung: false) else { return }
    if factor == 1, !trade.isProven, hasLasted(grid, at: instant) {
      metre = grid.metre
      beat = grid.tempo.beat
    }
    let now = grid.tempo.duration(of: Beats(1 / factor))
    beat = beat.map { $0 + (now - $0) / 4 }
    latest = grid
  }

  /// In beats of the unit from the trade's bar line on, which is on one: counted at the tempo of the turn, for a beat may be
  /// told too fast or too slow for a moment.
  private func position(of instant: Instant, in grid: BeatGrid, _ factor: Double, from line: Instant) -> Double {
    let counted = beat.map { (instant - line) / $0 } ?? grid.tempo.beats(in: instant - line).count * factor
    let (position, least) = (grid.position(at: instant).count * factor, min(1, factor))
    return position - ((position - counted) / least).rounded() * least
  }

  /// The beat in the trade's unit and bars, of what is heard at `now`; nil where nothing is known.
  func counted(_ grid: BeatGrid?, isSwung: Bool, on trade: Trade, at now: Instant) -> TurnBeat? {
    if let grid, let counted = inUnit(grid, isSwung: isSwung, on: trade, at: now) { return counted }
    return beat == nil ? nil : latest.flatMap { inUnit($0, isSwung: isSwung, on: trade, at: now) }
  }

  private func inUnit(_ grid: BeatGrid, isSwung: Bool, on trade: Trade, at now: Instant) -> TurnBeat? {
    guard let factor = factor(of: grid, isSwung: isSwung) else { return nil }
    if !trade.isProven, factor == 1, let own = grid.metre, metre == own || hasLasted(grid, at: now) {
      return TurnBeat(grid, hasBars: true)
    }
    guard let tempo = Tempo(beat: grid.tempo.duration(of: Beats(1 / factor))) else { return nil }
    let origin = trade.line.map { position(of: now, in: grid, factor, from: $0) } ?? 0
    let counted = BeatGrid(
      tempo: tempo, anchor: now, origin: Beats(origin), metre: metre ?? .common, confidence: grid.confidence)
    return TurnBeat(counted, hasBars: trade.isProven || (metre != nil && trade.start == nil))
  }

  /// How many beats of the unit a heard beat is; nil where it is none of the unit.
  private func factor(of grid: BeatGrid, isSwung: Bool) -> Double? {
    guard let beat else {
      return grid.tempo.beatsPerMinute <= Self.fastest || grid.metre != nil || isSwung ? 1 : 0.5
    }
    let ratio = grid.tempo.beat / beat
    return Self.units.first { (ratio / $0 - 1).magnitude < 0.15 }
  }

  /// A turn was counted by `counted`.
  mutating func settle(_ counted: TurnBeat) {
    if beat == nil { beat = counted.grid.tempo.beat }
    if latest == nil { latest = counted.grid }
  }

  /// Bars are those that are heard.
  mutating func take(_ heard: BeatGrid) {
    metre = heard.metre
    beat = heard.tempo.beat
    latest = heard
  }

  /// Bars are those that the player has shown.
  mutating func take(bars: TimeSignature, _ counted: TurnBeat) {
    metre = bars
    beat = counted.grid.tempo.beat
  }

  /// The unit is `factor` times as long.
  mutating func stretch(by factor: Double, _ counted: TurnBeat) {
    beat = counted.duration(of: Beats(factor))
    (latest, metre) = (nil, nil)
  }

  private func hasLasted(_ grid: BeatGrid, at now: Instant) -> Bool {
    guard let heard, heard.metre == grid.metre else { return false }
    return grid.tempo.beats(in: now - heard.since) >= Self.metreBeats
  }

  /// A metre that is heard is that of the bars, though it has not lasted.
  func agrees(_ grid: BeatGrid, at now: Instant) -> Bool {
    guard let heard, grid.metre == heard.metre, heard.metre == metre ?? .common else { return false }
    return factor(of: grid, isSwung: false) == 1
  }
}
