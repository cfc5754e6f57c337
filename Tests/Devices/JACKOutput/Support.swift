// SPDX-License-Identifier: Apache-2.0
// Tests/JACKOutput: what the tests against a real server share.
import CJACK
import Glibc
import JACKOutput
import JamTestKit
import Music
import RealTime
import Synthesis
import Testing

/// The tests against a server run one after the other: libjack knows one server at a time in a process.
@Suite("against a real server", .serialized, .enabled(if: JACKTestServer.isAvailable, "jackd is not installed"))
struct RealServer {}

/// A loop for the tests: it ticks an output every millisecond of real time.
final class TestLoop {
  let output: JACKOutput
  private(set) var reports: [Connection.Report] = []
  var heard: [(message: MIDIMessage, at: Instant)] = []

  init(_ settings: JACKSettings, recorder: WAVRecorder? = nil) {
    output = JACKOutput(settings, recorder: recorder, at: Self.now)
  }

  static var now: Instant { Instant(nanoseconds: jamd_monotonic_nanoseconds()) }

  /// Ticks until `condition` holds or `limit` has passed; whether it came to hold.
  @discardableResult
  func run(for limit: Duration, until condition: () -> Bool = { false }) -> Bool {
    let end = Self.now + limit
    while Self.now < end {
      tick()
      if condition() { return true }
      usleep(1000)
    }
    return condition()
  }

  func tick() {
    reports += output.tick(at: Self.now)
    output.drainInput { heard.append(($0, $1)) }
  }

  /// Until cycles run and the audio clock is known.
  func connect(within limit: Duration = .seconds(10)) -> Bool {
    run(for: limit) { output.isConnected && output.latency != nil }
  }
}

/// A server, an output connected to it and another client that listens to `midi_out` and plays into `midi_in`.
final class Rig {
  let server: JACKTestServer
  let loop: TestLoop
  var listener: JACKTestClient?

  init(
    period: Int = 256, sampleRate: Int = 48000, recorder: WAVRecorder? = nil,
    _ change: (inout JACKSettings) -> Void = { _ in }
  ) throws {
    server = try JACKTestServer(sampleRate: sampleRate, period: period)
    var settings = JACKSettings(serverName: server.name)
    change(&settings)
    loop = TestLoop(settings, recorder: recorder)
    try #require(loop.connect(), "no connection to \(server.name) within 10 s")
    try attachListener()
  }

  func attachListener() throws {
    let client = try JACKTestClient(server: server.name)
    #expect(client.connectReceive(from: "jamd:midi_out"))
    #expect(client.connectSend(to: "jamd:midi_in"))
    #expect(client.connectListen(from: "jamd:out_left"))
    listener = client
  }

  /// Frames by which the output's idea of what plays now is ahead of the cycle that the server is in.
  var clockError: Int {
    let (mapped, cycle) = (loop.output.frames(at: TestLoop.now)?.count ?? 0, listener?.latestCycle ?? 0)
    return Int(Int32(bitPattern: UInt32(truncatingIfNeeded: mapped) &- cycle))
  }

  /// Waits until the listener has received at least `count` messages, or two seconds longer than it takes to play them.
  func receive(_ count: Int, within limit: Duration) -> [(frame: UInt32, message: MIDIMessage)] {
    var received: [(frame: UInt32, message: MIDIMessage)] = []
    loop.run(for: limit) {
      received += (listener?.received() ?? []).filter { !$0.message.isRepeatedRelease }
      return received.count >= count
    }
    return received
  }

  func finish() -> Bool {
    let isSilent = loop.output.shutdown() == .silent
    listener = nil
    server.kill()
    return isSilent
  }
}
