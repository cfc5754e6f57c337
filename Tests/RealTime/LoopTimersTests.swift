// SPDX-License-Identifier: Apache-2.0
// Tests of RealTime: the deadlines of the loop.
import Music
import RealTime
import Testing

@Suite struct LoopTimersTests {
  private func instant(_ nanoseconds: Int64) -> Instant { Instant(nanoseconds: nanoseconds) }

  @Test("a timer expires once, at its deadline and not before")
  func expiresOnce() {
    var timers = LoopTimers()
    let timer = timers.add()
    timers.set(timer, at: instant(100))
    #expect(timers.popDue(at: instant(99)) == nil)
    let due = timers.popDue(at: instant(100))
    #expect(due?.timer == timer && due?.deadline == instant(100))
    #expect(timers.popDue(at: instant(1000)) == nil)
    #expect(timers.earliest == nil)
  }

  @Test("an unset timer does not expire, a set one replaces its deadline")
  func replacing() {
    var timers = LoopTimers()
    let (a, b) = (timers.add(), timers.add())
    timers.set(a, at: instant(10))
    timers.set(b, at: instant(5))
    timers.set(b, at: instant(30))
    timers.set(a, at: nil)
    #expect(timers.earliest == instant(30))
    #expect(timers.popDue(at: instant(29)) == nil)
    #expect(timers.popDue(at: instant(30))?.timer == b)
  }

  @Test("whatever is set, timers expire in the order of their deadlines, each exactly once", arguments: 0..<50)
  func order(seed: UInt64) {
    var random = RandomSource(seed: seed)
    var timers = LoopTimers()
    let deadlines = (0..<8).map { _ in Int64.random(in: 0..<6, using: &random) }
    for deadline in deadlines { timers.set(timers.add(), at: instant(deadline)) }
    var expired: [(Int64, Int)] = []
    for now in 0..<6 as Range<Int64> {
      #expect(timers.earliest.map { $0.nanoseconds >= now } ?? true)
      while let due = timers.popDue(at: instant(now)) { expired.append((due.deadline.nanoseconds, due.timer)) }
    }
    let expected = deadlines.enumerated().map { ($0.element, $0.offset) }.sorted { $0 < $1 }
    #expect(expired.map(\.0) == expected.map(\.0))
    #expect(expired.map(\.1) == expected.map(\.1))
  }
}
