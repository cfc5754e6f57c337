// SPDX-License-Identifier: Apache-2.0
// Tests/RealTime: following another clock.
import Music
import RealTime
import Testing

@Suite("ClockOffset")
struct ClockOffsetTests {
  /// Cycles of 2.7 ms in which the other clock, which runs faster by `partsPerMillion`, is read once; what the offset is
  /// wrong by at the end.
  private func error(partsPerMillion: Int64, seconds: Int64, lag: (Int) -> Int64) -> Int64 {
    var offset = ClockOffset()
    var now: Int64 = 5_000_000_000
    var cycle = 0
    func other(_ time: Int64) -> Int64 { time - 70_000_000 + time / 1_000_000 * partsPerMillion }
    while now < 5_000_000_000 + seconds * 1_000_000_000 {
      let span = lag(cycle)
      offset.add(before: now, other: other(now + span / 3) / 1000 * 1000, after: now + span)
      now += 2_666_667
      cycle += 1
    }
    return (offset.nanoseconds ?? 0) - (now - other(now))
  }

  @Test("clocks that drift apart are followed for hours, whichever is faster", arguments: [-500, -50, 0, 50, 500])
  func drift(partsPerMillion: Int64) {
    #expect(abs(error(partsPerMillion: partsPerMillion, seconds: 7200) { _ in 200 }) < 30_000)
  }

  @Test("interruptions between two readings do not move it")
  func interrupted() {
    var random = RandomSource(seed: 3)
    let wrong = error(partsPerMillion: 20, seconds: 60) { _ in random.next() % 5 == 0 ? 3_000_000 : 300 }
    #expect(abs(wrong) < 10_000)
  }

  @Test("the first reading counts at once, and so does a step")
  func steps() {
    var offset = ClockOffset()
    #expect(offset.nanoseconds == nil)
    offset.add(before: 1000, other: 400, after: 1200)
    #expect(offset.nanoseconds == 700)
    offset.add(before: 9_000_000, other: 1000, after: 9_000_200)
    #expect(offset.nanoseconds == 8_999_100)
    offset.add(before: 10, other: 5, after: 0)
    #expect(offset.nanoseconds == 8_999_100)
  }
}
