// SPDX-License-Identifier: Apache-2.0
// Tests/Integration: a running jamd between a dummy JACK server and a test client.
import Foundation
import JamTestKit
import Music
import Testing

/// Starts a server and a jamd of their own, connects a client to both MIDI ports, and ends them all.
final class LiveJam {
  static let period = 256
  let server: JACKTestServer
  let folder: URL
  let style: String
  let seed = 7
  /// One client sends and another listens: a single one would close a loop, which costs JACK a period.
  private(set) var client: JACKTestClient!
  private(set) var listener: JACKTestClient!
  private(set) var jamd: ChildProcess
  /// Everything that left `midi_out` so far.
  private(set) var heard: [(frame: UInt32, message: MIDIMessage)] = []

  var take: String { folder.appending(path: "take.mid").path }
  var socket: String { folder.appending(path: "jamd.sock").path }
  var sessions: String { folder.appending(path: "sessions").path }
  static var styles: String { "\(packageRoot)/Styles" }

  /// `arguments` are added to jamd's; a `launcher` is words before it, for a program that starts it and becomes it;
  /// `serverOptions` are jackd's.
  init(
    _ name: String, style: String = "joplin", period: Int = LiveJam.period, arguments: [String] = [],
    launcher: [String] = [], serverOptions: [String]? = nil
  ) throws {
    self.style = style
    folder = FileManager.default.temporaryDirectory.appending(path: "jamd-\(name)-\(getpid())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    server = try JACKTestServer(
      name: JACKTestServer.uniqueName("-\(name)"), period: period, options: serverOptions)
    client = try Self.connect("jam-sender", server.name)
    listener = try Self.connect("jam-listener", server.name)
    let words = launcher + [Programs.jamd]
    jamd = try ChildProcess(
      words[0],
      words.dropFirst() + [
        "--config", "/dev/null", "--jack-server", server.name, "--styles", Self.styles, "--style", style, "--seed",
        "\(seed)", "--midi-only", "--take", folder.appending(path: "take.mid").path, "--socket",
        folder.appending(path: "jamd.sock").path, "--record", folder.appending(path: "sessions").path,
        "--player", "",
      ] + arguments, environment: ["XDG_STATE_HOME": folder.path])
    try waitUntilReady()
  }

  deinit {
    (client, listener) = (nil, nil)
    jamd.end(SIGKILL)
    try? FileManager.default.removeItem(at: folder)
  }

  /// Tries for some seconds: a server that has just been started does not answer yet.
  static func connect(_ name: String, _ server: String) throws -> JACKTestClient {
    for _ in 0..<100 {
      if let client = try? JACKTestClient(name, server: server) { return client }
      usleep(50_000)
    }
    return try JACKTestClient(name, server: server)
  }

  /// Both ports are there and a style is in use.
  func waitUntilReady() throws {
    let isConnected = waitUntil(within: 10) {
      client.connectSend(to: "jamd:midi_in") && listener.connectReceive(from: "jamd:midi_out")
    }
    let hasStyle = waitUntil(within: 20) {
      (try? jam(["status", "--json"]).contains("\"name\" : \"\(style)\"")) ?? false
    }
    try #require(isConnected && hasStyle, "jamd did not come up: \(jamd.output)")
    _ = listener.received()
  }

  /// Kills the server and starts it again, with a new client.
  func restartServer() throws {
    server.killHard()
    (client, listener) = (nil, nil)
    try server.start()
    client = try Self.connect("jam-sender", server.name)
    listener = try Self.connect("jam-listener", server.name)
    heard = []
  }

  func jam(_ arguments: [String]) throws -> String {
    let process = try ChildProcess(Programs.jam, arguments + ["--socket", socket])
    _ = waitUntil(within: 10) { !process.isRunning }
    usleep(20_000)
    return process.output
  }

  // MARK: Playing

  /// Plays pitches one after the other, each held for half of the interval; gives the frame of the last release.
  @discardableResult
  func play(_ pitches: [Int], interval: Double = 0.25, hold: Double = 0.5) -> UInt32 {
    let step = UInt32(interval * Double(client.sampleRate))
    let start = client.now &+ UInt32(client.sampleRate / 20)
    var release = start
    for (index, pitch) in pitches.enumerated() {
      let pitch = Pitch(clamping: pitch)
      let onset = start &+ UInt32(index) &* step
      release = onset &+ UInt32(Double(step) * hold)
      #expect(client.send(.noteOn(pitch, Velocity(clamping: 90)), at: onset))
      #expect(client.send(.noteOff(pitch), at: release))
    }
    return release
  }

  /// Takes what was received; true when `condition` holds for everything heard so far within `seconds`.
  @discardableResult
  func listen(within seconds: Double, until condition: ([(frame: UInt32, message: MIDIMessage)]) -> Bool) -> Bool {
    waitUntil(within: seconds) {
      heard += listener.received()
      return condition(heard)
    }
  }

  func forget() { heard = [] }
}

/// The keys that `messages` leave sounding, and releases that had nothing to release.
func hungNotes(_ messages: [MIDIMessage]) -> (hung: Set<UInt16>, strayReleases: Int) {
  var sounding: Set<UInt16> = []
  var stray = 0
  for message in messages {
    let key = UInt16(message.channel.index) << 7 | UInt16(message.data1)
    switch message.meaning {
    case .noteOn: sounding.insert(key)
    case .noteOff: if sounding.remove(key) == nil, !message.isRepeatedRelease { stray += 1 }
    default: break
    }
  }
  return (sounding, stray)
}

extension MIDIMessage {
  var isNoteOn: Bool { if case .noteOn = meaning { true } else { false } }
  var isNoteOff: Bool { if case .noteOff = meaning { true } else { false } }
}
