// SPDX-License-Identifier: Apache-2.0
// Tests/Soak: a client and a thread that do nothing, and what they suffer beside jamd.
import Foundation
import JamTestKit
import Music
import RealTime

/// `jam-soak idle PERIOD SECONDS` in a process of its own: a client between two others on a server like that of the jamd
/// that is tried, and a thread that sleeps at the priority of jamd's loop, in the same minutes. What this machine does to
/// anybody.
struct IdleClient {
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

  /// Two of them, side by side: what they differ by is chance. Returns when the cycles of both run.
  static func two(folder: String, period: Int, seconds: Int) throws -> [IdleClient] {
    let clients = try (1...2).map { try IdleClient(output: "\(folder)/idle-\($0)", period: period, seconds: seconds) }
    for client in clients { try client.awaitCycles() }
    return clients
  }

  private init(output: String, period: Int, seconds: Int) throws {
    self.output = output
    child = try Child(ProcessInfo.processInfo.arguments[0], ["idle", "\(period)", "\(seconds)"], output: output)
  }

  private func awaitCycles() throws {
    for _ in 0..<800 where child.isRunning && !text.hasPrefix("ready") { usleep(50_000) }
    guard text.hasPrefix("ready") else { throw Trouble("the idle client says: \(text)") }
  }

  private var text: String { (try? String(contentsOfFile: output, encoding: .utf8)) ?? "" }

  /// When its time is over: a reading every `interval`.
  func finish() throws -> [Reading] {
    while child.isRunning { usleep(50_000) }
    let readings = text.split(separator: "\n").compactMap { line -> Reading? in
      let numbers = line.split(separator: " ").compactMap { Int($0) }
      return numbers.count == 2 ? Reading(xruns: numbers[0], late: numbers[1]) : nil
    }
    guard child.status == 0, !readings.isEmpty else { throw Trouble("the idle client says: \(text)") }
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
  static func run(period: Int, seconds: Int) throws {
    let server = try JACKTestServer(
      name: JACKTestServer.uniqueName("-idle"), period: period, options: Band.serverOptions,
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
    }
    ThreadScheduling.becomeOrdinary()
    clients = []
    server.kill()
  }
}
