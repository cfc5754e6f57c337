// SPDX-License-Identifier: Apache-2.0
// Core/Improviser: the beat that turns are counted by.
import Music
import Responding

extension Band {
  /// Nobody counts by faster beats than these, and faster ones than those may be halves of what is counted.
  private static let fastest = 240.0
  private static let fast = 152.0

  /// The beat by which turns are counted at `now`: what is told as it is told, a chart's bars, else as the trade counts.
  func countedBeat(at now: Instant) -> TurnBeat? {
    let grid = grid(at: now)
    if var grid {
      if isTold(at: now) {
        // Taps tell no bars.
        if !beat.isLed {
          grid.origin = grid.origin - Beats(trade.line.map { grid.position(at: $0).count.rounded() } ?? 0)
        }
        return TurnBeat(grid, hasBars: beat.isLed, isTold: true)
      }
      if let metre = chart.chart?.metre {
        grid.metre = metre
        guard let place = chart.place(at: now, grid) else { return TurnBeat(grid, hasBars: false) }
        (grid.anchor, grid.origin) = (now, place)
        return TurnBeat(grid, hasBars: true, isTold: true)
      }
    }
    return count.counted(grid, isSwung: feel(at: now)?.isSwung ?? false, on: trade, at: now)
  }

  /// An onset of the player's in a trade.
  mutating func heardInTrade(at now: Instant) {
    let grid = grid(at: now)
    count.follow(grid, on: trade, at: now)
    guard let beat = countedBeat(at: now) else { return trade.heard(at: now, beat: nil) }
    if trade.isInterruption(at: now, beat: beat) { learnCount(beat, at: now) }
    trade.heard(at: now, beat: beat)
    if let known = known(grid, beat, at: now) { trade.settle(known) }
  }

  /// Where the player interrupts he shows how he counts.
  private mutating func learnCount(_ beat: TurnBeat, at now: Instant) {
    if trade.isPlayedInto(at: now, beat: beat), isFast(beat) {
      // What was taken for his turn is half of it.
      count.stretch(by: 2, beat)
      trade.takeBack()
    } else if !beat.isTold, !trade.isProven, let start = trade.formerStart {
      // Two turns from where he began to where he begins: he played one of them and rested for the other.
      let turn = beat.grid.tempo.beats(in: now - start) / 2
      let bar = turn / Double(trade.bars)
      let last = activity.onsets(from: start, until: now - .milliseconds(60)).last?.at ?? now
      let rest = beat.grid.tempo.beats(in: start + beat.duration(of: turn) - last).count
      if (bar.count - 3).magnitude < 0.1, (-0.4...1.7).contains(rest) {
        count.take(bars: TimeSignature(beats: 3, unit: 4), beat)
      }
    }
  }

  /// Bars that are heard, though they may not have lasted, where they are of the length that is counted and the turn began
  /// with their downbeat or a pick-up to it.
  private func known(_ grid: BeatGrid?, _ beat: TurnBeat, at now: Instant) -> TurnBeat? {
    guard let first = trade.supposition, let grid, grid.metre != nil else { return nil }
    guard beat.hasBars && beat.grid == grid || count.agrees(grid, at: now) else { return nil }
    return downbeat(of: first, grid) == nil ? nil : TurnBeat(grid, hasBars: true)
  }

  /// Whether beats are so fast that they may be halves.
  private func isFast(_ beat: TurnBeat) -> Bool {
    !beat.isTold && !trade.isProven && beat.grid.tempo.beatsPerMinute > Self.fast && beat.grid.metre == .common
  }

  /// How the player shows where his turn ended.
  enum Stop {
    /// In the middle of what was counted, which began with a pick-up so long: his beats are of half the length.
    case half(after: Duration)
    /// After so many bars as they are heard, though that had not lasted.
    case bars(BeatGrid)
  }

  /// Where the player has stopped before the end of his turn as it is counted, and rested for a bar: when jamd comes in then.
  func stop(at now: Instant) -> (kind: Stop, entry: Instant)? {
    guard case .player(let start) = trade.turn, trade.leadsToOwn, trade.bars > 1, let last = activity.last,
      let beat = countedBeat(at: now), !beat.hasBars
    else { return nil }
    if let grid = grid(at: now), let metre = grid.metre, metre.bar < beat.grid.bar {
      let heard = TurnBeat(grid, hasBars: true)
      let end = heard.downbeat(of: start) + heard.duration(ofBars: trade.bars)
      if isEnd(end, last, unit: heard.duration(of: Beats(1))) {
        return (.bars(grid), end + heard.duration(ofBars: 1))
      }
    }
    guard beat.grid.tempo.beatsPerMinute * 2 <= Self.fastest, grid(at: now)?.metre != beat.grid.metre else {
      return nil
    }
    let middle = beat.grid.nearest(Beats(1), to: start + beat.duration(ofBars: trade.bars) / 2)
    let onsets = activity.rhythm(from: start - beat.duration(of: Beats(0.2)), until: now + .nanoseconds(1))
    guard beat.grid.tempo.beats(in: middle - start).count < 0.75 * Double(onsets.count) else { return nil }
    let unit = beat.duration(of: Beats(0.5))
    // With a pick-up of as many of his beats.
    for pickUp in [unit * 2, unit, Duration.zero] where isEnd(middle + pickUp, last, unit: unit) {
      guard pickUp == .zero || isLighter(start, than: start + pickUp, unit * 0.4) else { continue }
      return (.half(after: pickUp), middle + pickUp + beat.duration(ofBars: 1))
    }
    return nil
  }

  /// The last onset is the last of what ends at `end`.
  private func isEnd(_ end: Instant, _ last: Instant, unit: Duration) -> Bool {
    end - last < unit * 1.7 && last - end < unit * 0.4
  }

  /// The player has stopped like that: his turn is counted so.
  mutating func take(_ stop: Stop, at now: Instant) {
    switch stop {
    case .half(let pickUp):
      trade.shift(by: pickUp)
      if let beat = countedBeat(at: now) { count.stretch(by: 0.5, beat) }
    case .bars(let grid):
      count.take(grid)
      trade.settle(TurnBeat(grid, hasBars: true))
    }
  }
}
