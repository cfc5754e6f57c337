// SPDX-License-Identifier: Apache-2.0
// Tests/RealTime: a margin that follows what is measured.
import Music
import RealTime
import Testing

@Suite("LookAhead")
struct LookAheadTests {
  private let bounds = Duration.milliseconds(60)...Duration.milliseconds(480)

  @Test("what is in time changes nothing")
  func inTime() {
    var lookAhead = LookAhead(bounds)
    for _ in 0..<1000 { #expect(lookAhead.record(lateness: .milliseconds(1)) == nil) }
    #expect(lookAhead.margin == bounds.lowerBound)
  }

  @Test("what is late doubles it, up to its bound")
  func late() {
    var lookAhead = LookAhead(bounds)
    let margins = (0..<5).map { _ in lookAhead.record(lateness: .milliseconds(2)) }
    #expect(margins == [.milliseconds(120), .milliseconds(240), .milliseconds(480), nil, nil])
  }

  @Test("it shrinks only after a long time without lateness, and all the way back")
  func shrinks() {
    var lookAhead = LookAhead(bounds)
    _ = lookAhead.record(lateness: .seconds(1))
    for _ in 1..<LookAhead.patience { #expect(lookAhead.record(lateness: .zero) == nil) }
    #expect(lookAhead.record(lateness: .zero) == .milliseconds(105))
    for _ in 0..<LookAhead.patience * 40 { _ = lookAhead.record(lateness: .zero) }
    #expect(lookAhead.margin == bounds.lowerBound)
  }

  @Test("a single lateness starts the waiting anew, and the bounds hold whatever comes")
  func bounded() {
    var random = RandomSource(seed: 8)
    var lookAhead = LookAhead(bounds)
    for _ in 0..<100_000 {
      let lateness = Duration.nanoseconds(Int64(random.next() % 1_030_000))
      let former = lookAhead.margin
      let changed = lookAhead.record(lateness: lateness)
      #expect(bounds.contains(lookAhead.margin))
      #expect((changed ?? former) == lookAhead.margin)
      if lateness > LookAhead.tolerance { #expect(lookAhead.margin >= former) }
    }
  }
}
