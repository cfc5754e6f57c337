// SPDX-License-Identifier: Apache-2.0
// Tests/Soak: what clients that behave badly do to the notes, beside the same playing without them.
import ControlProtocol
import Foundation
import JamTestKit
import Music
import Synchronization

/// The same storm twice on servers of its own: in quiet, and while clients never read, flood and connect a thousand times.
struct Flood {
  private static let period = 128
  let seconds: Int
  let programs: String
  let styles: String

  private struct Course {
    var status: StatusSnapshot
    var hung: Int
    /// What still sounded after a panic: what hung because JACK lost its release in an xrun is silent by then.
    var beyondPanic: Int
    var xruns: Int
    var resident: Int
  }

  func run(_ verdict: inout Verdict) throws {
    say("quiet, \(seconds) s")
    let quiet = try play(nil)
    say("flooded, \(seconds) s")
    let crowd = Crowd()
    let flooded = try play(crowd)
    verdict.note(crowd.description)
    compare("loop's wake-ups late", quiet.status.latency.wakeUps, flooded.status.latency.wakeUps)
    compare("answers late, decision to ring", quiet.status.latency.answers, flooded.status.latency.answers)
    compare("notes late on the stage", quiet.status.latency.events, flooded.status.latency.events)
    verdict.note("xruns \(quiet.xruns), flooded \(flooded.xruns)")
    verdict.note("memory \(quiet.resident >> 20) MB, flooded \(flooded.resident >> 20) MB")
    let lost = flooded.status.losses
    for (name, course) in [("quiet", quiet), ("flooded", flooded)] {
      // A key that is held through: its release may be lost between the server's clients in a cycle that one of them misses.
      let excuse = course.hung > 0 ? ", after \(course.xruns) xruns; \(course.beyondPanic) after a panic" : ""
      verdict.check(
        "hung notes, \(name): \(course.hung)\(excuse)",
        course.hung == 0 || course.hung <= course.xruns && course.beyondPanic == 0)
    }
    verdict.check("events dropped: \(lost.droppedEvents)", lost.droppedEvents == 0)
    verdict.check("clients cut off: \(lost.droppedClients)", lost.droppedClients > 0)
    verdict.check("a thousand connections: \(crowd.connections)", crowd.connections >= 1000)
    // What counting noise allows is allowed, and what the server's own xruns make late.
    let (few, many) = (quiet.status.latency.lateEvents, flooded.status.latency.lateEvents)
    let allowed = Double(few) + 3 * Double(max(1, few + many)).squareRoot() + Double(max(0, flooded.xruns) * 20)
    verdict.check("late notes: \(few), flooded \(many)", Double(many) <= allowed)
    verdict.check("memory bounded", flooded.resident - quiet.resident < 64 << 20)
  }

  private func play(_ crowd: Crowd?) throws -> Course {
    let band = try Band(
      period: Self.period, programs: programs, styles: styles, passesThrough: true,
      configuration: "[control]\nosc_port = \(Crowd.port)\n")
    guard band.listen(for: 20, until: { band.status()?.styles.isEmpty == false }) else {
      throw Trouble("no style in use:\n\(band.log.suffix(2000))")
    }
    crowd?.begin(band.socket)
    var storm = MIDIStorm(seed: 3)
    let (start, first) = (Date(), band.player.now &+ 4800)
    while Date().timeIntervalSince(start) < Double(seconds), band.jamd.isRunning {
      let past = Int32(bitPattern: band.player.now &- first)
      let due = past < -4800 ? [] : storm.messages(before: UInt32(bitPattern: past) &+ 9600)
      for (frame, message) in due { _ = band.player.send(message, at: first &+ frame) }
      band.listen()
      usleep(20_000)
    }
    let resident = band.jamd.residentBytes ?? 0
    crowd?.end()
    band.listen(for: 0.5)
    band.send(storm.releases())
    _ = Desk.send(.stop, to: band.socket)
    band.listen(for: 2)
    guard let status = band.status() else { throw Trouble("no status:\n\(band.log.suffix(2000))") }
    let hung = band.sounding.keys.count
    _ = Desk.send(.panic, to: band.socket)
    band.listen(for: 1)
    let course = Course(
      status: status, hung: hung, beyondPanic: band.sounding.keys.count, xruns: Int(band.listener.xruns),
      resident: resident)
    guard band.end() == 0 else { throw Trouble("jamd ended badly:\n\(band.log.suffix(2000))") }
    return course
  }

