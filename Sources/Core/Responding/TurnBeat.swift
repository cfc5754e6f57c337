// SPDX-License-Identifier: Apache-2.0
// Core/Responding: the beat that turns are counted by.
import Music

/// A beat in the unit and the bars of a trade.
public struct TurnBeat: Hashable, Sendable {
  /// Its bars begin where the trade's do.
  public var grid: BeatGrid
  /// Whether bars are known otherwise than from where the turn began: told, heard for long enough, or from the turns before.
  public var hasBars: Bool
  /// Whether they are told: by a clock, taps or a chart.
  public var isTold: Bool

  public init(_ grid: BeatGrid, hasBars: Bool, isTold: Bool = false) {
    (self.grid, self.hasBars, self.isTold) = (grid, hasBars, isTold)
  }

  /// Of so many beats.
  public func duration(of beats: Beats) -> Duration { grid.tempo.duration(of: beats) }

  /// Of so many bars.
  public func duration(ofBars bars: Int) -> Duration { duration(of: grid.bar * Double(bars)) }

  /// Nearer than this to its end a player comes in with a pick-up to his own turn: half a bar, whatever hands add to it.
  var pickUp: Duration { duration(of: max(Beats(1), grid.bar * 0.5) + Beats(0.3)) }

  /// The bar line that an onset leads to or lies in the bar of: what begins in the second half of a bar is a pick-up.
  public func downbeat(of instant: Instant) -> Instant {
    let next = grid.next(grid.bar, from: instant - duration(of: Beats(0.2)))
    return next - instant < pickUp ? next : next - duration(ofBars: 1)
  }
}
