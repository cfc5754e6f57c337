// SPDX-License-Identifier: Apache-2.0
// Core/Improviser: where bars begin when the player begins.
import Music
import Responding

extension Band {
  /// Remembers where bars begin as long as they are not heard.
  mutating func countBars(_ grid: BeatGrid?) {
    guard let grid, let began else { return }
    let ratio = firstBar.map { $0.tempo.beatsPerMinute / grid.tempo.beatsPerMinute } ?? 0
    if grid.metre != nil {
      firstBar = (0, grid.tempo)
    } else if !(0.7...1.4).contains(ratio) {
      firstBar = (grid.position(at: began).count.rounded(), grid.tempo)
    }
  }

  /// The beat as it is known at `now`, its bars counted from the first onset since the player's last long silence where they
  /// are not heard; a beat that is told has bars of four where nothing else is.
  func barredGrid(at now: Instant) -> BeatGrid? {
    guard var grid = grid(at: now), grid.metre == nil else { return grid(at: now) }
    if isTold(at: now) {
      grid.metre = .common
    } else if let firstBar {
      grid.origin = grid.origin - Beats(firstBar.beat)
    }
    return grid
  }

  /// The player plays to a chart; `isNew`: after such a silence that it begins anew, at his downbeat.
  mutating func hearChart(_ grid: BeatGrid?, isNew: Bool, at now: Instant) {
    if !chart.isLed, isNew || !chart.isRunning {
      let heard = grid.flatMap { $0.metre == chart.chart?.metre ? TurnBeat($0, hasBars: true) : nil }
      chart.begin(at: heard?.downbeat(of: now) ?? now, isSupposed: heard == nil)
    }
    guard let grid else { return }
    chart.follow(at: now, grid)
    settleChart(grid, at: now)
  }

  /// Bars are heard: where the first of them began is told by the beats as they were counted, for the tempo of now does not
  /// lead back there.
  private mutating func settleChart(_ grid: BeatGrid, at now: Instant) {
    guard !chart.isLed, let first = chart.supposed, grid.metre == chart.chart?.metre,
      let place = chart.place(at: now, grid)
    else { return }
    var counted = grid
    (counted.anchor, counted.origin) = (first.at, first.place - (place - grid.position(at: now)))
    guard let downbeat = downbeat(of: first.at, counted) else { return }
    chart.settle(beginningAt: first.place + grid.tempo.beats(in: downbeat - first.at))
  }

  /// A clock or a transport comes or goes: the chart's place is its song position, and goes on from there without it.
  mutating func leadChart(at now: Instant) {
    chart.isLed = beat.isLed
    if let grid = grid(at: now) { chart.follow(at: now, grid) }
  }

  /// The bar line of `grid` that `first` leads to, if that is nearly where it is or it leads there with a pick-up, which is
  /// lighter: else what is heard is no reason to count otherwise.
  func downbeat(of first: Instant, _ grid: BeatGrid) -> Instant? {
    let heard = TurnBeat(grid, hasBars: true)
    let downbeat = heard.downbeat(of: first)
    let reach = heard.duration(of: Beats(0.2))
    let isOn = (downbeat - first).nanoseconds.magnitude < UInt64(reach.nanoseconds)
    return isOn || isLighter(first, than: downbeat, reach) ? downbeat : nil
  }

  func isLighter(_ first: Instant, than other: Instant, _ reach: Duration) -> Bool {
    let (light, heavy) = (struck(at: first, reach), struck(at: other, reach))
    return light.count < heavy.count || (light.count == heavy.count && light.velocity + 8 < heavy.velocity)
  }

  private func struck(at instant: Instant, _ reach: Duration) -> (count: Int, velocity: Int) {
    let onsets = activity.onsets(from: instant - reach, until: instant + reach)
    return (onsets.count, onsets.map { Int($0.velocity.value) }.max() ?? 0)
  }
}
