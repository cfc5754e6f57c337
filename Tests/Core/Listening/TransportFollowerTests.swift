// SPDX-License-Identifier: Apache-2.0
// Core/Listening: properties of following a transport.
import Listening
import Music
import Testing

@Suite("The transport follower") struct TransportFollowerTests {
  private static func instant(_ seconds: Double) -> Instant { Instant(nanoseconds: Int64((seconds * 1e9).rounded())) }

  private static func beat(_ tempo: Double, origin: Double = 0, at seconds: Double = 0) -> BeatGrid {
    BeatGrid(tempo: Tempo(beatsPerMinute: tempo)!, anchor: instant(seconds), origin: Beats(origin), metre: .common)
  }

  @Test("a rolling transport is told once a beat; a change of place, tempo or metre at once; a stop once")
  func follows() {
    var follower = TransportFollower()
    var told: [(at: Double, change: ClockReceiver.Change)] = []
    func update(_ at: Double, _ isRolling: Bool, _ beat: BeatGrid?) {
      if let change = follower.update(isRolling: isRolling, beat: beat, at: Self.instant(at)) {
        told.append((at, change))
      }
    }
    for step in 0..<500 { update(Double(step) * 0.01, false, Self.beat(120)) }
    #expect(told.isEmpty && !follower.isLed)
    for step in 500..<1000 { update(Double(step) * 0.01, true, Self.beat(120)) }
    #expect((10...11).contains(told.count) && follower.isLed)
    told = []
    update(10.001, true, Self.beat(120, origin: 64))
    update(10.002, true, Self.beat(90, origin: 64, at: 10.002))
    #expect(told.count == 2)
    update(10.003, false, Self.beat(90))
    update(10.004, false, Self.beat(90))
    #expect(told.count == 3 && told.last?.change == .stopped && !follower.isLed)
  }

  @Test("a transport without a tempo leads nobody, but its stop is told; one whose tempo is gone is lost")
  func withoutTempo() {
    var follower = TransportFollower()
    #expect(follower.update(isRolling: true, beat: nil, at: Self.instant(1)) == nil)
    #expect(follower.update(isRolling: false, beat: nil, at: Self.instant(2)) == .stopped)
    _ = follower.update(isRolling: true, beat: Self.beat(100), at: Self.instant(3))
    #expect(follower.update(isRolling: true, beat: nil, at: Self.instant(4)) == .lost)
    _ = follower.update(isRolling: true, beat: Self.beat(100), at: Self.instant(5))
    #expect(follower.forget() == .lost && follower.forget() == nil)
  }

  @Test("what a timebase master says is a beat in quarters, and nonsense is none")
  func beats() throws {
    let compound = try #require(
      BeatGrid(transport: .zero, beat: 13, beatsInABar: 6, beatType: 8, beatsPerMinute: 180))
    #expect(compound.tempo == Tempo(beatsPerMinute: 90) && compound.origin == Beats(6.5))
    #expect(compound.metre == TimeSignature(beats: 6, unit: 8))
    for (beat, bar, type, tempo) in [
      (0, 4, 4, 0), (.nan, 4, 4, 120), (0, 4, 4, .infinity), (1e12, 4, 4, 120), (0, 4, 4, -5),
    ] as [(Double, Double, Double, Double)] {
      #expect(
        BeatGrid(transport: .zero, beat: beat, beatsInABar: bar, beatType: type, beatsPerMinute: tempo) == nil)
    }
    let odd = BeatGrid(transport: .zero, beat: 0, beatsInABar: 3.5, beatType: .nan, beatsPerMinute: 120)
    #expect(odd != nil && odd?.metre == nil)
  }
}
