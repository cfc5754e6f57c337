// SPDX-License-Identifier: Apache-2.0
// Tests/JACKOutput: an event leaves on its frame.
import JACKOutput
import JamTestKit
import Music
import RealTime
import Testing

extension RealServer {
  @Test("10,000 scheduled events leave on the very frame asked for, in order", arguments: [64, 256, 1024])
  func sampleAccuracy(period: Int) throws {
    let rig = try Rig(period: period)
    let output = rig.loop.output
    var random = RandomSource(seed: UInt64(period))
    var frame = try #require(output.frames(at: TestLoop.now + .milliseconds(300)))
    var comparison = Comparison()
    for index in 0..<5000 {
      let (pitch, strength) = (UInt8(index % 120), UInt8(1 + index / 120))
      for message in [MIDIMessage(0x90, pitch, strength), MIDIMessage(0x80, pitch, strength)] {
        frame = frame + (random.next() % 64)
        comparison.expect(message, frame)
        output.play(StageEvent(frame: frame, message: message, part: .answer, generation: 1))
      }
      let ahead = output.instant(of: frame).map { $0 - TestLoop.now } ?? .zero
      if ahead > .milliseconds(150) { rig.loop.run(for: .milliseconds(20)) }
      comparison.take(rig.listener)
    }
    rig.loop.run(for: .seconds(3)) {
      comparison.take(rig.listener)
      return comparison.isComplete
    }
    let status = output.status
    #expect(comparison.expected.count == 10_000 && status.stage.notes == 5000)
    comparison.check(status, perCycle: UInt64(period / 32 + 8))
    print(
      "period \(period): \(10_000 - comparison.missing - comparison.wrong) of 10000 on their frame,",
      "\(status.stage.lateEvents) late, \(status.xruns) xruns; cost p50/p99/max",
      "\(status.cost.quantile(0.5) / 1000)/\(status.cost.quantile(0.99) / 1000)/\(status.cost.maximum / 1000) us")
    #expect(rig.finish())
  }

  @Test("a change of period in mid-answer moves no event but what falls into the server's own pause")
  func periodChange() throws {
    let rig = try Rig()
    let output = rig.loop.output
    let start = try #require(output.frames(at: TestLoop.now + .milliseconds(400)))
    var comparison = Comparison()
    for index in 0..<600 {
      let message = MIDIMessage(index % 2 == 0 ? 0x90 : 0x80, UInt8(index / 2 % 100), UInt8(1 + index / 200))
      let frame = start + UInt64(index) * 50
      comparison.expect(message, frame)
      output.play(StageEvent(frame: frame, message: message, part: .answer, generation: 1))
    }
    rig.loop.run(for: .milliseconds(600))
    #expect(rig.listener?.setPeriod(128) == true)
    rig.loop.run(for: .milliseconds(100))
    #expect(rig.listener?.setPeriod(1024) == true)
    rig.loop.run(for: .seconds(2)) {
      comparison.take(rig.listener)
      return comparison.isComplete
    }
    let status = output.status
    #expect(status.period == 1024 && status.stage.notes == 300)
    comparison.check(status, perCycle: 1024 / 50 + 8)
    #expect(rig.finish())
  }

  @Test("in freewheel mode, too, an event leaves on its frame, and real time is found again after it")
  func freewheel() throws {
    let rig = try Rig()
    let output = rig.loop.output
    let start = try #require(output.frames(at: TestLoop.now + .seconds(1)))
    var comparison = Comparison()
    for index in 0..<600 {
      let message = MIDIMessage(index % 2 == 0 ? 0x90 : 0x80, UInt8(index / 2 % 100), UInt8(1 + index / 200))
      comparison.expect(message, start + UInt64(index) * 100)
      output.play(StageEvent(frame: start + UInt64(index) * 100, message: message, part: .answer, generation: 1))
    }
    rig.loop.run(for: .milliseconds(100))
    #expect(rig.listener?.setFreewheel(true) == true)
    rig.loop.run(for: .seconds(5)) {
      comparison.take(rig.listener)
      return comparison.isComplete
    }
    #expect(rig.listener?.setFreewheel(false) == true)
    rig.loop.run(for: .milliseconds(300))
    comparison.check(output.status, perCycle: 16)
    let now = TestLoop.now
    let (mapped, server) = (output.frames(at: now)?.count ?? 0, rig.listener?.now ?? 0)
    #expect(abs(Int32(bitPattern: UInt32(truncatingIfNeeded: mapped) &- server)) < 480)
    #expect(rig.finish())
  }
}
