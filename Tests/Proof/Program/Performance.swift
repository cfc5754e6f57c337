// SPDX-License-Identifier: Apache-2.0
// Tests/Proof: everything that the stage can be asked, asked for a while.
import CJACK
import Glibc
import JACKOutput
import Music
import RealTime
import Synthesis

/// What the stage is asked to sound like.
enum Mode: String, CaseIterable {
  case midi, fluid, organ
  /// FluidSynth and the organ without time for more than the least: voices are shed all the time.
  case hurried

  var synthesizer: SynthesizerSettings? {
    switch self {
    case .midi: return nil
    case .fluid: return SynthesizerSettings()
    case .organ: return SynthesizerSettings(player: .organ(.jazz), answer: .organ(.flutes))
    case .hurried:
      var settings = SynthesizerSettings(answer: .organ(.flutes))
      settings.renderingShare = 1e-6
      return settings
    }
  }
}

/// Plays on a server of its own, in freewheel mode: both parts, thru, controllers, cancels, panics, late and repeated
/// notes, a recording, a change of period, a clock that is sent and a transport that is led.
final class Performance {
  private let mode: Mode
  private let server: String
  private let output: JACKOutput
  private let recorder: WAVRecorder
  private let recording: String
  private var random: RandomSource
  private var conductor = Conductor()
  private var generation: UInt32 = 1

  init(_ mode: Mode, seed: UInt64) {
    self.mode = mode
    server = "jamd-proof-\(getpid())"
    var settings = JACKSettings(serverName: server, startsServer: true, synthesizer: mode.synthesizer)
    settings.server.driver = .dummy
    settings.routing.playerToPort = true
    let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    recording = "\(folder)/\(server).wav"
    recorder = WAVRecorder(path: recording)
    output = JACKOutput(settings, recorder: recorder, at: .now())
    random = RandomSource(seed: seed)
  }

  deinit { unlink(recording) }

  /// `seconds` of audio; what went wrong, or nil.
  func run(seconds: Int) -> String? {
    guard tick(for: .seconds(15), until: { output.isConnected && output.latency != nil }) else {
      return "no JACK server within 15 s"
    }
    // The other client is gone before its server is.
    let problem = perform(seconds: seconds)
    return output.shutdown(timeout: .seconds(2)) == .silent ? problem : problem ?? "no last cycle"
  }

  private func perform(seconds: Int) -> String? {
    guard let feeder = Feeder(server: server, seed: 77) else { return "no second client" }
    guard feeder.setFreewheel(true) else { return "the server does not freewheel" }
    let wanted = UInt64(seconds) * 48000
    var isHalf = false
    while feeder.frames < wanted, output.isConnected {
      playSomething()
      conductor.conduct(output, played: feeder.frames)
      _ = tick(for: .milliseconds(1), until: { false })
      guard !isHalf, feeder.frames > wanted / 2 else { continue }
      isHalf = true
      guard feeder.setFreewheel(false), jack_set_buffer_size(feeder.handle, 64) == 0, feeder.setFreewheel(true) else {
        return "the server does not change its period"
      }
    }
    guard feeder.setFreewheel(false) else { return "the server does not end freewheeling" }
    return judge(feeder, wanted)
  }

  /// A proof about a stage that had nothing to do would prove nothing.
  private func judge(_ feeder: Feeder, _ wanted: UInt64) -> String? {
    let status = output.status
    let cost = status.cost
    print(
      "\(mode): \(feeder.frames / 48000) s of audio in \(status.cycles) cycles, \(status.stage.notes) notes,",
      "\(feeder.received) messages out, \(feeder.ticks) ticks, \(feeder.starts) starts, \(feeder.stops) stops,",
      "\(feeder.ledCycles) cycles led, peak \(feeder.peak), cost p50/p99/max",
      "\(cost.quantile(0.5) / 1000)/\(cost.quantile(0.99) / 1000)/\(cost.maximum / 1000) us")
    let seconds = wanted / 48000
    if feeder.frames < wanted { return "the server went away" }
    if status.stage.notes < seconds { return "too few notes to prove anything" }
    if feeder.received < 2 * status.stage.notes / 3 { return "notes did not reach the port" }
    if feeder.ticks < 20 * seconds { return "the clock did not tick" }
    if min(feeder.starts, feeder.stops) < seconds / 10 { return "the clock did not start and stop" }
    if feeder.ledCycles < 50 * seconds { return "the transport was not led" }
    if mode != .midi, feeder.peak < 0.05 { return "nothing was to be heard" }
    if mode == .fluid, case .organInstead(let reason)? = status.synthesizer { return reason }
    return nil
  }

  private func tick(for limit: Duration, until condition: () -> Bool) -> Bool {
    let end = Instant.now() + limit
    repeat {
      for report in output.tick(at: .now()) {
        if case .serverNotStarted(let reason) = report { print(reason) }
      }
      output.drainInput { _, _ in }
      if condition() { return true }
      usleep(300)
    } while Instant.now() < end
    return condition()
  }

  private func playSomething() {
    guard let now = output.frames(at: .now()) else { return }
    for _ in 0..<3 {
      let pitch = UInt8(36 + random.next() % 60)
      let start = now + random.next() % 9600
      for (frame, status) in [(start, 0x90), (start + 7200, 0x80)] as [(Frames, UInt8)] {
        output.play(
          StageEvent(
            frame: frame, message: MIDIMessage(status, pitch, 80), part: .answer, generation: generation))
      }
    }
    for message in [MIDIMessage(0xE0, 3, 70), MIDIMessage(0xB0, 64, UInt8(random.next() % 128)), MIDIMessage(0xD0, 9)] {
      output.play(StageEvent(frame: .immediate, message: message, part: .player))
    }
    let pitch = UInt8(36 + random.next() % 60)
    output.schedule(ScheduledEvent(at: .now(), message: MIDIMessage(0x90, pitch, 70), part: .player))
    output.schedule(
      ScheduledEvent(at: .now() + .milliseconds(5), message: MIDIMessage(0x80, pitch, 64), part: .player))
    if random.next() % 40 == 0 { output.panic() }
    guard random.next() % 10 == 0 else { return }
    generation += 1
    output.cancel(before: generation)
  }
}
