// SPDX-License-Identifier: Apache-2.0
// Core/Responding: trading bars (fours, as jazz players do).
import Music

/// Counts the turns: so many bars the player, as many jamd, each turn from a bar line to a bar line.
///
/// The first turn begins with the player's first onset; one in the last beat of a bar, where the metre is known, leads into
/// the next bar. Where only the beat is known, bars are counted from that onset. While jamd plays it keeps the beat with
/// which it began. After a turn in which the player was silent the trade is over, and the next onset begins a new one.
/// A state machine without a clock.
public struct Trade: Hashable, Sendable {
  public enum Turn: Hashable, Sendable {
    case nobody
    case player(from: Instant)
    case own(until: Instant)
  }

  /// 1...64.
  public let bars: Int
  public private(set) var turn = Turn.nobody
  private var hasHeard = false

  public init(bars: Int = 4) { self.bars = min(64, max(1, bars)) }

  /// Of the player's turn; nil where it is not his.
  public var start: Instant? {
    if case .player(let start) = turn { start } else { nil }
  }

  /// The player has played in his turn: jamd's is the next.
  public var leadsToOwn: Bool {
    if case .player = turn { hasHeard } else { false }
  }

  public mutating func heard(at instant: Instant, beat: BeatGrid?) {
    switch turn {
    case .nobody: turn = .player(from: Self.downbeat(of: instant, beat))
    case .player: break
    case .own(let end):
      // Within the last beat it is the pick-up of the player's turn; before, the player takes over.
      if let beat, end - instant > beat.tempo.beat { turn = .player(from: Self.downbeat(of: instant, beat)) }
    }
    hasHeard = true
  }

  /// The player plays into jamd's turn, more than a beat before its end.
  public func isInterruption(at instant: Instant, beat: BeatGrid?) -> Bool {
    guard case .own(let end) = turn, let beat else { return false }
    return end - instant > beat.tempo.beat
  }

  /// When the turn changes, by what is known of the beat; nil for as long as that is not known.
  public func change(beat: BeatGrid?) -> Instant? {
    switch turn {
    case .nobody: return nil
    case .own(let end): return end
    case .player(let start):
      guard let beat else { return nil }
      let due = start + beat.tempo.duration(of: beat.bar * Double(bars))
      let line = beat.nearest(beat.metre == nil ? Beats(1) : beat.bar, to: due)
      // A metre heard otherwise in the middle of the turn moves its end by a pick-up, but not by half a bar.
      let isNear = (line - due).nanoseconds.magnitude < UInt64(beat.tempo.duration(of: Beats(1.5)).nanoseconds)
      return isNear || beat.confidence == 1 ? line : beat.nearest(Beats(1), to: due)
    }
  }

  /// The first bar line that does not lie before `instant`; where only the beat is known, bars are counted from the
  /// beginning of the player's turn.
  public func barLine(from instant: Instant, beat: BeatGrid) -> Instant {
    let bar = beat.tempo.duration(of: beat.bar)
    guard beat.metre == nil, case .player(let start) = turn else {
      let line = beat.nextBar(from: instant)
      return line < instant ? line + bar : line
    }
    let bars = (beat.tempo.beats(in: instant - start) / beat.bar).rounded(.up)
    let line = beat.nearest(Beats(1), to: start + beat.tempo.duration(of: beat.bar * bars))
    return line < instant ? line + bar : line
  }

  /// Changes turns at `change`, which is when it is due: gives true where it is jamd's now, for `bars` bars.
  public mutating func next(at change: Instant, beat: BeatGrid?) -> Bool {
    defer { hasHeard = false }
    switch turn {
    case .nobody: return false
    case .own:
      turn = .player(from: change)
      return false
    case .player:
      guard hasHeard, let beat else {
        turn = .nobody
        return false
      }
      turn = .own(until: change + beat.tempo.duration(of: beat.bar * Double(bars)))
      return true
    }
  }

  public mutating func stop() {
    turn = .nobody
    hasHeard = false
  }

  private static func downbeat(of instant: Instant, _ beat: BeatGrid?) -> Instant {
    guard let beat, beat.metre != nil else { return instant }
    let before = beat.nextBar(from: instant) - beat.tempo.duration(of: beat.bar)
    let intoTheBar = beat.tempo.beats(in: instant - before)
    return intoTheBar > beat.bar - Beats(1.05) ? beat.nextBar(from: instant) : before
  }
}

extension BeatGrid {
  /// The multiple of `unit` nearest to `instant`.
  public func nearest(_ unit: Beats, to instant: Instant) -> Instant {
    self.instant(at: unit * (position(at: instant) / unit).rounded())
  }
}
