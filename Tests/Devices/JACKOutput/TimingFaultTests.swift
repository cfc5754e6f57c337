// SPDX-License-Identifier: Apache-2.0
// Tests/JACKOutput: events keep to their frames when the server does not keep to its own.
import CJACK
import Glibc
import JACKOutput
import JamTestKit
import Music
import RealTime
import Synchronization
import Testing

/// How many microseconds the next cycle of the client below takes too long.
private let stall = Atomic<UInt32>(0)

@c private func stallingProcess(_ count: UInt32, _ argument: UnsafeMutableRawPointer?) -> Int32 {
  let microseconds = stall.exchange(0, ordering: .relaxed)
  if microseconds > 0 { usleep(microseconds) }
  return 0
}

/// Plays `count` notes from `start` on, some frames apart, each message unlike all others, while `meanwhile` is called
/// every ten notes.
private func play(
  _ count: Int, from start: Frames, _ rig: Rig, _ comparison: inout Comparison, meanwhile: (Int) -> Void = { _ in }
) {
  var random = RandomSource(seed: 5)
  var frame = start
  for index in 0..<count {
    let (pitch, strength) = (UInt8(index % 120), UInt8(1 + index / 120))
    for message in [MIDIMessage(0x90, pitch, strength), MIDIMessage(0x80, pitch, strength)] {
      frame = frame + (16 + random.next() % 64)
      comparison.expect(message, frame)
      rig.loop.output.play(StageEvent(frame: frame, message: message, part: .answer, generation: 1))
    }
    let ahead = rig.loop.output.instant(of: frame).map { $0 - TestLoop.now } ?? .zero
    if ahead > .milliseconds(150) { rig.loop.run(for: .milliseconds(20)) }
    comparison.take(rig.listener)
    if index % 10 == 0 { meanwhile(index / 10) }
  }
  rig.loop.run(for: .seconds(3)) {
    comparison.take(rig.listener)
    return comparison.isComplete
  }
}

extension RealServer {
  @Test("xruns cost what falls into them, and move nothing else")
  func xruns() throws {
    let rig = try Rig()
    var status = jack_status_t(0)
    let staller = try #require(jamd_client_open("staller", rig.server.name, &status))
    jack_set_process_callback(staller, stallingProcess, nil)
    jack_activate(staller)
    rig.loop.run(for: .milliseconds(200))
    var comparison = Comparison()
    let start = try #require(rig.loop.output.frames(at: TestLoop.now + .milliseconds(300)))
    play(2000, from: start, rig, &comparison) { if $0 % 25 == 10 { stall.store(15_000, ordering: .relaxed) } }
    let after = rig.loop.output.status
    #expect(after.xruns >= 4, "a cycle of 15 ms is no xrun?")
    print("\(after.xruns) xruns: \(comparison.missing) missing, \(comparison.wrong) off their frame of 4000")
    comparison.check(after, perCycle: 256 / 16 + 8)
    #expect(comparison.wrong < 2000, "the clock is off for good")
    jack_client_close(staller)
    #expect(rig.finish())
  }

  @Test("on both sides of a server's death and rebirth every event leaves on its frame")
  func rebirth() throws {
    let rig = try Rig()
    for life in 0..<3 {
      let before = rig.loop.output.status
      var comparison = Comparison()
      let start = try #require(rig.loop.output.frames(at: TestLoop.now + .milliseconds(300)))
      play(1000, from: start, rig, &comparison)
      var after = rig.loop.output.status
      after.xruns -= before.xruns
      after.stage.lateEvents -= before.stage.lateEvents
      comparison.check(after, perCycle: 256 / 16 + 8)
      guard life < 2 else { continue }
      rig.server.killHard()
      rig.listener = nil
      #expect(rig.loop.run(for: .seconds(2)) { !rig.loop.output.isConnected })
      try rig.server.start()
      try #require(rig.loop.connect(within: .seconds(5)))
      try rig.attachListener()
      rig.loop.run(for: .milliseconds(300))
    }
    #expect(rig.finish())
  }

  @Test("the callback's thread takes no page fault once it plays")
  func faults() throws {
    let rig = try Rig()
    var generation: UInt32 = 1
    rig.loop.run(for: .seconds(3)) {
      let now = TestLoop.now
      for pitch in [48, 60, 72] as [UInt8] {
        for (at, kind) in [(now, 0x90), (now + .milliseconds(20), 0x80)] as [(Instant, UInt8)] {
          rig.loop.output.schedule(
            ScheduledEvent(at: at, message: MIDIMessage(kind, pitch, 90), part: .answer, generation: generation))
        }
      }
      generation += 1
      rig.loop.output.cancel(before: generation - 1)
      return false
    }
    let faults = try #require(rig.loop.output.status.pageFaults)
    print("page faults of the callback's thread: \(faults.minor) minor, \(faults.major) major")
    // The tests do not lock their memory: where the kernel takes pages away, they come back by a fault.
    #expect(faults.major == 0 && faults.minor < 50)
    #expect(rig.finish())
  }
}
