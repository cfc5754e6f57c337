// SPDX-License-Identifier: Apache-2.0
// Tests/Integration: an answer that comes late has the next one composed earlier.
import Foundation
import Testing

extension JamTests {
  @Test("a daemon that was kept from answering in time composes twice as early from then on, says so, and answers")
  func lateAnswer() throws {
    let jam = try LiveJam("late")
    let first = try Self.latency(jam)
    #expect(first.lookAhead == 60 && first.reason == nil, "\(first)")
    let release = jam.play(Self.call)
    let due = release &+ UInt32(Self.threshold(Self.call.count, interval: 0.25, hold: 0.5) * 48000)
    // Over the moment at which the answer is due to be decided.
    try #require(waitUntil(within: 10) { Int32(bitPattern: due &- jam.client.now) < 48000 / 5 })
    kill(jam.jamd.identifier, SIGSTOP)
    let isPast = waitUntil(within: 10) { Int32(bitPattern: jam.client.now &- due) > 48000 / 20 }
    kill(jam.jamd.identifier, SIGCONT)
    #expect(isPast)
    #expect(jam.listen(within: 5) { $0.contains { $0.message.isNoteOn } }, "no answer: \(jam.jamd.output)")
    #expect(waitUntil(within: 5) { (try? Self.latency(jam))?.lookAhead == 120 })
    #expect(try Self.latency(jam).reason?.hasPrefix("an answer was ") == true)
    #expect(jam.jamd.output.contains("120 ms"))
    jam.listen(within: 30) { Self.isOver($0, jam) }
    #expect(hungNotes(jam.heard.map(\.message)).hung.isEmpty)
  }

  private static func latency(_ jam: LiveJam) throws -> (lookAhead: Int?, reason: String?) {
    let status = try JSONSerialization.jsonObject(with: Data(jam.jam(["status", "--json"]).utf8))
    let latency = (status as? [String: Any])?["latency"] as? [String: Any]
    return (latency?["look_ahead"] as? Int, latency?["look_ahead_reason"] as? String)
  }
}
