// SPDX-License-Identifier: Apache-2.0
// Tests/JACKOutput: an event leaves on its frame.
import JACKOutput
import JamTestKit
import Music
import RealTime
import Testing

extension RealServer {
  @Test("10,000 scheduled events leave on the very frame asked for, in order")
  func sampleAccuracy() throws {
    let rig = try Rig()
    let output = rig.loop.output
    var random = RandomSource(seed: 7)
    let first = try #require(output.frames(at: TestLoop.now + .milliseconds(300)))
    var frame = first
    var expected: [(frame: UInt32, message: MIDIMessage)] = []
    var received: [(frame: UInt32, message: MIDIMessage)] = []
    for index in 0..<5000 {
      for message in [
        MIDIMessage(0x90, UInt8(index % 120), UInt8(1 + index % 127)), MIDIMessage(0x80, UInt8(index % 120), 64),
      ] {
        frame = frame + (random.next() % 96)
        expected.append((UInt32(truncatingIfNeeded: frame.count), message))
        let ahead = output.instant(of: frame).map { $0 - TestLoop.now } ?? .zero
        if ahead > .milliseconds(150) { rig.loop.run(for: .milliseconds(20)) }
        output.play(StageEvent(frame: frame, message: message, part: .answer))
        received += rig.listener?.received() ?? []
      }
    }
    rig.loop.run(for: .seconds(3)) {
      received += rig.listener?.received() ?? []
      return received.count >= expected.count
    }
    let status = output.status
    #expect(received.count == expected.count)
    let wrong = zip(received, expected).filter { $0.frame != $1.frame || $0.message != $1.message }
    #expect(
      UInt64(wrong.count) <= status.stage.lateEvents,
      "\(wrong.count) of \(expected.count) events off their frame, \(status.stage.lateEvents) of them late")
    #expect(status.droppedEvents == 0 && status.refusedMessages == 0 && status.stage.staleNotes == 0)
    #expect(zip(received, received.dropFirst()).allSatisfy { $0.frame <= $1.frame })
    print(
      "late:", status.stage.lateEvents, "cost p50/p99/max us:", status.cost.quantile(0.5) / 1000,
      status.cost.quantile(0.99) / 1000, status.cost.maximum / 1000, "xruns:", status.xruns)
    #expect(rig.finish())
  }
}
