// SPDX-License-Identifier: Apache-2.0
// Tests/JACKOutput: servers that come, go, freeze and die.
import Foundation
import JACKOutput
import JamTestKit
import Music
import RealTime
import Testing

private func note(_ at: Instant, _ pitch: UInt8, _ generation: UInt32) -> [ScheduledEvent] {
  [
    ScheduledEvent(at: at, message: MIDIMessage(0x90, pitch, 100), part: .answer, generation: generation),
    ScheduledEvent(
      at: at + .milliseconds(50), message: MIDIMessage(0x80, pitch, 64), part: .answer, generation: generation),
  ]
}

extension RealServer {
  @Test("without a server it says so once and keeps trying, and plays as soon as there is one")
  func noServer() throws {
    let lock = JACKLibraryLock()
    let name = JACKTestServer.uniqueName("-late")
    let loop = TestLoop(JACKSettings(serverName: name))
    loop.run(for: .milliseconds(900))
    #expect(!loop.output.isConnected)
    #expect(loop.reports.count == 1)
    guard case .waiting(let reason) = loop.reports.first else {
      Issue.record("\(loop.reports)")
      return
    }
    #expect(reason.contains(name) && reason.contains("--start-jack"))
    let server = try JACKTestServer(name: name, lock: lock)
    #expect(loop.connect())
    #expect(loop.reports.last == .connected(sampleRate: 48000, period: 256, server: .another))
    #expect(loop.output.shutdown() == .silent)
    server.kill()
  }

  @Test("a server killed in mid-answer and started again: connected within two seconds, playing, nothing hanging")
  func killed() throws {
    let rig = try Rig()
    let output = rig.loop.output
    for index in 0..<100 as Range<Int64> {
      for event in note(TestLoop.now + .milliseconds(40 * index), UInt8(40 + index % 40), 1) { output.schedule(event) }
    }
    rig.loop.run(for: .milliseconds(500))
    let before = rig.listener?.received().count ?? 0
    #expect(before > 10)
    rig.server.killHard()
    rig.listener = nil
    #expect(rig.loop.run(for: .seconds(2)) { !output.isConnected })
    try rig.server.start()
    let restarted = TestLoop.now
    #expect(rig.loop.connect(within: .seconds(2)), "not back within 2 s")
    print("back after", TestLoop.now - restarted)
    #expect(rig.loop.reports.contains { if case .lost = $0 { true } else { false } })
    try rig.attachListener()
    let received = rig.receive(20, within: .seconds(4))
    #expect(received.count >= 20, "the rest of the answer is not played")
    output.cancel(before: 2)
    rig.loop.run(for: .milliseconds(100))
    var sounding: [UInt8: Int] = [:]
    for (_, message) in received + (rig.listener?.received() ?? []) {
      sounding[message.data1, default: 0] += message.status == 0x90 ? 1 : -1
    }
    #expect(sounding.values.allSatisfy { $0 <= 0 })
    #expect(output.status.unheardEvents + output.status.stage.staleNotes > 0)
    #expect(rig.finish())
  }

  @Test("another sample rate after a restart is followed: times stay right")
  func otherRate() throws {
    let server = try JACKTestServer(name: JACKTestServer.uniqueName("-rate"))
    let loop = TestLoop(JACKSettings(serverName: server.name))
    #expect(loop.connect())
    let last = try #require(loop.output.frames(at: TestLoop.now))
    server.killHard()
    #expect(loop.run(for: .seconds(2)) { !loop.output.isConnected })
    (server.sampleRate, server.period) = (44100, 512)
    try server.start()
    #expect(loop.connect(within: .seconds(3)))
    let now = TestLoop.now
    let first = try #require(loop.output.frames(at: now))
    let later = try #require(loop.output.frames(at: now + .seconds(1)))
    #expect(first > last)
    #expect(abs(Int64(later.count) - Int64(first.count) - 44100) < 50)
    #expect(loop.output.shutdown() == .silent)
    server.kill()
  }

  @Test("a frozen server freezes nobody, and plays on when it thaws")
  func frozen() throws {
    let rig = try Rig()
    rig.server.freeze()
    let start = TestLoop.now
    var longest = Duration.zero
    rig.loop.run(for: .milliseconds(800)) {
      for event in note(TestLoop.now, 60, 1) { rig.loop.output.schedule(event) }
      return false
    }
    longest = max(longest, TestLoop.now - start - .milliseconds(800))
    #expect(longest < .milliseconds(100), "a tick blocked")
    rig.server.thaw()
    rig.loop.run(for: .milliseconds(200))
    #expect(abs(rig.clockError) < 480, "what plays now is where jamd takes it to be, within 10 ms")
    _ = rig.listener?.received()
    for event in note(TestLoop.now, 72, 1) { rig.loop.output.schedule(event) }
    var played = false
    rig.loop.run(for: .seconds(2)) {
      played = played || (rig.listener?.received().contains { $0.message.data1 == 72 } ?? false)
      return played
    }
    #expect(played)
    _ = rig.finish()
  }

