// SPDX-License-Identifier: Apache-2.0
// Tests of RealTime: releases stay behind their strikes.
import Music
import RealTime
import Testing

@Suite struct StrikeFramesTests {
  private let on = MIDIMessage(0x91, 60, 90)
  private let off = MIDIMessage(0x81, 60, 0)

  @Test("a release that another mapping would put before its strike comes right after it, every other where it belongs")
  func place() {
    var strikes = StrikeFrames()
    #expect(strikes.place(on, of: 5, at: Frames(5000)) == Frames(5000))
    #expect(strikes.place(off, of: 5, at: Frames(4200)) == Frames(5001))
    #expect(strikes.place(off, of: 5, at: Frames(5000)) == Frames(5001))
    #expect(strikes.place(off, of: 5, at: Frames(5400)) == Frames(5400))
    #expect(strikes.place(MIDIMessage(0x91, 60, 0), of: 5, at: Frames(4900)) == Frames(5001), "velocity 0")
    #expect(strikes.place(MIDIMessage(0x80, 60, 0), of: 5, at: Frames(4900)) == Frames(4900), "another channel")
    #expect(strikes.place(MIDIMessage(0x81, 61, 0), of: 5, at: Frames(4900)) == Frames(4900), "another key")
    #expect(strikes.place(MIDIMessage(0xB1, 60, 0), of: 5, at: Frames(4900)) == Frames(4900), "no key")
  }

  @Test("however long a server stood still, the release is not before its strike")
  func longStandstill() {
    var strikes = StrikeFrames()
    _ = strikes.place(on, of: 5, at: Frames(9_000_000))
    #expect(strikes.place(off, of: 5, at: Frames(300)) == Frames(9_000_001))
  }

  @Test("the release of a strike that was left out is left out, the next one is not")
  func leftOut() {
    var strikes = StrikeFrames()
    _ = strikes.place(on, of: 5, at: Frames(100))
    strikes.leaveOut(on, of: 5)
    #expect(strikes.place(MIDIMessage(0x81, 61, 0), of: 5, at: Frames(200)) == Frames(200), "another key")
    #expect(strikes.place(off, of: 5, at: Frames(200)) == nil)
    #expect(strikes.place(off, of: 5, at: Frames(300)) == Frames(300))
    strikes.leaveOut(on, of: 5)
    #expect(strikes.place(on, of: 6, at: Frames(400)) == Frames(400))
    #expect(strikes.place(off, of: 6, at: Frames(500)) == Frames(500), "of another answer")
    #expect(strikes.place(off, of: 5, at: Frames(600)) == nil)
  }

  @Test("what another server counted holds no release back")
  func otherCounts() {
    var strikes = StrikeFrames()
    _ = strikes.place(on, of: 5, at: Frames(900))
    strikes.forget()
    #expect(strikes.place(off, of: 5, at: Frames(300)) == Frames(300))
  }
}
