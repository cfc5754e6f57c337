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
  /// What the server passed over meanwhile, and before.
  private(set) var skips: [FrameSkip] = []

  mutating func expect(_ message: MIDIMessage, _ frame: Frames) {
    expected[message] = UInt32(truncatingIfNeeded: frame.count)
  }

  mutating func take(_ client: JACKTestClient?) {
    guard let client else { return }
    received += client.received().filter { !$0.message.isRepeatedRelease }
    skips += client.skips(after: skips.count)
  }

  var isComplete: Bool { received.count >= expected.count }
  var missing: Int { expected.count - received.count }
  var wrong: Int { received.count { expected[$0.message] != $0.frame } }

  private var stepsBack: Int {
    zip(received, received.dropFirst()).count { Int32(bitPattern: $1.frame &- $0.frame) < 0 }
  }

  /// What was due in a stretch that the server passed over.
  var passedOver: Int { expected.values.count { due in skips.contains { $0.contains(due) } } }

  /// What left neither on its frame nor, where the server passed over that, in the cycle after it.
  private var displaced: [(due: UInt32, frame: UInt32)] {
    received.compactMap { frame, message in
      guard let due = expected[message], due != frame else { return nil }
      return skips.contains { $0.contains(due) && $0.to == frame } ? nil : (due, frame)
    }
  }

  private var unasked: Int { received.count { expected[$0.message] == nil } }

  /// Nothing is lost, xruns or not: the server is synchronous. Every event leaves on its frame, but those that were due where
  /// the server passed over frames: they leave at once after it, and they alone are counted as late.
  func check(_ status: JACKStatus) {
    #expect(missing == 0 && unasked == 0, "\(status.xruns) xruns")
    #expect(displaced.isEmpty, "\(displaced.prefix(5)), \(status.xruns) xruns, \(skips.suffix(5))")
    #expect(
      status.stage.lateEvents <= UInt64(passedOver),
      "\(status.stage.lateEvents) late, \(passedOver) were due where the server passed over \(skips.count) stretches")
    #expect(UInt64(wrong) <= status.stage.lateEvents)
    #expect(stepsBack == 0)
    #expect(status.droppedEvents == 0 && status.refusedMessages == 0 && status.stage.staleNotes == 0)
  }
}

func report(_ what: String, _ comparison: Comparison, _ status: JACKStatus) {
  let exact = comparison.expected.count - comparison.missing - comparison.wrong
  print(
    "\(what): \(exact) of \(comparison.expected.count) on their frame, \(comparison.missing) missing,",
    "\(status.stage.lateEvents) late of \(comparison.passedOver) that the server passed over, \(status.xruns) xruns,",
    "\(comparison.skips.count) skips")
}

extension JACKStatus {
  /// With the counters that are judged as they rose since `before`.
  func since(_ before: JACKStatus) -> JACKStatus {
    var rise = self
    rise.xruns -= before.xruns
    rise.stage.lateEvents -= before.stage.lateEvents
    return rise
  }
}

extension Rig {
  /// Plays `count` notes, an on and an off each, `gaps` frames apart, from `delay` on, each message unlike all others; hands
  /// them in about `ahead` of time. Calls `meanwhile` every ten notes, and ends when all have arrived, or twenty seconds
  /// after the last was handed in.
  func play(
    _ count: Int, seed: UInt64 = 5, gaps: Range<UInt64> = 16..<80, after delay: Duration = .milliseconds(300),
    ahead limit: Duration = .milliseconds(150), into comparison: inout Comparison, meanwhile: (Int) -> Void = { _ in }
  ) throws {
    var random = RandomSource(seed: seed)
    var frame = try #require(loop.output.frames(at: TestLoop.now + delay))
    for index in 0..<count {
      let (pitch, strength) = (UInt8(index % 120), UInt8(1 + index / 120))
      for message in [MIDIMessage(0x90, pitch, strength), MIDIMessage(0x80, pitch, strength)] {
        frame = frame + (gaps.lowerBound + random.next() % UInt64(gaps.count))
        comparison.expect(message, frame)
        loop.output.play(StageEvent(frame: frame, message: message, part: .answer, generation: 1))
      }
      let ahead = loop.output.instant(of: frame).map { $0 - TestLoop.now } ?? .zero
      if ahead > limit { loop.run(for: .milliseconds(20)) }
      comparison.take(listener)
      if index % 10 == 0 { meanwhile(index / 10) }
    }
    // A starved server does not freewheel any faster than the clock.
    loop.run(for: .seconds(20)) {
      comparison.take(listener)
      return comparison.isComplete
    }
  }

  /// As after a crash, with other settings.
  func restartServer(sampleRate: Int, period: Int) throws {
    (server.sampleRate, server.period) = (sampleRate, period)
    server.killHard()
    listener = nil
    #expect(loop.run(for: .seconds(2)) { !loop.output.isConnected })
    try server.start()
    try #require(loop.connect(within: .seconds(5)))
    try attachListener()
    loop.run(for: .milliseconds(300))
  }
}
