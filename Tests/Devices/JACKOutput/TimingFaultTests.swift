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
private let stallTime = Atomic<UInt32>(0)

@c private func stallingProcess(_ count: UInt32, _ argument: UnsafeMutableRawPointer?) -> Int32 {
  let microseconds = stallTime.exchange(0, ordering: .relaxed)
  if microseconds > 0 { usleep(microseconds) }
  return 0
}

/// As the daemon does, but for the stacks of other threads, which keep their size; false where not everything may be locked.
private func lockMemory() -> Bool { MemoryLocking.lock(threadStack: 8 << 20) == .everything }

private let mayLockMemory: Bool = {
  defer { munlockall() }
  return lockMemory()
}()

/// A client that holds the whole graph up when it is told to.
private struct Staller {
  private let client: OpaquePointer

  init(server: String) throws {
    var status = jack_status_t(0)
    client = try #require(jamd_client_open("staller", server, &status))
    jack_set_process_callback(client, stallingProcess, nil)
    jack_activate(client)
  }

  func stall(milliseconds: UInt32) { stallTime.store(milliseconds * 1000, ordering: .relaxed) }

  func end() { jack_client_close(client) }
}

extension RealServer {
  @Test("xruns cost what falls into them, and move nothing else")
  func xruns() throws {
    let rig = try Rig()
    let staller = try Staller(server: rig.server.name)
    rig.loop.run(for: .milliseconds(200))
    var comparison = Comparison()
    try rig.play(5000, into: &comparison) { if $0 % 25 == 10 { staller.stall(milliseconds: 15) } }
    let after = rig.loop.output.status
    #expect(after.xruns >= 10, "a cycle of 15 ms is no xrun?")
    report("xruns", comparison, after)
    comparison.check(after)
    staller.end()
    #expect(rig.finish())
  }

  @Test("what was released within a second before an xrun is released again, what sounds or was silent longer is not")
  func repeatedReleases() throws {
    let rig = try Rig()
    let staller = try Staller(server: rig.server.name)
    let channel = UInt8(3)
    func play(_ messages: [MIDIMessage]) {
      for message in messages {
        rig.loop.output.schedule(ScheduledEvent(at: TestLoop.now, message: message, part: .answer, generation: 1))
      }
      rig.loop.run(for: .milliseconds(20))
    }
    let (on, off) = (0x90 | channel, 0x80 | channel)
    play([MIDIMessage(on, 50, 90), MIDIMessage(off, 50, 64)])
    rig.loop.run(for: .milliseconds(1300))
    play([MIDIMessage(on, 60, 90), MIDIMessage(0xB0 | channel, 64, 127)])
    play([MIDIMessage(off, 60, 64), MIDIMessage(0xB0 | channel, 64, 0)])
    play([MIDIMessage(on, 61, 90), MIDIMessage(off, 61, 64)])
    play([MIDIMessage(on, 61, 90)])
    _ = rig.listener?.received()
    let before = rig.loop.output.status.xruns
    staller.stall(milliseconds: 40)
    #expect(rig.loop.run(for: .seconds(2)) { rig.loop.output.status.xruns > before }, "a cycle of 40 ms is no xrun?")
    rig.loop.run(for: .milliseconds(100))
    let repeated = Set(rig.listener?.received().map(\.message) ?? [])
    #expect(repeated == [MIDIMessage(off, 60, 0), MIDIMessage(0xB0 | channel, 64, 0)])
    play([MIDIMessage(off, 61, 64)])
    staller.end()
    #expect(rig.finish())
  }

  @Test("on both sides of a server's death and rebirth, at whatever rate and period, every event leaves on its frame")
  func rebirth() throws {
    let rig = try Rig()
    let lives: [(rate: Int, period: Int)] = [(48000, 256), (44100, 128), (96000, 512), (48000, 64), (44100, 1024)]
    for (index, life) in lives.enumerated() {
      if index > 0 { try rig.restartServer(sampleRate: life.rate, period: life.period) }
      let before = rig.loop.output.status
      var comparison = Comparison()
      try rig.play(1000, seed: UInt64(index), into: &comparison)
      let after = rig.loop.output.status
      #expect(after.sampleRate == life.rate && after.period == life.period)
      report("\(life.rate) Hz, period \(life.period)", comparison, after.since(before))
      comparison.check(after.since(before))
    }
    #expect(rig.finish())
  }

  @Test(
    "in memory that is locked, as the daemon's is, the callback's thread takes no page fault once it plays",
    .enabled(if: mayLockMemory, "RLIMIT_MEMLOCK does not allow to lock all memory"))
  func faults() throws {
    #expect(lockMemory())
    defer { munlockall() }
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
    // A locked page stays in memory, but the kernel may move it, and that costs a minor fault.
    #expect(faults.major == 0 && faults.minor <= 2)
    #expect(rig.finish())
  }
}
