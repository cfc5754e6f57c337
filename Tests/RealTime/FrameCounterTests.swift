// SPDX-License-Identifier: Apache-2.0
// Tests of RealTime: a server's counter, carried on.
import RealTime
import Testing

@Suite struct FrameCounterTests {
  private func begin(_ counter: inout FrameCounter, _ value: UInt32) -> UInt64 {
    counter.begin(counter: value, count: 256, sampleRate: 48000).count
  }

  @Test("positions go with the counter, over its wrap and over what is passed over")
  func along() {
    var counter = FrameCounter()
    let first = begin(&counter, .max - 300)
    #expect(begin(&counter, .max - 44) == first + 256)
    #expect(begin(&counter, 211) == first + 512, "the wrap")
    #expect(begin(&counter, 211 + 256 + 720) == first + 768 + 720, "an xrun")
    #expect(begin(&counter, 211 + 512) == first + 1024, "another period")
  }

  @Test(
    "a counter that steps back by seconds, or far ahead, is another one: positions go on, and go with it",
    arguments: [3000, 2_000_000_000 - 2 * 48000, 4_000_000_000])
  func otherCounter(_ value: UInt32) {
    var counter = FrameCounter()
    let first = begin(&counter, 2_000_000_000)
    #expect(begin(&counter, value) == first + 256)
    #expect(begin(&counter, value + 256) == first + 512)
    #expect(begin(&counter, value + 512 + 100) == first + 868)
  }

  @Test("a new server's positions come after all that were")
  func newServer() {
    var counter = FrameCounter()
    let first = begin(&counter, 2_000_000_000)
    counter.restart()
    let second = begin(&counter, 5000)
    #expect(second > first + 256 && second & 0xFFFF_FFFF == 5000)
    #expect(begin(&counter, 5256) == second + 256)
  }
}
