// SPDX-License-Identifier: Apache-2.0
// Core/Responding: trading bars (fours, as jazz players do).
import Music

/// Counts the turns: so many bars the player, as many jamd, each turn from a bar line to a bar line.
///
/// The player's first turn begins with the bar line that his first onset leads to. Where bars are not known they are counted
/// from that onset, until they are. While jamd plays it keeps the beat with which it began. After a turn in which the player
/// was silent the trade is over, and the next onset begins a new one. A state machine without a clock.
public struct Trade: Sendable {
  public enum Turn: Hashable, Sendable {
    case nobody
    case player(from: Instant)
    case own(until: Instant)
  }

  /// 1...64.
  public let bars: Int
  public private(set) var turn = Turn.nobody
  private var hasHeard = false
  /// The onset from which bars are counted as long as they are not known.
  private var supposed: Instant?
  /// Where the player's latest turn and jamd's began.
  private var began: (player: Instant, own: Instant)?
  /// So many beats the player has played on into turns of jamd's, which came too early.
  private var overrun = 0
  /// The player has come in with his turn as it was counted: nothing that is heard moves the bars any more.
  public private(set) var isProven = false

  public init(bars: Int = 4) { self.bars = min(64, max(1, bars)) }

  /// A bar line of the trade; nil where it is nobody's turn.
  public var line: Instant? {
    switch turn {
    case .nobody: nil
    case .player(let start): start
    case .own(let end): end
    }
  }

  /// Of the player's turn; nil where it is not his.
  public var start: Instant? {
    if case .player(let start) = turn { start } else { nil }
  }

  /// The player has played in his turn: jamd's is the next.
  public var leadsToOwn: Bool { start != nil && hasHeard }

  /// An onset of the player's.
  public mutating func heard(at instant: Instant, beat: TurnBeat?) {
    switch turn {
    case .nobody: begin(at: instant, beat)
    case .player(let start):
      if !hasHeard, let beat, began != nil { isProven = instant - start < beat.pickUp }
    // What is no interruption is the pick-up of the player's turn.
    case .own(let end):
      if isInterruption(at: instant, beat: beat) {
        interrupt(at: instant, beat)
      } else if beat != nil, instant < end {
        isProven = true
      }
    }
    hasHeard = true
  }

  /// Whose turn began without bars may have begun it with a pick-up of a beat or two, so that jamd comes in too early.
  private mutating func interrupt(at instant: Instant, _ beat: TurnBeat?) {
    guard let beat, let began, !isProven, supposed != nil, isPlayedInto(at: instant, beat: beat) else {
      return begin(at: instant, beat)
    }
    if overrun == 2 { return begin(at: began.own - beat.duration(of: Beats(2)), nil) }
    overrun += 1
    turn = .player(from: began.player + beat.duration(of: Beats(1)))
  }

  /// The player's turn begins at his downbeat.
  private mutating func begin(at instant: Instant, _ beat: TurnBeat?) {
    (overrun, isProven, began) = (0, false, nil)
    if let beat, beat.hasBars {
      turn = .player(from: beat.downbeat(of: instant))
      supposed = nil
    } else {
      turn = .player(from: instant)
      supposed = instant
    }
  }

  /// The onset from which the bars of the player's turn are counted, where they are not known.
  public var supposition: Instant? { start == nil ? nil : supposed }

  /// The bars become known that the player's turn was counted without.
  public mutating func settle(_ beat: TurnBeat) {
    guard let supposition else { return }
    begin(at: supposition, beat)
  }

  /// The player plays into jamd's turn, not with a pick-up to his own.
  public func isInterruption(at instant: Instant, beat: TurnBeat?) -> Bool {
    guard case .own(let end) = turn, let beat else { return false }
    return end - instant > beat.pickUp
  }

  /// The player plays on from his turn into jamd's: at `instant`, jamd has hardly begun.
  public func isPlayedInto(at instant: Instant, beat: TurnBeat) -> Bool {
    guard case .own = turn, let began else { return false }
    return instant - began.own < beat.duration(of: Beats(1.5))
  }

  /// Where the player's turn before jamd's began.
  public var formerStart: Instant? { start == nil ? began?.player : nil }

  /// The player's turn began with a pick-up so long.
  public mutating func shift(by pickUp: Duration) {
    if let start { turn = .player(from: start + pickUp) }
  }

  /// Jamd's turn came too early: the player's goes on from where it began.
  public mutating func takeBack() {
    guard let began else { return }
    turn = .player(from: began.player)
    hasHeard = true
  }

  /// When the turn changes, by what is known of the beat; nil for as long as that is not known.
  public func change(beat: TurnBeat?) -> Instant? {
    switch turn {
    case .nobody: return nil
    case .own(let end): return end
    case .player(let start):
      guard let beat else { return nil }
      let due = start + beat.duration(ofBars: bars)
      let line = beat.grid.nearest(beat.grid.bar, to: due)
      // A metre heard otherwise in the middle of the turn moves its end by a pick-up, but not by half a bar.
      let isNear = (line - due).nanoseconds.magnitude < UInt64(beat.duration(of: Beats(1.5)).nanoseconds)
      return isNear || beat.isTold ? line : beat.grid.nearest(Beats(1), to: due)
    }
  }

  /// The first bar line that does not lie before `instant`.
  public func barLine(from instant: Instant, beat: TurnBeat) -> Instant {
    let line = beat.grid.nextBar(from: instant)
    return line < instant ? line + beat.duration(ofBars: 1) : line
  }

  /// Changes turns at `change`: gives true where it is jamd's now, for `bars` bars, or for what is left of them after the
  /// line where the player stopped: his last onset was at `last`.
  public mutating func next(at change: Instant, beat: TurnBeat?, last: Instant? = nil) -> Bool {
    // A pick-up to the turn that begins has been heard in the one that ends.
    defer { hasHeard = hasHeard && start != nil }
    switch turn {
    case .nobody: return false
    case .own:
      turn = .player(from: change)
      (supposed, overrun) = (nil, 0)
      return false
    case .player(let start):
      guard hasHeard, let beat, let due = self.change(beat: beat) else {
        turn = .nobody
        return false
      }
      let end = due + beat.duration(ofBars: bars)
      let isLate = due < change && end - change > beat.duration(of: Beats(1))
      let hasStopped = last.map { $0 < due + beat.duration(of: Beats(0.5)) } ?? false
      turn = .own(until: isLate && hasStopped ? end : max(due, change) + beat.duration(ofBars: bars))
      began = (start, change)
      return true
    }
  }

  public mutating func stop() { self = Trade(bars: bars) }
}

extension BeatGrid {
  /// The multiple of `unit` nearest to `instant`.
  public func nearest(_ unit: Beats, to instant: Instant) -> Instant {
    self.instant(at: unit * (position(at: instant) / unit).rounded())
  }
}