  @Test("a server that jamd starts is its own: playing within five seconds, gone after shutdown; a foreign one stays")
  func ownServer() throws {
    let lock = JACKLibraryLock()
    defer { withExtendedLifetime(lock) {} }
    let name = JACKTestServer.uniqueName("-own")
    var settings = JACKSettings(serverName: name, startsServer: true)
    settings.server.driver = .dummy
    settings.server.period = 512
    let loop = TestLoop(settings)
    #expect(loop.connect(within: .seconds(5)), "\(loop.reports)")
    #expect(loop.output.status.period == 512)
    let client = try JACKTestClient(server: name)
    #expect(client.ports(containing: "jamd:").count == 5)
    // A second daemon finds the server and must leave it running.
    let guest = TestLoop(
      JACKSettings(clientName: "guest", serverName: name, startsServer: true, synthesizer: nil))
    #expect(guest.connect())
    #expect(guest.output.shutdown() == .silent)
    let cycles = client.cycles
    usleep(100_000)
    #expect(client.cycles > cycles)
    #expect(loop.output.shutdown() == .silent)
    let after = client.cycles
    usleep(100_000)
    #expect(client.cycles == after, "the server still runs")
  }

  @Test("a server that cannot be started is reported with the way out, and nothing breaks")
  func badServer() throws {
    let lock = JACKLibraryLock()
    defer { withExtendedLifetime(lock) {} }
    var settings = JACKSettings(serverName: JACKTestServer.uniqueName("-bad"), startsServer: true)
    settings.server.program = "jackd-that-is-not-there"
    let loop = TestLoop(settings)
    #expect(loop.run(for: .seconds(2)) { !loop.reports.isEmpty })
    guard case .serverNotStarted(let reason) = loop.reports.first else {
      Issue.record("\(loop.reports)")
      return
    }
    #expect(reason.contains("jackd-that-is-not-there") && reason.contains("apt install"))
    #expect(loop.output.shutdown() == .silent)
  }

  @Test("a server of its own that stands still is ended, and playing goes on with a new one")
  func standingOwnServer() throws {
    let lock = JACKLibraryLock()
    let name = JACKTestServer.uniqueName("-still")
    defer { JACKTestServer.reclaim(name: name, lock: lock) }
    var settings = JACKSettings(serverName: name, startsServer: true, synthesizer: nil)
    settings.server.driver = .dummy
    let loop = TestLoop(settings)
    #expect(loop.connect(within: .seconds(5)))
    let process = try #require(loop.output.serverProcess)
    kill(process, SIGSTOP)
    #expect(loop.run(for: .seconds(15)) { loop.output.serverProcess.map { $0 != process } ?? false }, "\(loop.reports)")
    #expect(loop.reports.contains { if case .standsStill = $0 { true } else { false } })
    #expect(loop.connect(within: .seconds(10)), "\(loop.reports)")
    let cycles = loop.output.status.cycles
    #expect(loop.run(for: .seconds(2)) { loop.output.status.cycles > cycles + 10 })
    #expect(loop.output.shutdown() == .silent)
  }

