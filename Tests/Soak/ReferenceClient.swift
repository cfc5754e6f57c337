// SPDX-License-Identifier: Apache-2.0
// Tests/Soak: clients that play nothing, and what they suffer beside jamd.
import Foundation
import JamTestKit
import Music
import RealTime

/// `jam-soak reference PERIOD SECONDS [WORK]` in a process of its own: a client between two others on a server like that
/// of the jamd that is tried, and a thread that sleeps at the priority of jamd's loop, in the same minutes. What this
/// machine does to anybody. The client does nothing or, with a file WORK, computes in each cycle for as many nanoseconds
/// as that file says.
struct ReferenceClient {
  struct Reading {
    /// So far.
    let xruns: Int
    /// The latest wake-up of the thread since the reading before, in microseconds.
    let late: Int
  }

  /// Seconds between two readings of the xruns.
  static let interval = 10
  private let child: Child
  private let output: String

  /// Two that do nothing, side by side: what they differ by is chance. And one that computes, for as long as
  /// `setWork` says. Returns when the cycles of all run.
  static func three(folder: String, period: Int, seconds: Int) throws -> [ReferenceClient] {
    let clients = try ["idle-1", "idle-2", "computing"].map { name in
      try ReferenceClient(
        output: "\(folder)/\(name)",
        ["reference", "\(period)", "\(seconds)"] + (name == "computing" ? [work(in: folder)] : []))
    }
    for client in clients { try client.awaitCycles() }
    return clients
  }

  private static func work(in folder: String) -> String { "\(folder)/work" }

  /// From its next reading on.
  static func setWork(nanoseconds: Double, folder: String) {
    try? "\(nanoseconds)".write(toFile: work(in: folder), atomically: true, encoding: .utf8)
  }

  private init(output: String, _ arguments: [String]) throws {
    self.output = output
    child = try Child(ProcessInfo.processInfo.arguments[0], arguments, output: output)
  }

  private func awaitCycles() throws {
    for _ in 0..<800 where child.isRunning && !text.hasPrefix("ready") { usleep(50_000) }
    guard text.hasPrefix("ready") else { throw Trouble("a reference client says: \(text)") }
  }

  private var text: String { (try? String(contentsOfFile: output, encoding: .utf8)) ?? "" }

  /// When its time is over: a reading every `interval`.
  func finish() throws -> [Reading] {
    while child.isRunning { usleep(50_000) }
    let readings = text.split(separator: "\n").compactMap { line -> Reading? in
      let numbers = line.split(separator: " ").compactMap { Int($0) }
      return numbers.count == 2 ? Reading(xruns: numbers[0], late: numbers[1]) : nil
    }
    guard child.status == 0, !readings.isEmpty else { throw Trouble("a reference client says: \(text)") }
    return readings
  }

  /// Sleeps to a moment every millisecond; by how much it woke too late at most.
  private static func latest(for time: Duration) -> Duration {
    let (start, step) = (Instant.now(), Duration.milliseconds(1))
    var (due, latest) = (start + step, Duration.zero)
    while due < start + time {
      let nanoseconds = Int(due.nanoseconds)
      var until = timespec(tv_sec: nanoseconds / 1_000_000_000, tv_nsec: nanoseconds % 1_000_000_000)
      while clock_nanosleep(CLOCK_MONOTONIC, Int32(TIMER_ABSTIME), &until, nil) == EINTR {}
      let now = Instant.now()
      latest = max(latest, now - due)
      due = max(due + step, now)
    }
    return latest
  }

  /// What runs in that process.
  static func run(period: Int, seconds: Int, work: String?) throws {
    let server = try JACKTestServer(
      name: JACKTestServer.uniqueName("-reference"), period: period, options: Band.serverOptions,
      launcher: endsWithUs("TERM"))
    var clients: [JACKTestClient] = []
    for _ in 0..<600 where clients.count < 3 {
      usleep(50_000)
      if let client = try? JACKTestClient("jam-\(clients.count)", server: server.name) { clients.append(client) }
    }
    guard clients.count == 3, clients[0].connectSend(to: "jam-1:receive"), clients[2].connectReceive(from: "jam-1:send")
    else { throw Trouble("no server, or no clients of it, after 30 s") }
    say("ready")
    _ = try? ThreadScheduling.becomeRealTime()
    for _ in 0..<max(1, seconds / interval) {
      let late = latest(for: .seconds(interval))
      say("\(clients[2].xruns) \(late.nanoseconds / 1000)")
      if let text = work.flatMap({ try? String(contentsOfFile: $0, encoding: .utf8) }), let wanted = Double(text) {
        clients[1].setWork(nanoseconds: wanted)
      }
    }
    ThreadScheduling.becomeOrdinary()
    clients = []
    server.kill()
  }
}
