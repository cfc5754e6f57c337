// SPDX-License-Identifier: Apache-2.0
// Tests/JACKOutput: what was asked for, and what another client received.
import JACKOutput
import JamTestKit
import Music
import RealTime
import Testing

/// Holds what another client received against what was asked for. Each message must be unlike all others, so that one
/// lost in an xrun shifts no comparison.
struct Comparison {
  private(set) var expected: [MIDIMessage: UInt32] = [:]
  private(set) var received: [(frame: UInt32, message: MIDIMessage)] = []

  mutating func expect(_ message: MIDIMessage, _ frame: Frames) {
    expected[message] = UInt32(truncatingIfNeeded: frame.count)
  }

  mutating func take(_ client: JACKTestClient?) { received += client?.received() ?? [] }

  var isComplete: Bool { received.count >= expected.count }
  var missing: Int { expected.count - received.count }
  var wrong: Int { received.count { expected[$0.message] != $0.frame } }

  private var stepsBack: Int {
    zip(received, received.dropFirst()).count { Int32(bitPattern: $1.frame &- $0.frame) < 0 }
  }

  /// Exact without xruns. In an xrun the server begins a cycle while its clients are still in the one before: what they
  /// write for one is heard in the other, or by nobody. So each accounts for one cycle's messages, `perCycle` at most.
  func check(_ status: JACKStatus, perCycle: UInt64) {
    let excused = status.xruns * perCycle
    #expect(missing >= 0 && UInt64(missing) <= excused, "\(missing) missing, \(status.xruns) xruns")
    #expect(
      UInt64(wrong) <= status.stage.lateEvents + excused,
      "\(wrong) off their frame, \(status.stage.lateEvents) late, \(status.xruns) xruns")
    #expect(UInt64(stepsBack) <= status.xruns)
    #expect(status.droppedEvents == 0 && status.refusedMessages == 0 && status.stage.staleNotes == 0)
  }
}
