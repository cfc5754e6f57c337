// SPDX-License-Identifier: Apache-2.0
// Core/Listening: properties of following a MIDI clock.
import Listening
import Music
import Testing

@Suite("The clock follower") struct ClockFollowerTests {
  private static func instant(_ seconds: Double) -> Instant { Instant(nanoseconds: Int64(seconds * 1e9)) }

  /// Ticks of `tempo` from `start` on, late by up to `jitter`; the last tick's true time.
  @discardableResult
  private static func play(
    _ follower: inout ClockFollower, ticks: Int, tempo: Double, from start: Double, jitter: Double = 0,
    random: inout RandomSource
  ) -> Double {
    let step = 60 / tempo / 24
    for tick in 0..<ticks {
      let late = jitter > 0 ? Double.random(in: 0..<jitter, using: &random) : 0
      follower.hear(.tick, at: instant(start + Double(tick) * step + late))
    }
    return start + Double(ticks - 1) * step
  }

  @Test("tempo and phase are right from the second beat on, though every tick is up to 3 ms late")
  func follows() throws {
    var random = RandomSource(seed: 5)
    for tempo in stride(from: 40.0, through: 220, by: 15) {
      var follower = ClockFollower()
      follower.hear(.start, at: Self.instant(0.9))
      let end = Self.play(&follower, ticks: 24 * 8 + 1, tempo: tempo, from: 1, jitter: 0.003, random: &random)
      let grid = try #require(follower.grid(at: Self.instant(end + 0.01)))
      #expect(abs(grid.tempo.beatsPerMinute / tempo - 1) < 0.005)
      // On average a tick is 1.5 ms late.
      #expect(abs((grid.instant(at: Beats(8)) - Self.instant(end + 0.0015)).seconds) < 0.0015)
      #expect(follower.isRunning)
    }
  }

  @Test("after a change of tempo the beat is right again within a beat")
  func changes() throws {
    var random = RandomSource(seed: 6)
    var follower = ClockFollower()
    follower.hear(.start, at: .zero)
    let end = Self.play(&follower, ticks: 24 * 4 + 1, tempo: 100, from: 1, random: &random)
    let start = end + 60 / 150.0 / 24
    let last = Self.play(&follower, ticks: 24, tempo: 150, from: start, random: &random)
    let grid = try #require(follower.grid(at: Self.instant(last)))
    #expect(abs((grid.instant(at: Beats(5)) - Self.instant(last)).seconds) < 0.02)
    let later = Self.play(&follower, ticks: 72, tempo: 150, from: last + 60 / 150.0 / 24, random: &random)
    let settled = try #require(follower.grid(at: Self.instant(later)))
    #expect(abs(settled.tempo.beatsPerMinute - 150) < 0.01)
    #expect(abs((settled.instant(at: Beats(8)) - Self.instant(later)).seconds) < 1e-6)
  }

  @Test("stop keeps the place, continue goes on from it, and a song position sets it")
  func places() throws {
    var random = RandomSource(seed: 7)
    var follower = ClockFollower()
    follower.hear(.start, at: .zero)
    let end = Self.play(&follower, ticks: 25, tempo: 120, from: 1, random: &random)
    follower.hear(.stop, at: Self.instant(end + 0.001))
    #expect(!follower.isRunning && follower.grid(at: Self.instant(end + 1)) == nil)
    follower.hear(.resume, at: Self.instant(9.99))
    let second = Self.play(&follower, ticks: 24, tempo: 120, from: 10, random: &random)
    let resumed = try #require(follower.grid(at: Self.instant(second)))
    #expect(abs(resumed.position(at: Self.instant(second)).count - 2) < 1e-6)
    follower.hear(.stop, at: Self.instant(second + 0.001))
    follower.hear(.position(sixteenths: 32), at: Self.instant(second + 0.1))
    follower.hear(.resume, at: Self.instant(second + 0.2))
    let third = Self.play(&follower, ticks: 25, tempo: 120, from: second + 5, random: &random)
    let placed = try #require(follower.grid(at: Self.instant(third)))
    #expect(abs(placed.position(at: Self.instant(third)).count - 9) < 1e-6)
  }

  @Test("a clock that stops coming is no clock after a quarter of a second")
  func silence() {
    var random = RandomSource(seed: 8)
    var follower = ClockFollower()
    let end = Self.play(&follower, ticks: 48, tempo: 120, from: 1, random: &random)
    #expect(follower.grid(at: Self.instant(end + 0.2)) != nil)
    #expect(follower.grid(at: Self.instant(end + 0.3)) == nil)
    #expect(!follower.isRunning)
  }

  @Test("whatever comes, at whatever times, a grid has a sensible tempo")
  func noise() {
    var random = RandomSource(seed: 9)
    var follower = ClockFollower()
    var now: Int64 = 0
    for _ in 0..<50_000 {
      let jumps = Int.random(in: 0..<200, using: &random) == 0
      now +=
        jumps
        ? Int64.random(in: -5_000_000_000...5_000_000_000, using: &random)
        : Int64.random(in: 0...30_000_000, using: &random)
      let message: ClockFollower.Message =
        switch Int.random(in: 0..<40, using: &random) {
        case 0: .start
        case 1: .stop
        case 2: .resume
        case 3: .position(sixteenths: Int.random(in: -9...99_999, using: &random))
        default: .tick
        }
      follower.hear(message, at: Instant(nanoseconds: now))
      if let grid = follower.grid(at: Instant(nanoseconds: now)) {
        #expect(grid.tempo.beatsPerMinute.isFinite && grid.tempo.beatsPerMinute > 1 && grid.confidence <= 1)
        #expect(abs((grid.anchor - Instant(nanoseconds: now)).seconds) < 5)
      }
    }
  }
}
