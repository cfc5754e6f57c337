// SPDX-License-Identifier: Apache-2.0
// Tests/System: from a key to JACK MIDI out, by jamd and by a2jmidid in turn, and from a key to sound.
import Glibc
import Music
import RealTime

/// Sends from a thread of a priority above those of both bridges, as the interrupt of a keyboard would, at moments that
/// fall anywhere in a period. Both bridges run on one server and are asked in turn: what else the machine does meets both.
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
    var sent: [UInt64] = []
    var received: [UInt64] = []

    mutating func take() { received += ear.received() }

    /// In microseconds; sent times are taken before the system call.
    var latencies: [Int64] { zip(received, sent).map { Int64($0) - Int64($1) } }
  }

  /// `count` events each; a line each, and all latencies in microseconds as columns of `file`.
  mutating func thru(count: Int, jamdPort: String, otherPort: String, file: String?) -> Bool {
    guard let keys = Sender("Probe Keys", isHardware: true), let other = Sender("Probe Other", isHardware: false),
      let one = Ear("at-jamd"), let two = Ear("at-other"),
      waitFor({ one.listen(to: jamdPort, isMIDI: true) }), waitFor({ two.listen(to: otherPort, isMIDI: true) })
    else {
      say("FAIL  a port is missing")
      return false
    }
    var bridges = [
      Bridge(name: "jamd", sender: keys, ear: one), Bridge(name: "a2jmidid", sender: other, ear: two),
    ]
    // Until both are subscribed: what is sent before arrives nowhere.
    guard bridges.indices.allSatisfy({ warmUp(&bridges[$0]) }) else { return false }
    for index in 0..<count {
      let pitch = UInt8(36 + index / 2 % 48)
      for bridge in bridges.indices {
        pause(2000 + random.next() % 6000)
        bridges[bridge].sent.append(bridges[bridge].sender.send(MIDIMessage(index % 2 == 0 ? 0x90 : 0x80, pitch, 64)))
        bridges[bridge].take()
      }
    }
    pause(100_000)
    for index in bridges.indices { bridges[index].take() }
    if let file { write(bridges, to: file) }
    return bridges.map(report).allSatisfy { $0 }
  }

  /// Sends until something arrives, then lets everything arrive.
  private func warmUp(_ bridge: inout Bridge) -> Bool {
    for _ in 0..<200 where bridge.received.isEmpty {
      _ = bridge.sender.send(MIDIMessage(0x90, 36, 1))
      _ = bridge.sender.send(MIDIMessage(0x80, 36, 1))
      pause(50_000)
      bridge.take()
    }
    if bridge.received.isEmpty { say("FAIL  nothing arrives through \(bridge.name)") }
    pause(200_000)
    bridge.take()
    defer { bridge.received = [] }
    return !bridge.received.isEmpty
  }

  private func report(_ bridge: Bridge) -> Bool {
    let isWhole = bridge.received.count == bridge.sent.count
    say(line("thru \(bridge.name)", bridge.latencies) + (isWhole ? "" : ", \(bridge.sent.count) sent"))
    return isWhole
  }

  private func write(_ bridges: [Bridge], to path: String) {
    guard let file = fopen(path, "w") else { return }
    defer { fclose(file) }
    fputs(bridges.map(\.name).joined(separator: ",") + "\n", file)
    for index in 0..<(bridges.map(\.latencies.count).min() ?? 0) {
      fputs(bridges.map { String($0.latencies[index]) }.joined(separator: ",") + "\n", file)
    }
  }

  // MARK: Sound

  /// From a key press in silence to the first sample that is none.
  func sound(count: Int) -> Bool {
    guard let keys = Sender("Probe Keys", isHardware: true), let ear = Ear("ear"),
      waitFor({ ear.listen(to: "jamd:out_left", isMIDI: false) })
    else {
      say("FAIL  jamd's audio cannot be listened to")
      return false
    }
    var latencies: [Int64] = []
    pause(1_000_000)
    for index in 0..<count {
      guard waitFor({ ear.silence > 4800 }) else { break }
      pause(UInt64(index * 37 % 2667))
      ear.arm()
      let pitch = UInt8(60 + index % 24)
      let sent = keys.send(MIDIMessage(0x90, pitch, 110))
      guard waitFor({ ear.onset != nil }), let onset = ear.onset else { break }
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

  private func pause(_ microseconds: UInt64) { usleep(UInt32(microseconds)) }

  /// Looks every 5 ms for up to 20 s.
  private func waitFor(_ condition: () -> Bool) -> Bool {
    for _ in 0..<4000 {
      if condition() { return true }
      pause(5000)
    }
    return condition()
  }
}
