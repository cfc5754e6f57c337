// SPDX-License-Identifier: Apache-2.0
// Tests/JACKOutput: input, thru, cancelling, panic and shutdown against a real server.
import Foundation
import JACKOutput
import JamTestKit
import Music
import RealTime
import Synthesis
import Testing

private func on(_ pitch: UInt8) -> MIDIMessage { MIDIMessage(0x90, pitch, 100) }
private func off(_ pitch: UInt8) -> MIDIMessage { MIDIMessage(0x80, pitch, 64) }

extension RealServer {
  @Test("what reaches midi_in is heard with its time, sounds at once, and passes through in the same cycle if asked to")
  func input() throws {
    let rig = try Rig { $0.routing.playerToPort = true }
    let listener = try #require(rig.listener)
    let start = listener.now &+ 9600
    for index in 0..<200 as Range<UInt32> {
      #expect(listener.send(index % 2 == 0 ? on(60) : off(60), at: start &+ index * 101))
    }
    let received = rig.receive(200, within: .seconds(5))
    #expect(received.count == 200)
    // One cycle from the listener to us and one from us to the listener, in which order the server runs us.
    let delays = Set(received.enumerated().map { $1.frame &- (start &+ UInt32($0) * 101) })
    #expect(delays.count == 1 && (delays.first ?? 999) <= 512, "\(delays)")
    #expect(rig.loop.heard.map(\.message) == (0..<200).map { $0 % 2 == 0 ? on(60) : off(60) })
    let gaps = zip(rig.loop.heard, rig.loop.heard.dropFirst()).map { ($1.at - $0.at).seconds * 48000 }
    #expect(gaps.allSatisfy { abs($0 - 101) < 12 }, "gaps of \(gaps.min() ?? 0) to \(gaps.max() ?? 0) frames")
    #expect(listener.takePeak() > 0.01)
    #expect(rig.finish())
  }

  @Test("a flood of controllers and clocks costs no note")
  func flood() throws {
    let rig = try Rig()
    let listener = try #require(rig.listener)
    let start = listener.now &+ 9600
    for index in 0..<20_000 as Range<UInt32> {
      let message =
        index % 100 == 50
        ? on(60) : index % 100 == 99 ? off(60) : MIDIMessage([0xF8, 0xB0, 0xFE, 0xB0][Int(index % 4)], 1, 9)
      #expect(listener.send(message, at: start &+ index * 2))
    }
    func notes() -> Int { rig.loop.heard.count { $0.message.status & 0xE0 == 0x80 } }
    #expect(rig.loop.run(for: .seconds(5)) { notes() == 400 })
    #expect(rig.loop.heard.allSatisfy { $0.message.status < 0xF0 || $0.message.status == 0xF8 })
    #expect(rig.finish())
  }

  @Test("what was connected to midi_in and is gone is told of once, after its last message")
  func vanishedInput() throws {
    let rig = try Rig()
    var player: JACKTestClient? = try JACKTestClient("jam-player", server: rig.server.name)
    #expect(player?.connectSend(to: "jamd:midi_in") == true)
    #expect(!rig.loop.run(for: .milliseconds(300)) { rig.loop.output.hasInputBroken(at: TestLoop.now) })
    #expect(player?.send(on(60), at: (player?.now ?? 0) &+ 480) == true)
    #expect(rig.loop.run(for: .seconds(2)) { rig.loop.heard.count == 1 })
    player = nil
    #expect(rig.loop.run(for: .seconds(2)) { rig.loop.output.hasInputBroken(at: TestLoop.now) })
    #expect(!rig.loop.run(for: .milliseconds(300)) { rig.loop.output.hasInputBroken(at: TestLoop.now) })
    #expect(rig.finish())
  }

  @Test("a channel that is not heard is silent at midi_in; what is held of it is still released")
  func channels() throws {
    let rig = try Rig { $0.routing.playerToPort = true }
    let listener = try #require(rig.listener)
    #expect(listener.send(on(60), at: listener.now &+ 480))
    #expect(rig.receive(1, within: .seconds(2)).map(\.message) == [on(60)])
    rig.loop.output.channels = 0xFFFE
    for message in [on(62), off(62), off(60), MIDIMessage(0x91, 64, 100)] {
      #expect(listener.send(message, at: listener.now &+ 480))
    }
    #expect(rig.receive(2, within: .seconds(2)).map(\.message) == [off(60), MIDIMessage(0x91, 64, 100)])
    #expect(rig.finish())
  }

