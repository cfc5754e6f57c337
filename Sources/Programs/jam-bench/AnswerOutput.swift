// SPDX-License-Identifier: Apache-2.0
// Programs/jam-bench: the way of an answer to the ring.
import Improviser
import Music
import RealTime

/// What the daemon's session and its JACKOutput do with an answer, out of the same parts (`Schedule`, `FrameClock`,
/// `StrikeFrames`, `EventRing`), but without a JACK server: the clock has been told of one cycle and runs on from there.
struct AnswerOutput: ~Copyable {
  private static let (sampleRate, period) = (UInt32(48000), UInt32(256))

  private var schedule = Schedule()
  private var strikes = StrikeFrames()
  private let clock = FrameClock(
    ClockSnapshot(
      frame: Frames(1 << 32), time: .zero, sampleRate: sampleRate, period: period, rate: Double(sampleRate) * 1e-9))
  private let ring = EventRing(capacity: StageLimits.ring)

  /// What is due within the output's look-ahead goes into the ring.
  mutating func send(_ actions: [Action], at now: Instant) {
    for case .play(let note, let generation) in actions {
      let on = MIDIMessage.noteOn(note.pitch, note.velocity, note.channel)
      for (instant, message) in [(note.onset, on), (note.release, MIDIMessage.noteOff(note.pitch, note.channel))] {
        schedule.add(ScheduledEvent(at: instant, message: message, part: .answer, generation: generation.number))
      }
    }
    while ring.free > StageLimits.ring / 4, let event = schedule.popDue(before: now + .milliseconds(50)) {
      let place = strikes.place(
        event.message, of: event.generation, at: clock.frames(at: event.at) + UInt64(Self.period))
      guard let frame = place else { continue }
      _ = ring.push(StageEvent(frame: frame, message: event.message, part: event.part, generation: event.generation))
    }
  }

  /// How many events are in the ring.
  var sent: Int { ring.count }

  mutating func empty() {
    schedule.removeAll()
    while ring.pop() != nil {}
  }
}
