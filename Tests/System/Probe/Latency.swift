// SPDX-License-Identifier: Apache-2.0
// Tests/System: from a key to JACK MIDI out, by jamd, by a2jmidid or by both in turn, and from a key to sound.
import Glibc
import Music
import RealTime

/// Sends from a thread of a priority above those of both bridges, as the interrupt of a keyboard would, at moments that
/// fall anywhere in a period. Two bridges run on one server and are asked in turn: what else the machine does meets both.
struct LatencyProbe {
  private static let priority: Int32 = 80
  private var random = RandomSource(seed: 5)

  /// Locks its memory: a page that came from a disk would be measured too.
  init() throws(SchedulingError) {
    _ = try ThreadScheduling.becomeRealTime(priority: Self.priority)
    _ = MemoryLocking.lock()
    MemoryLocking.touch()
  }

  private struct Bridge {
    let name: String
    let sender: Sender
    let ear: Ear
    /// With by how many microseconds the server's clock was ahead then.
    var sent: [(at: UInt64, message: MIDIMessage, ahead: Int64)] = []
    var received: [(at: UInt64, message: MIDIMessage)] = []
    var formerXruns: UInt64 = 0

    /// What it plays is heard at the first port whose name contains `port`.
    init?(_ name: String, keyboard: String, isHardware: Bool, port: String) {
      guard let sender = Sender(keyboard, isHardware: isHardware), let ear = Ear("at-\(name)"),
        LatencyProbe.waitFor({ ear.listen(to: port, isMIDI: true) })
      else { return nil }
      (self.name, self.sender, self.ear) = (name, sender, ear)
    }

    /// From here on it counts.
    mutating func begin() { (received, formerXruns) = ([], ear.xruns) }

    mutating func send(_ message: MIDIMessage) {
      let ahead = ear.clockAhead()
      sent.append((sender.send(message), message, ahead))
    }

    mutating func take() { received += ear.takeMessages() }

    var xruns: UInt64 { ear.xruns - formerXruns }

    /// Of what arrived, in microseconds; sent times are taken before the system call.
    var arrivals: [(latency: Int64, ahead: Int64)] {
      var next = 0
      return received.compactMap { at, message in
        // Answers arrive as well, on another channel.
        let candidates = sent[next..<min(next + 16, sent.count)]
        let index = candidates.firstIndex {
          $0.message.status == message.status && $0.message.data1 == message.data1
        }
        guard let index else { return nil }
        next = index + 1
        return (Int64(at) - Int64(sent[index].at), sent[index].ahead)
      }
    }
  }

  /// `count` events through each bridge that is named; lines for each, and all latencies in microseconds as columns of
  /// `file`.
  mutating func thru(count: Int, names: [String], file: String?) -> Bool {
    var bridges = names.compactMap { name in
      name == "jamd"
        ? Bridge(name, keyboard: "Probe Keys", isHardware: true, port: "jamd:midi_out")
        : Bridge(name, keyboard: "Probe Other", isHardware: false, port: "Probe Other")
    }
    guard bridges.count == names.count else {
      say("FAIL  a port is missing")
      return false
    }
    // Until all are subscribed: what is sent before arrives nowhere.
    guard bridges.indices.allSatisfy({ warmUp(&bridges[$0]) }) else { return false }
    if let ear = bridges.first?.ear { settle(ear) }
    for index in bridges.indices { bridges[index].begin() }
    for index in 0..<count {
      let pitch = UInt8(36 + index / 2 % 48)
      for bridge in bridges.indices {
        Self.pause(2000 + random.next() % 6000)
        bridges[bridge].send(MIDIMessage(index % 2 == 0 ? 0x90 : 0x80, pitch, 64))
        bridges[bridge].take()
      }
    }
    Self.pause(100_000)
    for index in bridges.indices { bridges[index].take() }
    if let file { write(bridges, to: file) }
    return bridges.map(report).allSatisfy { $0 }
  }

