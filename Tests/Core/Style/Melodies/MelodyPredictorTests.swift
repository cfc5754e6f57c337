// SPDX-License-Identifier: Apache-2.0
// Tests of Core/Style: prediction that is honest.
import Foundation
import Music
import Style
import Testing

/// A melody that wanders; `alphabet` pitches from 60 up.
private func melody(seed: UInt64, notes: Int = 40, alphabet: Int = 20) -> Melody {
  var random = RandomSource(seed: seed)
  var position = alphabet / 2
  let pitches = (0..<notes).map { _ in
    position = min(alphabet - 1, max(0, position + [-3, -1, -1, 0, 1, 1, 2].randomElement(using: &random)!))
    return Pitch(clamping: 60 + position)
  }
  return Melody(pitches: pitches, durations: pitches.map { _ in Beats([0.5, 1, 1.5].randomElement(using: &random)!) })!
}

private func predictor(_ model: MelodyModel) -> MelodyPredictor {
  var predictor = MelodyPredictor(alphabet: (60..<80).map { Pitch(clamping: $0) }, model: model)
  for seed in 0..<20 as Range<UInt64> { predictor.learn(melody(seed: seed)) }
  return predictor
}

@Suite struct MelodyPredictorTests {
  @Test("probabilities are above zero and sum to 1 at every step", arguments: MelodyModel.allCases)
  func sums(model: MelodyModel) {
    var predictor = predictor(model)
    for seed in 100..<110 as Range<UInt64> {
      predictor.begin()
      let melody = melody(seed: seed)
      for (pitch, duration) in zip(melody.pitches, melody.durations) {
        let distribution = predictor.distribution()
        #expect(abs(distribution.reduce(0, +) - 1) < 1e-9)
        #expect(distribution.allSatisfy { $0 > 0 })
        predictor.observe(pitch, duration: duration)
      }
    }
  }

  @Test("the same past with another future gives the same distributions", arguments: MelodyModel.allCases)
  func future(model: MelodyModel) {
    let trained = predictor(model)
    let (a, b) = (melody(seed: 500), melody(seed: 501))
    for shared in [0, 1, 5, 20] {
      // Pitch and duration of the very note that is predicted differ already.
      let other = Melody(
        pitches: Array(a.pitches.prefix(shared)) + Array(b.pitches.dropFirst(shared)),
        durations: Array(a.durations.prefix(shared)) + Array(b.durations.dropFirst(shared)))!
      #expect(other != a)
      #expect(distributions(trained, a, count: shared + 1) == distributions(trained, other, count: shared + 1))
      // The control: one note later the difference is past, and shows.
      #expect(distributions(trained, a, count: shared + 2) != distributions(trained, other, count: shared + 2))
    }
  }

  private func distributions(_ trained: MelodyPredictor, _ melody: Melody, count: Int) -> [[Double]] {
    var predictor = trained
    return zip(melody.pitches, melody.durations).prefix(count).map { pitch, duration in
      let distribution = predictor.distribution()
      predictor.observe(pitch, duration: duration)
      return distribution
    }
  }

  @Test("what cannot be predicted costs all its bits", arguments: MelodyModel.allCases)
  func noise(model: MelodyModel) throws {
    var random = RandomSource(seed: 11)
    let melodies = (0..<60).map { _ in
      Melody(
        pitches: (0..<50).map { _ in Pitch(clamping: Int.random(in: 60..<76, using: &random)) },
        durations: (0..<50).map { _ in Beats(Double(Int.random(in: 1...4, using: &random))) })!
    }
    let evaluation = try #require(MelodyEvaluation(melodies: melodies, folds: (0..<60).map { $0 % 5 }))
    let score = evaluation.score(model)
    #expect(score.notes == 3_000)
    #expect(score.bitsPerNote > 3.97)
    #expect(score.bitsPerNote < 4.6)
  }

  @Test("a live model learns a pattern while it sounds, a static one nothing")
  func repetition() {
    for model in MelodyModel.allCases {
      var predictor = predictor(model)
      var last: [Double] = []
      for _ in 0..<2 {
        predictor.begin()
        last = []
        for index in 0..<120 {
          let pitch = 60 + [0, 11, 3, 17, 6][index % 5]
          last.append(-log2(predictor.distribution()[pitch - 60]))
          predictor.observe(Pitch(clamping: pitch), duration: Beats(1))
        }
      }
      let end = last.suffix(50).reduce(0, +) / 50
      #expect(model == .static ? end > 3 : end < 0.5)
    }
  }

  @Test("a static model does not change while it is tested")
  func unchanging() {
    var predictor = predictor(.static)
    let test = melody(seed: 900)
    let before = distributions(predictor, test, count: 40)
    for seed in 901..<910 as Range<UInt64> {
      predictor.begin()
      for pitch in melody(seed: seed).pitches {
        _ = predictor.distribution()
        predictor.observe(pitch)
      }
    }
    predictor.begin()
    #expect(distributions(predictor, test, count: 40) == before)
  }