  @Test("who makes way for another server leaves no note sounding with who listens")
  func leavesInSilence() throws {
    let lock = JACKLibraryLock()
    let name = JACKTestServer.uniqueName("-way")
    defer { JACKTestServer.reclaim(name: name, lock: lock) }
    var settings = JACKSettings(serverName: name, startsServer: true, synthesizer: nil)
    settings.server.driver = .dummy
    let loop = TestLoop(settings)
    #expect(loop.connect(within: .seconds(5)))
    var listener: JACKTestClient? = try JACKTestClient(server: name)
    #expect(listener?.connectReceive(from: "jamd:midi_out") == true)
    var heard: [MIDIMessage] = []
    func hear() { heard += (listener?.received() ?? []).map(\.message).filter { !$0.isRepeatedRelease } }
    loop.output.schedule(
      ScheduledEvent(at: TestLoop.now, message: MIDIMessage(0x90, 60, 100), part: .answer, generation: 1))
    #expect(
      loop.run(for: .seconds(2)) {
        hear()
        return !heard.isEmpty
      })
    #expect(loop.output.makeWay(at: TestLoop.now).isEmpty)
    #expect(
      loop.run(for: .seconds(2)) {
        hear()
        return !loop.output.isConnected
      })
    hear()
    #expect(heard.first == MIDIMessage(0x90, 60, 100) && heard.contains(MIDIMessage(0x80, 60, 64)))
    #expect(loop.reports.contains { if case .lost(let reason) = $0 { reason.contains("makes way") } else { false } })
    listener = nil
    #expect(loop.output.shutdown() == .silent)
  }

  @Test("a server of its own that answers no more makes way, too: it is ended when it has been waited for")
  func hangingOwnServer() throws {
    let lock = JACKLibraryLock()
    let name = JACKTestServer.uniqueName("-hang")
    defer { JACKTestServer.reclaim(name: name, lock: lock) }
    var settings = JACKSettings(serverName: name, startsServer: true, synthesizer: nil)
    settings.server.driver = .dummy
    let loop = TestLoop(settings)
    #expect(loop.connect(within: .seconds(5)))
    let process = try #require(loop.output.serverProcess)
    kill(process, SIGSTOP)
    #expect(loop.output.makeWay(at: TestLoop.now).isEmpty)
    #expect(loop.run(for: .seconds(1)) { !loop.output.isConnected })
    loop.run(for: .milliseconds(500))
    #expect(loop.output.serverProcess == process, "it holds the client")
    _ = loop.output.tick(at: TestLoop.now + .seconds(11))
    #expect(loop.run(for: .seconds(5)) { loop.output.serverProcess != process }, "\(loop.reports)")
    #expect(loop.output.shutdown() == .silent)
  }

  @Test(
    "a sound card that is plugged in or becomes free takes the place of the silent server, which is told of")
  func laterCard() throws {
    let lock = JACKLibraryLock()
    let name = JACKTestServer.uniqueName("-card")
    defer { JACKTestServer.reclaim(name: name, lock: lock) }
    let folder = NSTemporaryDirectory() + "jamd-card-\(getpid())"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    // Writes down what it is started on. Card 0 cannot be used; cards 1 and 3 are the dummy driver, at 128 frames for a
    // sign, and somebody plays on card 3.
    let program = folder + "/jackd"
    try Data(
      """
      #!/bin/sh
      echo "$*" >> "\(folder)/log"
      case "$*" in
      *hw:0,0*) exit 1 ;;
      *hw:2,0*) sleep 1; exit 1 ;;
      *hw:[13],0*) exec jackd -n \(name) -r -d dummy -r 48000 -p 128 ;;
      *) exec jackd "$@" ;;
      esac

      """.utf8
    ).write(to: URL(filePath: program))
    chmod(program, 0o755)
    func list(_ cards: String) throws { try Data(cards.utf8).write(to: URL(filePath: folder + "/pcm")) }
    let substream = folder + "/card3/pcm0p/sub0"
    try FileManager.default.createDirectory(atPath: substream, withIntermediateDirectories: true)
    func hold(_ status: String) throws { try Data(status.utf8).write(to: URL(filePath: substream + "/status")) }
    func starts() -> Int {
      ((try? String(contentsOfFile: folder + "/log", encoding: .utf8)) ?? "").count { $0 == "\n" }
    }
    var settings = JACKSettings(serverName: name, startsServer: true, synthesizer: nil)
    (settings.server.program, settings.server.cards) = (program, folder + "/pcm")
    let held = "00-00: Busy : Busy : playback 1\n03-00: Held : Held : playback 1\n"
    try list(held)
    try hold("state: RUNNING\nowner_pid   : 1\n")
    let loop = TestLoop(settings)
    func isOpened(_ kind: Connection.ServerKind) -> Bool {
      loop.reports.last { if case .connected = $0 { true } else { false } }
        == .connected(sampleRate: 48000, period: kind == .own ? 128 : 256, server: kind)
    }
    #expect(loop.connect(within: .seconds(5)) && isOpened(.silent))
    loop.run(for: .seconds(3))
    #expect(starts() == 2, "the card that is in use is not tried again and again")
    try list(held + "01-00: USB Audio : USB Audio : playback 1 : capture 1\n")
    #expect(
      loop.run(for: .seconds(15)) { loop.output.status.period == 128 && loop.output.isConnected }, "\(loop.reports)")
    #expect(isOpened(.own))
    #expect(loop.reports.contains { if case .lost(let reason) = $0 { reason.contains("sound card") } else { false } })
    loop.run(for: .seconds(3))
    #expect(starts() == 4 && loop.output.isConnected)
    // The card is pulled out; another is plugged in on which the server takes its time to end.
    try list(held + "02-00: Slow : Slow : playback 1\n")
    if let server = loop.output.serverProcess { kill(server, SIGKILL) }
    #expect(
      loop.run(for: .seconds(20)) { loop.output.status.period == 256 && loop.output.isConnected }, "\(loop.reports)")
    #expect(isOpened(.silent))
    try hold("closed\n")
    #expect(loop.run(for: .seconds(15)) { isOpened(.own) && loop.output.isConnected }, "\(loop.reports)")
    #expect(loop.output.shutdown() == .silent)
  }

  @Test("a frozen server of its own does not hold up the shutdown for long, and does not survive it")
  func frozenOwnServer() throws {
    let lock = JACKLibraryLock()
    let name = JACKTestServer.uniqueName("-ice")
    defer { JACKTestServer.reclaim(name: name, lock: lock) }
    var settings = JACKSettings(serverName: name, startsServer: true, synthesizer: nil)
    settings.server.driver = .dummy
    let loop = TestLoop(settings)
    #expect(loop.connect(within: .seconds(5)))
    let process = try #require(loop.output.serverProcess)
    kill(process, SIGSTOP)
    loop.run(for: .milliseconds(100))
    let start = TestLoop.now
    #expect(loop.output.shutdown() == .noLastCycle)
    #expect(TestLoop.now - start < .seconds(5))
    for _ in 0..<100 where kill(process, 0) == 0 { usleep(20_000) }
    #expect(kill(process, 0) != 0)
  }
}
