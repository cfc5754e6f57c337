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

  @Test("who only takes a turn that comes soon never makes a queue longer than that")
  func patience() {
    var pacing = Pacing(rate: 500, burst: 50)
    let patience: UInt64 = 100_000_000
    var taken = 0
    for turn in 0..<10_000 as Range<UInt64> {
      let now = 1_000_000_000 + turn * 10_000
      guard pacing.isWithin(patience, at: now) else { continue }
      taken += 1
      #expect(pacing.wait(at: now) <= patience)
    }
    // A burst, a tenth of a second's backlog, and what a tenth of a second lets through.
    #expect((140...160).contains(taken))
  }
}
