// SPDX-License-Identifier: Apache-2.0
// Tests of Core/Responding: a phrase given back varied.
import Music
import Responding
import Testing

@Suite struct VariationTests {
  static let tempo = Tempo(beatsPerMinute: 120)!
  static let key = Key(tonic: PitchClass(0), mode: .major)
  static let start = Instant.zero + .seconds(30)

  /// A common rhythm in beats, of a tune in C.
  struct Rhythm: CustomTestStringConvertible {
    var testDescription: String
    var onsets: [Double]
    var bar = TimeSignature.common
    var feel = Feel.straight

    static let all = [
      Rhythm(testDescription: "quarters", onsets: (0..<16).map { Double($0) }),
      Rhythm(testDescription: "few quarters", onsets: (0..<4).map { Double($0) }),
      Rhythm(testDescription: "halves", onsets: (0..<8).map { Double($0) * 2 }),
      Rhythm(testDescription: "eighths", onsets: (0..<32).map { Double($0) / 2 }),
      Rhythm(testDescription: "sixteenths", onsets: (0..<32).map { Double($0) / 4 }),
      Rhythm(testDescription: "swung eighths", onsets: pairs(2.0 / 3), feel: Feel(swingRatio: 2)),
      Rhythm(testDescription: "dotted pairs", onsets: pairs(0.75)),
      Rhythm(testDescription: "a tune", onsets: [0, 1, 1.5, 2, 3, 4, 5.5, 6, 8, 9, 9.5, 10, 11, 12]),
      Rhythm(testDescription: "syncopation", onsets: [0, 0.75, 1.5, 2.5, 3, 3.75, 4, 4.75, 5.5, 6.5, 7]),
      Rhythm(
        testDescription: "a waltz", onsets: (0..<12).map { Double($0) }, bar: TimeSignature(beats: 3, unit: 4)),
    ]

    private static func pairs(_ place: Double) -> [Double] { (0..<16).map { Double($0 / 2) + Double($0 % 2) * place } }
  }

  static func call(_ rhythm: Rhythm) -> (call: Call, situation: Situation) {
    let line = [60, 64, 67, 65, 64, 62, 59, 60]
    let ends = rhythm.onsets.dropFirst() + [rhythm.onsets[rhythm.onsets.count - 1] + 1]
    let notes = zip(rhythm.onsets, ends).enumerated().map { index, place in
      PlayedNote(
        pitch: Pitch(clamping: line[index % 8]), velocity: .standard, onset: .zero + tempo.duration(of: Beats(place.0)),
        duration: tempo.duration(of: Beats((place.1 - place.0) * 0.9)))
    }
    let call = Call(
      phrase: Phrase(notes)!, tempo: tempo, key: key, lowest: notes.map(\.pitch).min()!,
      highest: notes.map(\.pitch).max()!, loudness: .standard, polyphony: 1, density: 2)
    let beat = BeatGrid(tempo: tempo, anchor: .zero, origin: .zero, metre: rhythm.bar, confidence: 1)
    return (call, Situation(start: start, beat: beat, feel: rhythm.feel))
  }

  static func varied(_ rhythm: Rhythm, _ choice: VariationChoice, seed: UInt64) -> [Note] {
    let (call, situation) = call(rhythm)
    var random = RandomSource(seed: seed)
    return Variation(choice).notes(for: call, in: situation, from: RetrogradeTests.Model(notes: []), using: &random)
  }

  /// What became of the rhythm, as it is heard.
  static func kind(_ notes: [Note], _ rhythm: Rhythm) -> String {
    let onsets = RhythmMeasures.onsets(of: notes)
    func steps(_ onsets: [Double]) -> [Int] { zip(onsets.dropFirst(), onsets).map { Int((($0 - $1) * 24).rounded()) } }
    if steps(onsets) == steps(rhythm.onsets) { return "the same" }
    if steps(onsets) == steps(rhythm.onsets).reversed() { return "turned round" }
    guard let last = onsets.last, let end = rhythm.onsets.last, last < end * 1.3 else { return "slower" }
    if onsets.count != rhythm.onsets.count { return onsets.count > rhythm.onsets.count ? "denser" : "thinner" }
    return "otherwise"
  }

