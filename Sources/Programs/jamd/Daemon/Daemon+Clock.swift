// SPDX-License-Identifier: Apache-2.0
// Programs/jamd, THINKING: whose beat jamd follows, and who follows jamd's.
import ControlProtocol
import Improviser
import JACKOutput
import Listening
import Music
import RealTime

extension Daemon {
  /// So often the clock that is sent is held against the beat.
  private static let clockUpdate = Duration.milliseconds(10)

  /// As the configuration in force has it.
  func startClock() {
    let wanted = configuration.clock
    clocks.metre = TimeSignature(beats: wanted.beatsInABar, unit: 4)
    if !wanted.follows { follow(clocks.loseAll(), at: .now()) }
    output.sendsClock = wanted.sends
    if output.transportUse == .follow, wanted.transport != .follow, let change = transport.forget() {
      session.follow(change, at: .now())
    }
    output.transportUse = wanted.transport
  }

  /// `command` is about clocks, transport and keyboards; it holds until jamd ends.
  func handle(_ command: HandsCommand) -> Reply {
    switch command {
    case .clockIn(let isOn): configuration.clock.follows = isOn
    case .clockOut(let isOn): configuration.clock.sends = isOn
    case .transport(let use): configuration.clock.transport = use
    case .countIn(let isOn): session.ask(.countIn(isOn), at: .now())
    case .midiForget: return forgetControls()
    case .midiSplit(let lowest, let highest): return split(lowest, highest)
    case .midiKeyboards(let use): seat(use)
    }
    startClock()
    scheduleDeadline()
    return .done
  }

  func hearClock(_ message: MIDIMessage, from keyboard: Keyboard, at instant: Instant) {
    guard configuration.clock.follows, let message = ClockFollower.Message(message) else { return }
    follow(clocks.hear(message, from: keyboard.number, at: instant), at: instant)
  }

  /// What a MIDI clock has to say. A transport that leads is the stronger.
  func follow(_ change: ClockReceiver.Change?, at now: Instant) {
    guard let change, !transport.isLed else { return }
    tell(change, of: "a MIDI clock")
    session.follow(inTime(change), at: now)
    scheduleDeadline()
  }

  /// With every turn of the output: clocks that have fallen silent, JACK's transport, the clock that is sent.
  func mindClock(_ now: Instant) {
    follow(clocks.advance(to: now), at: now)
    followTransport(now)
    guard now >= nextClockUpdate else { return }
    nextClockUpdate = now + Self.clockUpdate
    let beat = session.beat(at: now)
    let isLed = clocks.isLed || transport.isLed
    output.updateClock(
      beat: session.outputBeat(at: now), isPlaying: isLed || session.isPlaying(at: now, beat: beat), at: now)
  }

  private func followTransport(_ now: Instant) {
    guard output.transportUse == .follow, let state = output.transport() else { return }
    let wasLed = transport.isLed
    guard let change = transport.update(isRolling: state.isRolling, beat: state.beat, at: now) else { return }
    tell(change, of: "JACK's transport")
    session.follow(change, at: now)
    // Where nobody keeps the transport's tempo, its stop is a stop all the same.
    if change == .stopped, !wasLed { session.ask(.stop, at: now) }
    scheduleDeadline()
  }

  /// A note is heard a cycle after its instant: so it meets the clock's beat there.
  private func inTime(_ change: ClockReceiver.Change) -> ClockReceiver.Change {
    guard case .running(var beat) = change, let latency = output.latency else { return change }
    beat.anchor = beat.anchor - latency
    return .running(beat)
  }

  private func tell(_ change: ClockReceiver.Change, of clock: String) {
    switch change {
    case .running where ledBy == clock: break
    case .running(let beat):
      let tempo = (beat.tempo.beatsPerMinute * 10).rounded() / 10
      log.info("\(clock) gives the beat: \(tempo) beats a minute")
      ledBy = clock
    case .stopped:
      log.info("\(clock) has stopped")
      ledBy = nil
    case .lost:
      log.notice("\(clock) is lost: the beat is what is heard")
      ledBy = nil
    }
  }

  func clockStatus(at now: Instant) -> ClockStatus {
    let own = session.isTapped(at: now) ? "taps" : "playing"
    let from = transport.isLed ? "JACK transport" : clocks.isLed ? "MIDI clock" : own
    return ClockStatus(
      tempo: session.beat(at: now)?.tempo.beatsPerMinute, from: from, sent: output.sendsClock,
      transport: output.transportUse.rawValue)
  }
}