  @Test("a client that both feeds and hears jamd gets every release of a shutdown")
  func shutdownInALoop() throws {
    let server = try JACKTestServer(options: ["-r"])
    let loop = TestLoop(JACKSettings(serverName: server.name))
    try #require(loop.connect())
    let client = try JACKTestClient(server: server.name)
    #expect(client.connectReceive(from: "jamd:midi_out") && client.connectSend(to: "jamd:midi_in"))
    for pitch in 50..<60 as Range<UInt8> {
      loop.output.schedule(ScheduledEvent(at: TestLoop.now, message: on(pitch), part: .answer, generation: 1))
    }
    var received: [MIDIMessage] = []
    #expect(
      loop.run(for: .seconds(2)) {
        received += client.received().map(\.message)
        return received.count == 10
      })
    #expect(loop.output.shutdown() == .silent)
    let released = client.received().map(\.message).filter { $0.status == 0x80 && !$0.isRepeatedRelease }
    #expect(released.map(\.data1).sorted() == Array(50..<60))
    server.kill()
  }

  @Test("releases that a full ring could not take are played when there is room, and not counted as hours late")
  func keptReleases() throws {
    let rig = try Rig { $0.routing.playerToPort = true }
    rig.server.freeze()
    func play(_ message: MIDIMessage) {
      rig.loop.output.play(StageEvent(frame: .immediate, message: message, part: .player))
    }
    play(MIDIMessage(0xB0, 64, 127))
    for _ in 0..<3000 { for message in [on(60), off(60)] { play(message) } }
    play(MIDIMessage(0xB0, 64, 0))
    rig.server.thaw()
    rig.loop.run(for: .milliseconds(500))
    #expect(rig.loop.output.status.droppedEvents > 0)
    #expect(rig.loop.output.status.lateness.maximum < 60_000_000_000)
    var (sounding, pedal): (Set<UInt8>, UInt8?) = ([], nil)
    for (_, message) in rig.listener?.received() ?? [] {
      if message.status == 0xB0, message.data1 == 64 { pedal = message.data2 }
      if message.status == 0x90 { sounding.insert(message.data1) } else { sounding.remove(message.data1) }
    }
    #expect(sounding.isEmpty)
    #expect(pedal == 0, "the pedal that went up while there was no room")
    _ = rig.finish()
  }

  @Test("a server that stands still for a moment while notes begin and end leaves none of them sounding")
  func stall() throws {
    let rig = try Rig()
    for round in 0..<3 as Range<Int64> {
      let start = TestLoop.now + .milliseconds(20)
      for index in 0..<120 as Range<Int64> {
        let (pitch, at) = (UInt8(30 + index % 60), start + .milliseconds(10 * index))
        rig.loop.output.schedule(ScheduledEvent(at: at, message: on(pitch), part: .answer, generation: 1))
        rig.loop.output.schedule(
          ScheduledEvent(at: at + .milliseconds(25 + index % 7 * 20), message: off(pitch), part: .answer, generation: 1)
        )
      }
      rig.loop.run(for: .milliseconds(300))
      rig.server.freeze()
      rig.loop.run(for: .milliseconds(150 + 100 * round))
      rig.server.thaw()
      rig.loop.run(for: .milliseconds(2200))
      var sounding = Sounding()
      let received = rig.listener?.received() ?? []
      for (_, message) in received { sounding.hear(message) }
      #expect(received.count > 150 && sounding.keys.isEmpty, "\(sounding.keys.count) hang")
    }
    _ = rig.finish()
  }

  @Test("notes that were due while the server stood still are not played over those that come after")
  func notesOfAStandstill() throws {
    let rig = try Rig()
    let start = TestLoop.now + .milliseconds(20)
    // A note every 10 ms, each its own: of half a second before the standstill, of two seconds within it, of one after it.
    func plan(_ range: Range<Int64>, _ channel: UInt8) {
      for index in range {
        for (shift, kind) in [(0, 0x90), (5, 0x80)] as [(Int64, UInt8)] {
          let message = MIDIMessage(kind | channel, UInt8(index % 100), 64)
          let at = start + .milliseconds(10 * index + shift)
          rig.loop.output.schedule(ScheduledEvent(at: at, message: message, part: .answer, generation: 1))
        }
      }
    }
    plan(0..<50, 0)
    plan(50..<250, 1)
    plan(250..<350, 2)
    rig.loop.run(for: .milliseconds(520))
    rig.server.freeze()
    rig.loop.run(for: .seconds(2))
    rig.server.thaw()
    rig.loop.run(for: .milliseconds(1500))
    let struck = (rig.listener?.received() ?? []).map(\.message).filter(\.isStrike)
    // A tenth of a second passes before it is seen, and what was under way by then is heard.
    let within = struck.count { $0.channel.index == 1 }
    #expect(within < 30, "\(within) of 200 notes of the standstill are heard after it")
    let others = [0, 2].map { channel in struck.count { $0.channel.index == channel } }
    #expect(others[0] > 45 && others[1] > 80, "\(others) of 50 and 100")
    #expect(rig.loop.output.status.unheardEvents > 150)
    _ = rig.finish()
  }

  @Test("a note that sounds when the server stands still, and should have ended by when it goes on, ends then")
  func releaseInAStandstill() throws {
    let rig = try Rig()
    let start = TestLoop.now + .milliseconds(20)
    for (at, message) in [(0, on(60)), (1000, off(60)), (0, on(62)), (4000, off(62))] as [(Int64, MIDIMessage)] {
      rig.loop.output.schedule(
        ScheduledEvent(at: start + .milliseconds(at), message: message, part: .answer, generation: 1))
    }
    #expect(rig.receive(2, within: .seconds(2)).count == 2)
    rig.server.freeze()
    rig.loop.run(for: .milliseconds(1500))
    rig.server.thaw()
    let thawed = TestLoop.now
    let ends = rig.receive(1, within: .seconds(5))
    #expect(ends.map(\.message) == [off(60)])
    #expect(TestLoop.now - thawed < .milliseconds(300), "it was to last half a second less than the server stood still")
    #expect(rig.receive(1, within: .seconds(5)).map(\.message) == [off(62)])
    _ = rig.finish()
  }

  @Test("of the keys that are tried while the server stands still those are heard after it that are still down")
  func keysOfAStandstill() throws {
    let rig = try Rig { $0.routing.playerToPort = true }
    func play(_ messages: MIDIMessage...) {
      for message in messages {
        rig.loop.output.play(StageEvent(frame: .immediate, message: message, part: .player))
      }
    }
    play(on(50))
    #expect(rig.receive(1, within: .seconds(2)).map(\.message) == [on(50)])
    rig.server.freeze()
    rig.loop.run(for: .milliseconds(500))
    play(off(50), on(60), off(60), on(62), on(60), off(60))
    rig.loop.run(for: .milliseconds(200))
    rig.server.thaw()
    let received = rig.receive(2, within: .seconds(2)).map(\.message)
    #expect(received == [off(50), on(62)])
    play(off(62))
    #expect(rig.receive(1, within: .seconds(2)).map(\.message) == [off(62)])
    #expect(rig.loop.output.status.unheardEvents == 2)
    _ = rig.finish()
  }

  @Test("a clock that stops while the server stands still has stopped when it goes on, however much was to be told")
  func clockWithoutRoom() throws {
    let rig = try Rig()
    #expect(rig.listener?.connectReceive(from: "jamd:clock_out") == true)
    rig.loop.output.sendsClock = true
    let origin = TestLoop.now
    func keep(_ bpm: Double, isPlaying: Bool, for length: Duration) {
      let tempo = Tempo(beatsPerMinute: bpm) ?? .standard
      rig.loop.run(for: length) {
        let now = TestLoop.now
        let grid = BeatGrid(tempo: tempo, anchor: origin, metre: .common)
        rig.loop.output.updateClock(beat: grid, isPlaying: isPlaying, at: now)
        return false
      }
    }
    func heard() -> [UInt8] {
      (rig.listener?.received() ?? []).map(\.message.status).filter { (0xFA...0xFC).contains($0) }
    }
    keep(240, isPlaying: true, for: .milliseconds(2500))
    #expect(heard().last == 0xFA)
    rig.server.freeze()
    for index in 0..<150 { keep(index % 2 == 0 ? 200 : 280, isPlaying: true, for: .milliseconds(20)) }
    // Each time is a silence that is owed: more than the clock's ring holds.
    for _ in 0..<200 {
      rig.loop.output.sendsClock = false
      rig.loop.output.sendsClock = true
    }
    keep(240, isPlaying: false, for: .milliseconds(50))
    rig.server.thaw()
    keep(240, isPlaying: false, for: .seconds(1))
    #expect(heard().last == 0xFC)
    keep(240, isPlaying: true, for: .milliseconds(2500))
    #expect(heard().last.map { $0 != 0xFC } == true, "and it can be started again")
    _ = rig.finish()
  }

  @Test("a cancelled answer stops within a period and five milliseconds, its notes are released, nothing hangs")
  func cancel() throws {
    let rig = try Rig()
    var (received, sounding): ([(frame: UInt32, message: MIDIMessage)], [UInt8: Int]) = ([], [:])
    for generation in 1...20 as ClosedRange<UInt32> {
      let now = TestLoop.now
      for index in 0..<40 as Range<Int64> {
        let pitch = UInt8(40 + index)
        let start = now + .milliseconds(5 * index)
        rig.loop.output.schedule(ScheduledEvent(at: start, message: on(pitch), part: .answer, generation: generation))
        rig.loop.output.schedule(
          ScheduledEvent(at: start + .milliseconds(60), message: off(pitch), part: .answer, generation: generation))
      }
      rig.loop.run(for: .milliseconds(70 + Int64(generation)))
      received += rig.listener?.received() ?? []
      let cancelled = rig.listener?.now ?? 0
      rig.loop.output.cancel(before: generation + 1)
      rig.loop.run(for: .milliseconds(80))
      let after = rig.listener?.received() ?? []
      let late = after.filter { $0.message.status == 0x90 && Int32(bitPattern: $0.frame &- cancelled) > 256 + 240 }
      #expect(late.isEmpty, "\(late.count) notes after the cancel")
      received += after
    }
    for (_, message) in received where !message.isRepeatedRelease {
      sounding[message.data1, default: 0] += message.status == 0x90 ? 1 : -1
    }
    #expect(received.count > 400 && sounding.values.allSatisfy { $0 == 0 })
    #expect(rig.loop.output.status.stage.notes < 800)
    #expect(rig.finish())
  }

  @Test("panic silences midi_out and the sound at once")
  func panic() throws {
    let rig = try Rig { $0.synthesizer = SynthesizerSettings(player: .organ(.jazz), answer: .organ(.jazz)) }
    for pitch in [48, 55, 60] as [UInt8] {
      rig.loop.output.schedule(ScheduledEvent(at: TestLoop.now, message: on(pitch), part: .answer, generation: 1))
    }
    #expect(rig.receive(3, within: .seconds(2)).count == 3)
    rig.loop.run(for: .milliseconds(100))
    #expect(rig.listener?.takePeak() ?? 0 > 0.1)
    rig.loop.output.panic()
    let released = rig.receive(5, within: .seconds(2)).map(\.message)
    #expect(Set(released.prefix(3)) == Set([48, 55, 60].map { off($0) }))
    rig.loop.run(for: .milliseconds(50))
    _ = rig.listener?.takePeak()
    rig.loop.run(for: .milliseconds(100))
    #expect(rig.listener?.takePeak() == 0)
    #expect(rig.finish())
  }

  @Test("shutdown leaves every note released and the client gone, and the recording finished")
  func shutdown() throws {
    let path = NSTemporaryDirectory() + "jack-\(getpid()).wav"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let recorder = WAVRecorder(path: path)
    let rig = try Rig(recorder: recorder)
    for pitch in 50..<60 as Range<UInt8> {
      rig.loop.output.schedule(ScheduledEvent(at: TestLoop.now, message: on(pitch), part: .answer, generation: 1))
    }
    #expect(rig.receive(10, within: .seconds(2)).count == 10)
    rig.loop.run(for: .milliseconds(200))
    #expect(rig.loop.output.shutdown() == .silent)
    let after = (rig.listener?.received() ?? []).map(\.message).filter { !$0.isRepeatedRelease }
    let released = after.filter { $0.status == 0x80 }.map(\.data1)
    #expect(released.sorted() == Array(50..<60))
    #expect(rig.listener?.ports(containing: "jamd:") == [])
    #expect(recorder.status.frames > 9600 && recorder.status.lostFrames == 0 && recorder.status.files == [path])
    rig.listener = nil
    rig.server.kill()
  }
}