  @Test(
    "whatever the rhythm, a phrase is varied in many ways, none of them most of the time",
    arguments: Rhythm.all, VariationChoice.allCases)
  func kinds(_ rhythm: Rhythm, _ choice: VariationChoice) {
    let rounds = 200
    let varied = (0..<rounds).map { Self.varied(rhythm, choice, seed: UInt64($0)) }
    let kinds = Dictionary(grouping: varied) { Self.kind($0, rhythm) }.mapValues(\.count)
    #expect(kinds.count >= 3 && kinds.values.allSatisfy { $0 * 20 <= rounds * 9 }, "\(kinds)")
    #expect(Set(varied).count * 4 >= rounds, "\(Set(varied).count) are different")
  }

  @Test("chance alone strays farther from the call's rhythm than what is chosen by how it is perceived")
  func choices() {
    func distance(_ choice: VariationChoice) -> Double {
      let all = Rhythm.all.flatMap { rhythm in
        (0..<100 as Range<UInt64>).map { seed in
          let onsets = RhythmMeasures.onsets(of: Self.varied(rhythm, choice, seed: seed))
          return (RhythmMeasures.similarity(rhythm.onsets, onsets) - 0.75).magnitude
        }
      }
      return all.reduce(0, +) / Double(all.count)
    }
    let (stochastic, perceptual) = (distance(.stochastic), distance(.perceptual))
    #expect(perceptual < 0.85 * stochastic && distance(.either) < stochastic, "\(perceptual), \(stochastic)")
  }

  @Test("a varied phrase stays in the key, near the register, and has all of the call but what is skipped")
  func rules() {
    for rhythm in Rhythm.all {
      for seed in 0..<60 as Range<UInt64> {
        let notes = Self.varied(rhythm, .either, seed: seed)
        #expect(notes.allSatisfy { Self.key.scale.contains($0.pitch.pitchClass) }, "\(rhythm.testDescription), \(seed)")
        #expect(notes.allSatisfy { (51...76).contains($0.pitch.number) }, "\(rhythm.testDescription), \(seed)")
        let kind = Self.kind(notes, rhythm)
        #expect(notes.count * 3 >= rhythm.onsets.count, "\(kind) has \(notes.count)")
        let end = notes.map(\.end.count).max() ?? 0
        #expect(end <= 2 * (rhythm.onsets.last ?? 0) + 2, "\(kind) ends at \(end)")
      }
    }
  }

  @Test("in twice the time nothing of the call is lost")
  func augmented() {
    for rhythm in Rhythm.all {
      let phrase = Chords(Self.call(rhythm).call.phrase.notes(at: Self.tempo))
      for seed in 0..<8 as Range<UInt64> {
        var random = RandomSource(seed: seed)
        let slow = Transformation.augment.applied(to: phrase, key: nil, using: &random).notes
        #expect(slow.map(\.pitch) == phrase.notes.map(\.pitch))
        let (length, former) = (slow.map(\.end.count).max() ?? 0, phrase.notes.map(\.end.count).max() ?? 0)
        #expect(length > former * 1.3 && length <= former * 2.01, "\(rhythm.testDescription): \(former) to \(length)")
      }
    }
  }

  @Test("what is left out is weak, so that the feel stays", arguments: Rhythm.all)
  func feel(_ rhythm: Rhythm) {
    let (call, situation) = Self.call(rhythm)
    let phrase = Chords(situation.feel.straightened(call.phrase.notes(at: Self.tempo), at: .zero))
    let isUneven = phrase.notes.contains { $0.onset.count.rounded() != $0.onset.count }
    for kind in [Transformation.multiply, .skip] {
      var random = RandomSource(seed: 1)
      let left = kind.applied(to: phrase, key: nil, using: &random).notes.map(\.onset.count)
      let strong = phrase.notes.map(\.onset.count).filter { $0.remainder(dividingBy: isUneven ? 1 : 8) == 0 }
      #expect(strong.allSatisfy { left.contains($0) } && left.count < phrase.notes.count)
    }
  }

  @Test("a call of one note, or of one pitch, is varied too")
  func least() {
    for onsets in [[0], [0, 0.25], [0, 1, 2]] as [[Double]] {
      for seed in 0..<50 as Range<UInt64> {
        let rhythm = Rhythm(testDescription: "\(onsets)", onsets: onsets)
        let notes = Self.varied(rhythm, .either, seed: seed)
        #expect(!notes.isEmpty && notes != Self.call(rhythm).call.phrase.notes(at: Self.tempo))
      }
    }
  }
}
