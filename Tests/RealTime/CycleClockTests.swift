// SPDX-License-Identifier: Apache-2.0
// Tests/RealTime: when cycles begin.
import Music
import RealTime
import Testing

@Suite("CycleClock")
struct CycleClockTests {
  private static let count: UInt32 = 128
  private static let start: Int64 = 5_000_000_000

  /// Cycles of a card that runs faster by `partsPerMillion`, from the `first`th on; `lag` is how late the server woke.
  private struct Card {
    var partsPerMillion = 0.0
    var clock = CycleClock()
    /// The card itself was stopped for so long.
    var slip: Int64 = 0
    var cycle = 0
    var worst: Int64 = 0

    func begin(_ cycle: Int) -> Int64 {
      let length = Double(CycleClockTests.count) / 48000 / (1 + partsPerMillion * 1e-6)
      return CycleClockTests.start + slip + Int64(Double(cycle) * length * 1e9)
    }

    /// The error after each cycle goes into `worst`.
    mutating func run(_ cycles: Int, lag: (Int) -> Int64 = { _ in 20_000 }) {
      for index in 0..<cycles {
        clock.add(
          frame: Frames(UInt64(cycle) * UInt64(CycleClockTests.count)), count: CycleClockTests.count,
          wake: begin(cycle) + lag(index), sampleRate: 48000)
        worst = max(worst, abs(clock.nanoseconds - begin(cycle)))
        cycle += 1
      }
    }
  }

  @Test("it keeps to a card that is off by what cards are", arguments: [-500.0, -50, 0, 50, 500])
  func drift(partsPerMillion: Double) {
    var card = Card(partsPerMillion: partsPerMillion)
    card.run(20_000)
    card.worst = 0
    card.run(200_000)
    #expect(card.worst < 25_000)
    #expect(abs(card.clock.rate / (48e-6 * (1 + partsPerMillion * 1e-6)) - 1) < 1e-6)
  }

  @Test("a wake-up that is late now and then moves it by less than half a millisecond")
  func late() {
    var random = RandomSource(seed: 3)
    var card = Card()
    card.run(5000)
    card.run(50_000) { _ in random.next() % 50 == 0 ? Int64(random.next() % 40_000_000) : Int64(random.next() % 60_000)
    }
    #expect(card.worst < 500_000)
  }

  @Test("a server that stands still and catches up moves it not at all")
  func catchesUp() {
    var card = Card()
    card.run(5000)
    card.worst = 0
    // 40 ms behind, and then one cycle after the other at once.
    card.run(15) { 40_000_000 - Int64($0) * 2_666_667 }
    card.run(5000)
    #expect(card.worst < 1_000_000)
  }

  @Test("after a server stood still for seconds it is right again within 50 ms", arguments: [20, 300, 3000])
  func slips(milliseconds: Int64) {
    var card = Card()
    card.run(5000)
    card.slip = milliseconds * 1_000_000
    card.run(20)
    card.worst = 0
    card.run(10_000)
    #expect(card.worst < 100_000)
  }

  @Test("wake-ups that come early count at once: the first had been late")
  func early() {
    var card = Card()
    card.run(1) { _ in 900_000_000 }
    card.run(1)
    card.worst = 0
    card.run(1000)
    #expect(card.worst < 100_000)
  }

  @Test("frames that were skipped, and another period, are no slip")
  func skips() {
    var clock = CycleClock()
    clock.add(frame: Frames(0), count: 64, wake: 0, sampleRate: 48000)
    clock.add(frame: Frames(48000), count: 1024, wake: 1_000_000_000, sampleRate: 48000)
    #expect(clock.nanoseconds == 1_000_000_000)
    clock.add(frame: Frames(49024), count: 1024, wake: 1_000_000_000 + 21_333_333, sampleRate: 48000)
    #expect(abs(clock.nanoseconds - 1_021_333_333) < 10)
  }

  @Test("another sample rate, and frames that go back, start anew")
  func anew() {
    var clock = CycleClock()
    #expect(clock.rate == 0)
    clock.add(frame: Frames(48000), count: 64, wake: 7, sampleRate: 48000)
    clock.add(frame: Frames(48064), count: 64, wake: 90_000_000_000, sampleRate: 44100)
    #expect(clock.nanoseconds == 90_000_000_000)
    #expect(clock.rate == 44100e-9)
    clock.add(frame: Frames(0), count: 64, wake: 95_000_000_000, sampleRate: 44100)
    #expect(clock.nanoseconds == 95_000_000_000)
  }

  @Test("no wake-up makes it overflow", arguments: [Int64.min, .max, 0])
  func extremes(wake: Int64) {
    var clock = CycleClock()
    clock.add(frame: Frames(1), count: 64, wake: 5, sampleRate: 48000)
    for frame in 2...200 {
      clock.add(frame: Frames(UInt64(frame) << 50), count: .max, wake: frame % 2 == 0 ? wake : 5, sampleRate: 48000)
    }
    #expect(clock.rate.isFinite)
  }
}