  /// Sends until something arrives, then lets everything arrive.
  private func warmUp(_ bridge: inout Bridge) -> Bool {
    for _ in 0..<200 where bridge.received.isEmpty {
      _ = bridge.sender.send(MIDIMessage(0x90, 36, 1))
      _ = bridge.sender.send(MIDIMessage(0x80, 36, 1))
      Self.pause(50_000)
      bridge.take()
    }
    if bridge.received.isEmpty { say("FAIL  nothing arrives through \(bridge.name)") }
    Self.pause(200_000)
    bridge.take()
    return !bridge.received.isEmpty
  }

  /// Until the server's clock has been right for a second, or for a minute at most: it swings for ten seconds when a
  /// client has come, and then says little of the bridge that trusts it.
  private func settle(_ ear: Ear) {
    var looks = 0
    for _ in 0..<6000 where looks < 100 {
      Self.pause(10_000)
      looks = abs(ear.clockAhead()) <= 100 ? looks + 1 : 0
    }
    if looks < 100 { say("  the server's clock has not come right within a minute") }
  }

  /// False where more was lost than xruns can take: with the cycle that the ear then misses goes what arrives in it.
  private func report(_ bridge: Bridge) -> Bool {
    let arrivals = bridge.arrivals
    let lost = bridge.sent.count - arrivals.count
    say(line("thru \(bridge.name)", arrivals.map(\.latency)))
    say("  lost \(lost) of \(bridge.sent.count) in \(bridge.xruns) xruns")
    say(line("  clock ahead at \(bridge.name)", arrivals.map(\.ahead)))
    return lost <= bridge.xruns
  }

  private func write(_ bridges: [Bridge], to path: String) {
    guard let file = fopen(path, "w") else { return }
    defer { fclose(file) }
    fputs(bridges.map(\.name).joined(separator: ",") + "\n", file)
    let columns = bridges.map { $0.arrivals.map(\.latency) }
    for index in 0..<(columns.map(\.count).min() ?? 0) {
      fputs(columns.map { String($0[index]) }.joined(separator: ",") + "\n", file)
    }
  }

  // MARK: Sound

  /// From a key press in silence to the first sample that is none.
  func sound(count: Int) -> Bool {
    guard let keys = Sender("Probe Keys", isHardware: true), let ear = Ear("ear"),
      Self.waitFor({ ear.listen(to: "jamd:out_left", isMIDI: false) })
    else {
      say("FAIL  jamd's audio cannot be listened to")
      return false
    }
    var latencies: [Int64] = []
    Self.pause(1_000_000)
    for index in 0..<count {
      guard Self.waitFor({ ear.silence > 4800 }) else { break }
      Self.pause(UInt64(index * 37 % 2667))
      ear.arm()
      let pitch = UInt8(60 + index % 24)
      let sent = keys.send(MIDIMessage(0x90, pitch, 110))
      guard Self.waitFor({ ear.onset != nil }), let onset = ear.onset else { break }
      latencies.append(Int64(onset) - Int64(sent))
      _ = keys.send(MIDIMessage(0x80, pitch, 64))
      _ = keys.send(MIDIMessage(0xB0, 120, 0))
    }
    say(line("sound jamd", latencies))
    if !latencies.isEmpty { say("sound jamd, nine of ten within \(latencies.sorted()[latencies.count * 9 / 10]) us") }
    return latencies.count == count
  }

  // MARK: Tools

  private func line(_ name: String, _ latencies: [Int64]) -> String {
    let sorted = latencies.sorted()
    guard let last = sorted.last else { return "\(name): nothing arrived" }
    func quantile(_ p: Double) -> Int64 { sorted[min(sorted.count - 1, Int(p * Double(sorted.count)))] }
    return "\(name) \(quantile(0.5))/\(quantile(0.99))/\(last) us p50/p99/max of \(sorted.count)"
  }

  private static func pause(_ microseconds: UInt64) { usleep(UInt32(microseconds)) }

  /// Looks every 5 ms for up to 20 s.
  private static func waitFor(_ condition: () -> Bool) -> Bool {
    for _ in 0..<4000 {
      if condition() { return true }
      pause(5000)
    }
    return condition()
  }
}