  /// Both histograms side by side, an octave a line.
  private func compare(_ title: String, _ quiet: Distribution, _ flooded: Distribution) {
    say("  \(title), in microseconds: quiet, flooded")
    for index in 0..<max(quiet.octaves.count, flooded.octaves.count) {
      let counts = [quiet, flooded].map { $0.octaves.indices.contains(index) ? $0.octaves[index] : 0 }
      if counts != [0, 0] { say("    below \(1 << index): \(counts[0]), \(counts[1])") }
    }
    for (name, value) in [("p50", \Distribution.p50), ("p99", \.p99), ("p99.9", \.p999), ("max", \.max)] {
      say("    \(name): \(Int(quiet[keyPath: value])), \(Int(flooded[keyPath: value]))")
    }
  }
}

/// Clients that nobody would invite, each on a thread of its own, of ordinary priority.
final class Crowd: Sendable {
  static let port = 39030
  private let isOver = Atomic(false)
  private let connected = Atomic(0)
  private let requests = Atomic(0)
  private let datagrams = Atomic(0)

  var connections: Int { connected.load(ordering: .relaxed) }

  var description: String {
    "\(connections) connections, \(requests.load(ordering: .relaxed)) requests whose replies nobody read, "
      + "\(datagrams.load(ordering: .relaxed)) OSC packets"
  }

  func begin(_ socket: String) {
    Thread.detachNewThread { self.watchWithoutReading(socket) }
    Thread.detachNewThread { self.flood(socket) }
    Thread.detachNewThread { self.comeAndGo(socket) }
    Thread.detachNewThread { self.floodOSC() }
  }

  func end() { isOver.store(true, ordering: .relaxed) }

  private var goesOn: Bool { !isOver.load(ordering: .relaxed) }

  private func watchWithoutReading(_ path: String) {
    while goesOn {
      guard case .connected(let descriptor) = SocketPath.connect(to: path) else { return }
      let line = Request(id: 1, command: .watch).encoded()
      _ = write(descriptor, line, line.count)
      for _ in 0..<100 where goesOn { usleep(50_000) }
      close(descriptor)
    }
  }

  /// As fast as the socket takes them; a new connection whenever jamd has had enough.
  private func flood(_ path: String) {
    let lines = [[UInt8]](repeating: Request(id: 1, command: .status).encoded(), count: 16).flatMap { $0 }
    while goesOn {
      guard case .connected(let descriptor) = SocketPath.connect(to: path) else { return }
      _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
      while goesOn {
        let count = send(descriptor, lines, lines.count, Int32(MSG_NOSIGNAL))
        if count > 0 { requests.wrappingAdd(count * 16 / lines.count, ordering: .relaxed) }
        if count < 0, errno != EAGAIN { break }
        if count < 0 { usleep(1000) }
      }
      close(descriptor)
    }
  }

  private func comeAndGo(_ path: String) {
    while goesOn {
      guard case .connected(let descriptor) = SocketPath.connect(to: path) else { continue }
      _ = send(descriptor, "{\"id\":1,\"comm", 13, Int32(MSG_NOSIGNAL))
      close(descriptor)
      connected.wrappingAdd(1, ordering: .relaxed)
      usleep(2000)
    }
  }

  private func floodOSC() {
    let descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(UInt16(Self.port).bigEndian)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let packets = ["/jamd/status", "/jamd/style/list", "/jamd/nothing"].map { OSCMessage($0).encoded() }
    var turn = 0
    while goesOn {
      let packet = packets[turn % packets.count]
      withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          _ = sendto(descriptor, packet, packet.count, 0, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
      }
      turn += 1
      datagrams.wrappingAdd(1, ordering: .relaxed)
      if turn % 10 == 0 { usleep(1000) }
    }
  }
}
