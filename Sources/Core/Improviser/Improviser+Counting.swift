// SPDX-License-Identifier: Apache-2.0
// Core/Improviser: counting in.
import Music

extension PlayedNote {
  /// A stick on the percussion channel: General MIDI's side stick.
  static func stick(at onset: Instant, isFirst: Bool) -> PlayedNote {
    PlayedNote(
      pitch: Pitch(clamping: 37), velocity: Velocity(clamping: isFirst ? 115 : 90), channel: .percussion, onset: onset,
      duration: .milliseconds(60))
  }
}

extension Improviser {
  /// When the next stick is decided; nil where nothing is counted in.
  var stickDecision: Instant? { comingStick.map { max(clock, $0.at - Band.ahead) } }

  /// Of the bar before jamd's turn, a stick for each beat that lies ahead; each is decided anew, so that they follow the
  /// beat.
  private var comingStick: (at: Instant, isFirst: Bool)? {
    guard band.wishes.countsIn, band.mode == .trade, band.trade.leadsToOwn, let change = turnChange,
      let beat = band.countedBeat(at: clock)?.grid
    else { return nil }
    let beats = max(1, Int(beat.bar.count.rounded()))
    let counted = band.countedUntil.map { $0 + beat.tempo.duration(of: Beats(0.5)) } ?? clock
    for left in stride(from: beats, through: 1, by: -1) {
      let at = change - beat.tempo.duration(of: Beats(Double(left)))
      if at > clock, at > counted { return (at, left == beats) }
    }
    return nil
  }

  mutating func countIn() {
    guard let stick = comingStick, let grid else { return }
    band.countedUntil = stick.at
    actions.append(.play(.stick(at: max(clock, grid.next(stick.at)), isFirst: stick.isFirst), responder.takeNext()))
  }
}