  @Test("folds add up, and need one number a melody")
  func folds() throws {
    let melodies = (0..<12).map { melody(seed: UInt64($0)) }
    #expect(MelodyEvaluation(melodies: melodies, folds: [1, 2]) == nil)
    let evaluation = try #require(MelodyEvaluation(melodies: melodies, folds: (0..<12).map { $0 % 3 }))
    let parts = (0..<3).map { evaluation.score(.live, fold: $0) }
    #expect(parts.reduce(MelodyEvaluation.Score(), +) == evaluation.score(.live))
    #expect(Melody(pitches: [.lowest], durations: [Beats(1), Beats(1)]) == nil)
  }
}

@Suite struct MelodySelectionTests {
  /// The first pieces of both have the same pitches in another order, so that the alphabet is the same.
  private func evaluation(reversed: Bool) throws -> MelodyEvaluation {
    let melodies = (0..<24).map { number in
      let melody = melody(seed: UInt64(number), notes: 60)
      guard reversed, number % 4 == 0 else { return melody }
      return Melody(pitches: melody.pitches.reversed(), durations: melody.durations.reversed())!
    }
    return try #require(MelodyEvaluation(melodies: melodies, folds: (0..<24).map { $0 % 4 }))
  }

  @Test("viewpoints are chosen without a look at the fold that they predict", arguments: MelodyModel.allCases)
  func blind(model: MelodyModel) throws {
    let choices = try [false, true].map { reversed in
      var selection = try evaluation(reversed: reversed).selection(model, fold: 0)
      var bits: [Double] = []
      while let step = selection.next() { bits.append(step.bits) }
      #expect(!bits.isEmpty && bits == bits.sorted(by: >))
      return (viewpoints: selection.viewpoints, bits: bits)
    }
    #expect(choices[0].viewpoints == choices[1].viewpoints && choices[0].bits == choices[1].bits)
    // The control: what another fold's model learns is not the same.
    var (a, b) = (
      try evaluation(reversed: false).selection(model, fold: 1),
      try evaluation(reversed: true).selection(model, fold: 1)
    )
    #expect(a.next()?.bits != b.next()?.bits)
  }

  @Test("a melody predictor of any viewpoints sums to 1", arguments: MelodyModel.allCases)
  func sums(model: MelodyModel) throws {
    var selection = try evaluation(reversed: false).selection(model, fold: 0)
    while selection.next() != nil {}
    var predictor = MelodyPredictor(
      alphabet: (60..<80).map { Pitch(clamping: $0) }, model: model, viewpoints: selection.viewpoints)
    for seed in 0..<20 as Range<UInt64> { predictor.learn(melody(seed: seed)) }
    let test = melody(seed: 99)
    for (pitch, duration) in zip(test.pitches, test.durations) {
      let distribution = predictor.distribution()
      #expect(abs(distribution.reduce(0, +) - 1) < 1e-9 && distribution.allSatisfy { $0 > 0 })
      predictor.observe(pitch, duration: duration)
    }
  }

  @Test("nothing to learn from gives an empty choice")
  func nothing() {
    for melodies in [[], [Melody(pitches: [])!], [Melody(pitches: [.lowest])!]] {
      var selection = MelodySelection(melodies, alphabet: [.lowest], model: .full)
      #expect(selection.next() == nil && selection.viewpoints.isEmpty)
    }
  }
}

/// The published sets, where they are at hand (`JAMD_SHARED`, else `../shared`).
@Suite struct MelodyBenchTests {
  private static let folder =
    (ProcessInfo.processInfo.environment["JAMD_SHARED"] ?? "../shared") + "/bench/"
  private static var isAbsent: Bool { !FileManager.default.fileExists(atPath: folder + "essen_kinder.pitch") }

  @Test(
    "bits a note are within the limits", .disabled(if: isAbsent, "no melodies in ../shared/bench"),
    arguments: [
      ("bach_chorales_bwv253_438", MelodyModel.static, 2.45), ("bach_chorales_bwv253_438", .live, 2.3),
      ("bach_chorales_bwv253_438", .full, 2.0), ("essen_kinder", .live, 2.05), ("essen_kinder", .full, 1.9),
      ("joplin_mutopia_rh_top", .live, 2.6),
    ])
  func limits(name: String, model: MelodyModel, limit: Double) throws {
    let durations = try numbers(name, "dur").map { $0.map { Beats(Double($0) / 480) } }
    let melodies = try zip(try numbers(name, "pitch"), durations).map { pitches, durations in
      try #require(Melody(pitches: pitches.map { Pitch(clamping: $0) }, durations: durations))
    }
    let folds = try numbers(name, "folds").map { $0[0] }
    let evaluation = try #require(MelodyEvaluation(melodies: melodies, folds: folds))
    #expect(evaluation.score(model).bitsPerNote <= limit)
  }

  private func numbers(_ name: String, _ kind: String) throws -> [[Int]] {
    try String(contentsOfFile: Self.folder + name + "." + kind, encoding: .utf8).split(separator: "\n").map { line in
      line.split(separator: " ").compactMap { Int($0) }
    }
  }
}
