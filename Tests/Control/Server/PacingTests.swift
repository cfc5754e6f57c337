// SPDX-License-Identifier: Apache-2.0
// Tests/Control/Server: how many requests reach the daemon's loop.
import ControlServer
import Testing

@Suite struct PacingTests {
  private let second: UInt64 = 1_000_000_000

  @Test("what comes within the rate never waits, and neither does a burst after a rest")
  func welcome() {
    var pacing = Pacing(rate: 100, burst: 5)
    for i in 0..<1000 as Range<UInt64> { #expect(pacing.wait(at: second + i * second / 100) == 0) }
    let rested = 100 * second
    for _ in 0..<5 { #expect(pacing.wait(at: rested) == 0) }
    #expect(pacing.wait(at: rested) > 0)
  }

  @Test("however fast requests come one after the other, no more than the rate and one burst get through")
  func flood() {
    var pacing = Pacing(rate: 500, burst: 50)
    var now: UInt64 = 7
    var count = 0
    while now < 10 * second {
      now += pacing.wait(at: now) + 1000
      count += 1
    }
    #expect((5000...5051).contains(count))
  }
}
