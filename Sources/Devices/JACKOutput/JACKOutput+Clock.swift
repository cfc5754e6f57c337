// SPDX-License-Identifier: Apache-2.0
// Devices/JACKOutput: the clock that is sent, and JACK's transport, as the daemon's loop sees them.
import Music
import RealTime
import Synchronization

/// What the clock is for.
struct ClockUse {
  var isSent = false
  var transport = TransportUse.off
  /// The stage is to be told that nothing ticks, before anything else.
  var owesSilence = false
  /// The transport was told to roll.
  var isRolling = false
  /// The transport has rolled by jamd's order: the next start goes on.
  var hasRolled = false
}

extension JACKOutput {
  /// Whether `clock_out` carries a MIDI clock. Whoever listens is started anew.
  public var sendsClock: Bool {
    get { clockUse.isSent }
    set {
      guard newValue != clockUse.isSent else { return }
      clockUse.isSent = newValue
      if newValue { silenceClock() }
      shared.words.pointee.sendsClock.store(newValue, ordering: .relaxed)
    }
  }

  /// What is done with JACK's transport. Returns at once; the server is asked in the background.
  public var transportUse: TransportUse {
    get { clockUse.transport }
    set {
      guard newValue != clockUse.transport else { return }
      if clockUse.transport == .lead, clockUse.isRolling { connector.roll(false) }
      (clockUse.isRolling, clockUse.hasRolled) = (false, false)
      clockUse.transport = newValue
      connector.leadTransport(newValue == .lead)
    }
  }

  /// Beats a minute of the clock; nil where nothing ticks.
  public var clockTempo: Double? { clock.flatMap { clockSender.tempo(sampleRate: $0.sampleRate) } }

  /// Keeps the clock on the beat, and the transport rolling while `isPlaying`, where that is wanted. To be called some
  /// times a beat. O(1).
  public func updateClock(beat: BeatGrid?, isPlaying: Bool, at now: Instant) {
    guard isConnected, !standsStill, let clock else { return }
    let isWanted = clockUse.isSent || clockUse.transport == .lead
    let orders = clockSender.update(
      beat: isWanted ? beat : nil, isPlaying: isWanted && isPlaying, at: now, clock: clock, delay: UInt64(clock.period))
    give(orders)
    if let beat { shared.words.pointee.beatsInABar.store(beat.bar.count.bitPattern, ordering: .relaxed) }
    if clockUse.transport == .lead { roll() }
  }

  /// JACK's transport as of the latest cycle, and the instant at which what plays now is heard there: a note scheduled for
  /// it leaves on that very beat. `beat` nil: nobody keeps its tempo. Nil before the first cycle.
  public func transport() -> (isRolling: Bool, beat: BeatGrid?)? {
    guard isConnected, let clock, let now = shared.transport.pointee.latest() else { return nil }
    let beat = BeatGrid(
      transport: clock.instant(of: now.frame) - clock.cycle, beat: now.beat, beatsInABar: now.beatsInABar,
      beatType: now.beatType, beatsPerMinute: now.beatsPerMinute)
    return (now.isRolling, beat)
  }

  /// Where there is no room, because the server stands still, the clock begins anew with silence: half of what was to be
  /// done would leave whoever follows it running, or standing, for good.
  private func give(_ orders: some Sequence<ClockOrder>) {
    if clockUse.owesSilence {
      guard shared.clockOrders.pointee.push(ClockOrder(.silence)) else { return clockSender.breakOff() }
      clockUse.owesSilence = false
    }
    guard !orders.allSatisfy({ shared.clockOrders.pointee.push($0) }) else { return }
    clockSender.breakOff()
    clockUse.owesSilence = true
  }

  private func silenceClock() {
    clockSender.reset()
    clockUse.owesSilence = true
    give([])
  }

  /// The transport does what the clock does.
  private func roll() {
    let runs = shared.words.pointee.clockRuns.load(ordering: .relaxed)
    guard runs != clockUse.isRolling else { return }
    connector.roll(runs, fromBeginning: !clockUse.hasRolled)
    clockUse.isRolling = runs
    clockUse.hasRolled = true
  }
}
