// SPDX-License-Identifier: Apache-2.0
// Tests of Core/Responding: the beat laid through a call.
import Music
import Responding
import Testing

@Suite struct BeatFitTests {
  /// Eighths, long to short in `ratio`, `count` of them, `jitter` seconds of deviation at most.
  static func eighths(_ ratio: Double, bpm: Double, count: Int = 33, jitter: Double = 0) -> [Instant] {
    var random = RandomSource(seed: 3)
    return (0..<count).map { index -> Instant in
      let beats = Double(index / 2) + (index % 2 == 1 ? ratio / (1 + ratio) : 0)
      let deviation = (random.uniform() * 2 - 1) * jitter
      return .zero + .seconds(10 + beats * 60 / bpm + deviation)
    }
  }

  /// A told beat that is the true one times `unit`, a little wrong.
  static func told(bpm: Double, unit: Double, at place: Double = 0) -> BeatGrid {
    let tempo = Tempo(beatsPerMinute: bpm / unit * 1.01)!
    return BeatGrid(tempo: tempo, anchor: .zero + .seconds(10 + (16 + place) * 60 / bpm), confidence: 0.9)
  }

  @Test(
    "swung eighths are heard in their own beat and ratio, whatever unit was told for it",
    arguments: [1.5, 2, 3], [90.0, 140, 200])
  func swung(_ ratio: Double, _ bpm: Double) throws {
    for unit in [1, 0.5, 2, 0.8, 1.5, 2 / 3.0, 4 / 3.0] {
      let fit = BeatFit(Self.told(bpm: bpm, unit: unit, at: 0.05), onsets: Self.eighths(ratio, bpm: bpm, jitter: 0.01))
      #expect((fit.grid.tempo.beatsPerMinute / bpm - 1).magnitude < 0.005, "\(fit.grid.tempo) told \(unit)")
      let feel = try #require(fit.feel)
      #expect((feel.offBeat - ratio / (1 + ratio)).magnitude < 0.02, "\(feel.swingRatio) told \(unit)")
      let first = fit.grid.position(at: .zero + .seconds(10)).count
      #expect((first - first.rounded()).magnitude < 0.03)
    }
  }

  @Test("straight eighths stay in the told unit, and its bars stay where they were")
  func straight() {
    var told = Self.told(bpm: 120, unit: 1)
    (told.metre, told.origin) = (.common, Beats(7))
    let fit = BeatFit(told, onsets: Self.eighths(1, bpm: 120, jitter: 0.01))
    #expect(fit.feel == .straight && fit.grid.metre == .common)
    #expect((fit.grid.tempo.beatsPerMinute - 120).magnitude < 0.5)
    #expect((fit.grid.position(at: told.anchor) - Beats(7)).count.magnitude < 0.05)
  }

  @Test("quarters that fall on every third half of a wrong beat are no swing")
  func quarters() {
    let onsets = (0..<20).map { index -> Instant in
      let late = index % 3 == 0 ? 0.012 : 0
      return .zero + .seconds(Double(index) * 0.6 + late)
    }
    let told = BeatGrid(tempo: Tempo(beatsPerMinute: 101)!, anchor: onsets[19], confidence: 0.9)
    let fit = BeatFit(told, onsets: onsets)
    #expect((fit.grid.tempo.beatsPerMinute - 100).magnitude < 0.5 && fit.feel == nil)
  }

  @Test("what is not steady, and what is too short, leaves the told beat as it is")
  func unsteady() {
    let told = Self.told(bpm: 100, unit: 1)
    let rubato = (0..<40).map { index -> Instant in
      let beats = Double(index) / 2
      return Instant.zero + .seconds(10 + beats * 0.6 + 0.003 * beats * beats)
    }
    #expect(BeatFit(told, onsets: rubato) == BeatFit(told, onsets: []))
    #expect(BeatFit(told, onsets: Array(rubato.prefix(4))).grid == told)
  }

  @Test("whatever the onsets, the beat is one that people count, or the told one")
  func anything() {
    var random = RandomSource(seed: 8)
    for _ in 0..<3000 {
      var at = Instant.zero
      let onsets = (0..<Int.random(in: 0...80, using: &random)).map { _ in
        at = at + .seconds(random.uniform() * (random.uniform() < 0.1 ? 5 : 0.5))
        return at
      }
      let bpm = 30 + 270 * random.uniform()
      let told = BeatGrid(tempo: Tempo(beatsPerMinute: bpm)!, anchor: at, origin: Beats(3), confidence: 0.7)
      let fit = BeatFit(told, onsets: onsets)
      let tempo = fit.grid.tempo.beatsPerMinute
      #expect(fit.grid == told || (35...280).contains(tempo) || (tempo / bpm - 1).magnitude < 0.1)
      #expect((fit.feel?.swingRatio ?? 1) <= 3.5)
    }
  }
}
