// SPDX-License-Identifier: Apache-2.0
// Tests of Core/Listening: the tempo of a phrase.
import Listening
import Music
import Testing

@Suite struct TempoEstimateTests {
  /// Onsets of a rhythm in beats, with a deviation of up to `jitter` seconds.
  static func onsets(_ beats: [Double], _ tempo: Double, jitter: Double, _ random: inout RandomSource) -> [Instant] {
    beats.map { beat in
      let seconds = 1 + beat * 60 / tempo + (random.uniform() * 2 - 1) * jitter
      return .zero + .seconds(seconds)
    }.sorted()
  }

  /// Within 4 % of the tempo, or of its double or half.
  static func agrees(_ estimate: Tempo, _ tempo: Double) -> Bool {
    [0.5, 1, 2].contains { abs(estimate.beatsPerMinute / (tempo * $0) - 1) < 0.04 }
  }

  static let rhythms: [[Double]] = [
    (0..<12).map { Double($0) }, (0..<16).map { Double($0) / 2 },
    [0, 0.5, 1, 2, 2.5, 3, 4, 4.5, 5, 6, 7, 8], [0, 0.25, 0.75, 1, 1.5, 2, 2.25, 2.75, 3, 3.5, 4],
    [0, 1, 2, 2.5, 3, 4, 5, 5.5, 6, 7, 8], [0, 2.0 / 3, 1, 5.0 / 3, 2, 8.0 / 3, 3, 4], [0, 1.5, 2, 3, 3.5, 4, 6],
  ]

  @Test(
    "a steady rhythm gives its tempo, or its double or half, the more surely the steadier",
    arguments: [(0.005, 98), (0.015, 98), (0.02, 90)])
  func steady(jitter: Double, percent: Int) {
    var random = RandomSource(seed: 7)
    var (right, exact, all) = (0, 0, 0)
    for tempo in stride(from: 60.0, through: 180, by: 5) {
      for rhythm in Self.rhythms {
        let estimate = TempoEstimate.tempo(of: Self.onsets(rhythm, tempo, jitter: jitter, &random))
        all += 1
        if Self.agrees(estimate, tempo) { right += 1 }
        if abs(estimate.beatsPerMinute / tempo - 1) < 0.04 { exact += 1 }
      }
    }
    print("tempo, jitter \(jitter) s: \(right) of \(all) within 4 %, a factor of two either way; \(exact) without")
    #expect(right * 100 >= all * percent)
  }

  @Test("where the last phrase had a tempo, the next one of the same is heard without a factor in nine cases of ten")
  func sameTempoAgain() throws {
    var random = RandomSource(seed: 70)
    var (right, all) = (0, 0)
    for tempo in stride(from: 60.0, through: 200, by: 5) {
      for rhythm in Self.rhythms {
        let onsets = Self.onsets(rhythm, tempo * 1.02, jitter: 0.01, &random)
        let previous = try #require(Tempo(beatsPerMinute: tempo))
        all += 1
        let estimate = TempoEstimate.tempo(of: onsets, previous: previous)
        if abs(estimate.beatsPerMinute / tempo - 1.02) < 0.04 { right += 1 }
      }
    }
    print("tempo after one alike: \(right) of \(all) within 4 %")
    #expect(right * 10 >= all * 9)
  }

  @Test("at the tempo that was heard the onsets lie near the sixteenths and triplets")
  func quantisation() {
    var random = RandomSource(seed: 71)
    for tempo in stride(from: 60.0, through: 180, by: 5) {
      for rhythm in Self.rhythms {
        let onsets = Self.onsets(rhythm, tempo, jitter: 0.005, &random)
        let estimate = TempoEstimate.tempo(of: onsets)
        for (later, former) in zip(onsets.dropFirst(), onsets) {
          let beats = estimate.beats(in: later - former).count
          let error = min(abs(beats * 4 - (beats * 4).rounded()) / 4, abs(beats * 3 - (beats * 3).rounded()) / 3)
          #expect(error < 0.09)
        }
      }
    }
  }

  @Test("too few onsets keep the tempo that was, any onsets give one between 40 and 240")
  func bounds() {
    #expect(TempoEstimate.tempo(of: []) == .standard)
    let previous = Tempo(beatsPerMinute: 77)
    #expect(TempoEstimate.tempo(of: [.zero], previous: previous) == previous)
    var random = RandomSource(seed: 8)
    for _ in 0..<200 {
      let times = (0..<20).map { _ in Instant(nanoseconds: Int64.random(in: 0...20_000_000_000, using: &random)) }
      #expect((40...240).contains(TempoEstimate.tempo(of: times.sorted()).beatsPerMinute))
    }
  }
}
