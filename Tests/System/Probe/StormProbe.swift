// SPDX-License-Identifier: Apache-2.0
// Tests/System: a storm from an ALSA keyboard into jamd, and what is left sounding at its midi_out.
import Glibc
import JamTestKit
import Music
import RealTime

/// Storms, phrases and silence. Plays at the priority of a keyboard's interrupt, so that what is late or lost is not the probe's doing.
struct StormProbe {
  private static let chunk: UInt64 = 10_000
  /// In chunks: of every half minute two seconds are a storm, then there are phrases of five seconds with as much silence
  /// after each, then silence.
  private static let (stormy, playing, round) = (200, 2000, 3000)

  init() throws(SchedulingError) {
    _ = try ThreadScheduling.becomeRealTime(priority: 80)
    _ = MemoryLocking.lock()
  }

  /// A line when it is over; false when a note hung, or what was heard was not all taken.
  func run(seconds: Int) -> Bool {
    guard let keys = Sender("Storm Keys", isHardware: true), let ear = Ear("storm-ear") else {
      say("FAIL  no sequencer or no JACK server")
      return false
    }
    var (storm, sounding) = (MIDIStorm(seed: 9), Sounding())
    func listen() { for (_, message) in ear.takeMessages() { sounding.hear(message) } }
    func wait(_ microseconds: UInt64) {
      usleep(UInt32(microseconds))
      listen()
    }
    for _ in 0..<2000 where !ear.listen(to: "jamd:midi_out", isMIDI: true) { wait(Self.chunk) }
    // Until jamd has connected the keyboard: something comes back.
    for _ in 0..<2000 where sounding.notes == 0 {
      _ = keys.send(MIDIMessage(0x90, 40, 1))
      _ = keys.send(MIDIMessage(0x80, 40, 1))
      wait(Self.chunk)
    }
    say("storm begins")
    var (stormSteps, phrase) = (UInt32(0), RandomSource(seed: 9))
    for step in 0..<seconds * 100 {
      let place = step % Self.round
      if place < Self.stormy {
        stormSteps += 1
        // What falls into ten milliseconds at once: ten messages, or a burst of a hundred more.
        let end = MIDIStorm.frame(afterPlaying: stormSteps * 480)
        for (_, message) in storm.messages(before: end) { _ = keys.send(message) }
      } else if place == Self.stormy {
        for message in storm.releases() { _ = keys.send(message) }
      } else if place < Self.playing, place % 1000 < 500, place % 15 == 0 {
        let pitch = Pitch(clamping: 48 + Int(phrase.next() % 36))
        _ = keys.send(.noteOn(pitch, .standard))
        wait(Self.chunk)
        _ = keys.send(.noteOff(pitch))
      }
      wait(Self.chunk)
    }
    for message in storm.releases() { _ = keys.send(message) }
    for _ in 0..<3000 where !sounding.keys.isEmpty { wait(Self.chunk) }
    say("storm sent \(storm.sent), heard \(sounding.notes) notes, hung \(sounding.keys.count), lost \(ear.lost)")
    return sounding.keys.isEmpty && sounding.notes > 0 && ear.lost == 0
  }
}
