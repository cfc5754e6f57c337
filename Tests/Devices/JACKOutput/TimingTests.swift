// SPDX-License-Identifier: Apache-2.0
// Tests/JACKOutput: an event leaves on its frame.
import JACKOutput
import JamTestKit
import Music
import RealTime
import Testing

extension RealServer {
  /// As the daemon plays an answer: each event is told its instant, ahead of time, and goes to the stage when it is near.
  @Test(
    "10,000 events leave a period after the frame that their instant has when they go to the stage, exactly",
    arguments: [64, 256, 1024])
  func instants(period: Int) throws {
    let rig = try Rig(period: period)
    var (comparison, waiting) = (Comparison(), WaitingEvents(period: period))
    try rig.schedule(5000, seed: UInt64(period), waiting: &waiting, into: &comparison)
    let status = rig.loop.output.status
    let unheard = Int(waiting.unheard)
    #expect(comparison.expected.count == 10_000 - 2 * unheard && unheard < 2500)
    #expect(status.stage.notes == 5000 - unheard)
    comparison.check(status)
    report("period \(period), by instants, \(unheard) unheard", comparison, status)
    // Between the frame that an instant had when its event was scheduled and the one on which it left lies nothing but this:
    // a server that is late (an xrun) plays the instant on another frame.
    let drift = waiting.drift.sorted()
    try #require(drift.count == comparison.expected.count)
    print("  the clock's drift meanwhile: median \(drift[drift.count / 2]), at most \(drift.last ?? 0) frames")
    #expect(rig.finish())
  }

  @Test("10,000 events leave on the very frame asked for, in order", arguments: [64, 256, 1024])
  func sampleAccuracy(period: Int) throws {
    let rig = try Rig(period: period)
    var comparison = Comparison()
    try rig.play(5000, seed: UInt64(period), gaps: 0..<64, into: &comparison)
    let status = rig.loop.output.status
    #expect(comparison.expected.count == 10_000 && status.stage.notes == 5000)
    comparison.check(status)
    report("period \(period)", comparison, status)
    #expect(rig.finish())
  }

  @Test("at changes of period every event leaves on its frame but what falls into the server's own pause")
  func periodChange() throws {
    let rig = try Rig()
    var comparison = Comparison()
    let periods: [UInt32] = [128, 1024, 64, 512, 256, 32, 2048]
    try rig.play(5000, into: &comparison) { tenth in
      guard tenth % 60 == 30 else { return }
      #expect(rig.listener?.setPeriod(periods[tenth / 60 % periods.count]) == true)
    }
    let status = rig.loop.output.status
    #expect(status.period != 256 && status.stage.notes == 5000)
    report("periods changed", comparison, status)
    comparison.check(status)
    #expect(rig.finish())
  }

  @Test("in freewheel mode, too, every event leaves on its frame, and real time is found again after it")
  func freewheel() throws {
    let rig = try Rig()
    for round in 0..<10 as Range<UInt64> {
      let before = rig.loop.output.status
      var comparison = Comparison()
      // The stage holds as many as are sent at once: in this mode nobody can follow the frames.
      try rig.play(500, seed: round, gaps: 64..<128, after: .milliseconds(700), ahead: .seconds(9), into: &comparison) {
        if $0 == 49 { #expect(rig.listener?.setFreewheel(true) == true) }
      }
      #expect(rig.listener?.setFreewheel(false) == true)
      rig.loop.run(for: .milliseconds(300))
      report("freewheel", comparison, rig.loop.output.status.since(before))
      comparison.check(rig.loop.output.status.since(before))
    }
    // Where the machine is busy the server itself is late, but not for long.
    #expect(rig.loop.run(for: .seconds(2)) { abs(rig.clockError) < 480 }, "\(rig.clockError)")
    #expect(rig.finish())
  }
}
