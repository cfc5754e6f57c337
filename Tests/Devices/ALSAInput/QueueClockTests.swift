// SPDX-License-Identifier: Apache-2.0
// Tests of ALSAInput: the queue's time on the one clock.
import ALSAInput
import Music
import Testing

@Suite struct QueueClockTests {
  private let start = Instant(nanoseconds: 1_000_000_000_000)

  @Test("an event's instant is its stamp on the one clock, however long it waited to be read")
  func conversion() {
    var clock = QueueClock()
    clock.read(queue: 500, before: start, after: start)
    let event = clock.instant(of: 2_000_500, arrival: start + .milliseconds(700))
    #expect(event == start + .milliseconds(2))
  }

  @Test("an event never happens after it arrived, nor before the one before it")
  func order() {
    var clock = QueueClock()
    clock.read(queue: 0, before: start, after: start)
    let late = clock.instant(of: 5_000_000, arrival: start + .milliseconds(3))
    #expect(late == start + .milliseconds(3))
    #expect(clock.instant(of: 1_000_000, arrival: start + .milliseconds(4)) == late)
    #expect(clock.stamp(start) == late)
  }

  @Test("without a reading, events count from their arrival")
  func withoutReading() {
    var clock = QueueClock()
    #expect(clock.needsReading(at: start))
    #expect(clock.instant(of: 123, arrival: start) == start)
  }

  @Test("a reading that was interrupted does not spoil a better one")
  func interruptedReading() {
    var clock = QueueClock()
    clock.read(queue: 0, before: start, after: start + .microseconds(2))
    let second = start + .seconds(1)
    clock.read(queue: 1_000_000_000, before: second - .milliseconds(20), after: second + .microseconds(1))
    let event = clock.instant(of: 1_500_000_000, arrival: start + .seconds(2))
    let error = (event - (start + .milliseconds(1500))).seconds
    #expect(abs(error) < 0.000_600)
  }

  @Test("a queue that jumps is followed from the next reading on")
  func jump() {
    var clock = QueueClock()
    clock.read(queue: 0, before: start, after: start)
    let later = start + .seconds(2)
    #expect(clock.needsReading(at: later))
    clock.read(queue: 0, before: later, after: later)
    #expect(clock.instant(of: 1_000_000, arrival: later + .seconds(1)) == later + .milliseconds(1))
  }

  @Test(
    "drift within 500 ppm and noisy readings over ten hours: the error stays below a millisecond", arguments: 0..<10)
  func drift(seed: UInt64) {
    var random = RandomSource(seed: seed)
    var clock = QueueClock()
    let rate = 1 + Double.random(in: -400e-6...400e-6, using: &random)
    func queue(at time: Duration) -> Int64 { Int64(Double(time.nanoseconds) * rate) }
    var worst = 0.0
    for second in 0..<36_000 {
      let at = Duration.seconds(second)
      let noise = { Duration.microseconds(Int64.random(in: 0...200, using: &random)) }
      clock.read(queue: queue(at: at), before: start + at - noise(), after: start + at + noise())
      let event = at + .milliseconds(Int.random(in: 0..<1000, using: &random))
      let instant = clock.instant(of: queue(at: event), arrival: start + event + .seconds(1))
      worst = max(worst, abs((instant - (start + event)).seconds))
    }
    #expect(worst < 0.001)
  }
}
