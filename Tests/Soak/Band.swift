// SPDX-License-Identifier: Apache-2.0
// Tests/Soak: a JACK server, a jamd, somebody who plays and somebody who listens.
import ControlProtocol
import Foundation
import JamTestKit
import Music
import RealTime

struct Trouble: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

final class Band {
  let folder: String
  let server: JACKTestServer
  let jamd: Child
  /// One sends and another listens: a single one would close a loop, which costs JACK a period.
  private(set) var player: JACKTestClient!
  private(set) var listener: JACKTestClient!
  var sounding = Sounding()
  /// Messages from `midi_out` so far.
  private(set) var heard = 0
  private var counts: [MIDIMessage: Int] = [:]
  var socket: String { "\(folder)/jamd.sock" }

  /// `passesThrough`: what is played also leaves at `midi_out`. `configuration`: further sections.
  init(
    period: Int, programs: String, styles: String, passesThrough: Bool, configuration: String = ""
  ) throws {
    folder = NSTemporaryDirectory() + "jam-soak-\(getpid())-\(period)"
    try FileManager.default.createDirectory(atPath: "\(folder)/styles", withIntermediateDirectories: true)
    for name in try FileManager.default.contentsOfDirectory(atPath: styles) where name.hasSuffix(".style") {
      try FileManager.default.copyItem(atPath: "\(styles)/\(name)", toPath: "\(folder)/styles/\(name)")
    }
    server = try JACKTestServer(
      name: JACKTestServer.uniqueName("-\(period)"), period: period, options: Self.serverOptions,
      launcher: endsWithUs("TERM"))
    let thru = passesThrough ? "[player]\nthru_to_midi_out = true\n" : ""
    try (thru + configuration).write(toFile: "\(folder)/jamd.toml", atomically: true, encoding: .utf8)
    jamd = try Child(
      "\(programs)/jamd",
      [
        "--config", "\(folder)/jamd.toml", "--jack-server", server.name, "--styles", "\(folder)/styles", "--style",
        "joplin", "--seed", "7", "--socket", "\(folder)/jamd.sock", "--record", "\(folder)/sessions", "--player", "",
      ], output: "\(folder)/jamd.log", environment: ["XDG_STATE_HOME": folder])
    try attach()
  }

  deinit {
    (player, listener) = (nil, nil)
    try? FileManager.default.removeItem(atPath: folder)
  }

  /// As a musician runs it, where this process may.
  static let serverOptions: [String] = {
    defer { ThreadScheduling.becomeOrdinary() }
    return (try? ThreadScheduling.becomeRealTime(priority: 70)) == 70 ? ["-R", "-P70"] : ["-r"]
  }()

  var log: String { (try? String(contentsOfFile: "\(folder)/jamd.log", encoding: .utf8)) ?? "" }

  func status() -> StatusSnapshot? {
    if case .status(let snapshot)? = Desk.send(.status, to: socket) { return snapshot }
    return nil
  }

  /// New clients on the server, connected to jamd; how long that took from the moment at which the server answered.
  @discardableResult
  func attach(within seconds: Double = 20) throws -> Double {
    let start = Date()
    var answered: Date?
    (player, listener) = (nil, nil)
    sounding = Sounding()
    while Date().timeIntervalSince(start) < seconds {
      usleep(20_000)
      if player == nil { player = try? JACKTestClient("jam-player", server: server.name) }
      if player != nil { answered = answered ?? Date() }
      if listener == nil, player != nil { listener = try? JACKTestClient("jam-listener", server: server.name) }
      guard let player, let listener else { continue }
      guard player.connectSend(to: "jamd:midi_in"), listener.connectReceive(from: "jamd:midi_out") else { continue }
      return Date().timeIntervalSince(answered ?? start)
    }
    throw Trouble("jamd is not connected after \(seconds) s:\n\(log.suffix(2000))")
  }

  /// Before the server dies: libjack gives up the clients that are left when the next is opened.
  func detach() { (player, listener) = (nil, nil) }

  func listen() {
    for (_, message) in listener?.received() ?? [] {
      sounding.hear(message)
      heard += 1
      counts[message, default: 0] += 1
    }
  }

  /// How often `message` came from `midi_out` so far.
  func count(of message: MIDIMessage) -> Int { counts[message, default: 0] }

  /// Listens for `seconds`, or until `condition` holds; whether it came to hold.
  @discardableResult
  func listen(for seconds: Double, until condition: () -> Bool = { false }) -> Bool {
    let start = Date()
    repeat {
      listen()
      if condition() { return true }
      usleep(5000)
    } while Date().timeIntervalSince(start) < seconds
    return condition()
  }

  func send(_ messages: [MIDIMessage]) {
    guard let player else { return }
    for message in messages { _ = player.send(message, at: player.latestCycle) }
  }

  func end() -> Int32 {
    jamd.end()
    detach()
    server.kill()
    return jamd.status
  }
}

extension Sounding {
  /// What sounds, by channel and key.
  var text: String {
    let shown = keys.sorted().prefix(8).map { "\($0 >> 7 + 1):\($0 & 127)" }.joined(separator: " ")
    return "\(keys.count) notes sound" + (keys.isEmpty ? "" : " (\(shown)\(keys.count > 8 ? " ..." : ""))")
  }
}
