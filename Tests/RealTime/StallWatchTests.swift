// SPDX-License-Identifier: Apache-2.0
// Tests of RealTime: where the loop stands when it does not turn.
import Music
import RealTime
import Testing

@MainActor
@Suite struct StallWatchTests {
  private static func at(_ milliseconds: Int) -> Instant { Instant(nanoseconds: Int64(milliseconds) * 1_000_000) }

  private static func moment(_ step: String, _ milliseconds: Int) -> LoopActivity.Moment {
    LoopActivity.Moment(step: step, since: at(milliseconds))
  }

  @Test("a stall is told once, with its step, and so is its end")
  func stall() {
    var watch = StallWatch(limit: .seconds(1))
    #expect(watch.look(nil, at: Self.at(5000)) == nil)
    #expect(watch.look(Self.moment("a timer", 1000), at: Self.at(1999)) == nil)
    #expect(watch.look(Self.moment("a timer", 1000), at: Self.at(2000)) == .stalled(step: "a timer", .seconds(1)))
    #expect(watch.look(Self.moment("a timer", 1000), at: Self.at(2500)) == nil)
    #expect(watch.look(Self.moment("waiting", 4000), at: Self.at(4100)) == .over(.seconds(3)))
    #expect(watch.look(Self.moment("waiting", 4000), at: Self.at(4200)) == nil)
    #expect(watch.look(Self.moment("waiting", 4000), at: Self.at(5000)) == .stalled(step: "waiting", .seconds(1)))
  }

  @Test("a loop that turns in time is never told of")
  func healthy() {
    var watch = StallWatch(limit: .seconds(1))
    for turn in stride(from: 1000, to: 100_000, by: 50) {
      #expect(watch.look(Self.moment("waiting", turn), at: Self.at(turn + 49)) == nil)
    }
  }

  @Test("while a handler runs the loop says which, and afterwards that it waits")
  func steps() throws {
    let loop = try RealTimeLoop(drainsMainQueue: false)
    #expect(loop.activity.present == nil)
    var seen: [String?] = []
    let first = loop.addTimer(named: "the first") { [loop] _ in seen.append(loop.activity.present?.step) }
    let second = loop.addTimer(named: "the second") { [loop] _ in seen.append(loop.activity.present?.step) }
    loop.set(first, at: Instant(nanoseconds: 1))
    loop.set(second, at: Instant(nanoseconds: 2))
    loop.turn(milliseconds: 100)
    loop.turn(milliseconds: 0)
    #expect(seen == ["the first", "the second"])
    #expect(loop.activity.present?.step == "waiting for the kernel")
  }
}
