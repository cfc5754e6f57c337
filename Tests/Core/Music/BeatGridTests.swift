// SPDX-License-Identifier: Apache-2.0
// Core/Music: properties of the beat grid.
import Music
import Testing

@Suite("The beat grid") struct BeatGridTests {
  private static let grid = BeatGrid(
    tempo: Tempo(beatsPerMinute: 90) ?? .standard, anchor: Instant(nanoseconds: 5_000_000_000), origin: Beats(3),
    metre: TimeSignature.common)

  @Test("position and instant are each other's inverse")
  func inverse() {
    for quarter in -40...40 {
      let position = Beats(Double(quarter) / 4)
      #expect(abs((Self.grid.position(at: Self.grid.instant(at: position)) - position).count) < 1e-6)
    }
  }

  @Test("the next beat and bar never lie before the instant, nor a unit or more after it")
  func next() {
    let beat = Self.grid.tempo.beat
    for step in 0..<1000 {
      let instant = Instant(nanoseconds: Int64(step) * 7_777_777)
      for (next, unit) in [(Self.grid.nextBeat(from: instant), 1.0), (Self.grid.nextBar(from: instant), 4.0)] {
        let wait = (next - instant).seconds / beat.seconds
        #expect(wait >= -0.011 * unit && wait < unit)
        let units = Self.grid.position(at: next) / Beats(unit)
        #expect(abs(units - units.rounded()) < 1e-6)
      }
    }
  }

  @Test("the anchor is its own next beat, and bars begin where the origin says")
  func anchor() {
    #expect(Self.grid.nextBeat(from: Self.grid.anchor) == Self.grid.anchor)
    #expect(Self.grid.nextBar(from: Self.grid.anchor) == Self.grid.instant(at: Beats(4)))
  }
}
