// SPDX-License-Identifier: Apache-2.0
// Tests of Core/Style: what a continuation keeps to.
import Music
import Style
import Testing

@Suite struct ContinuationTests {
  private static let style = syntheticStyle(seeds: 0..<12)
  private static let player = {
    var player = PlayerModel()
    for seed in 0..<6 { player.learn(syntheticPhrase(seed: UInt64(seed)), key: nil) }
    return player
  }()

  private func continuation(
    _ request: ContinuationRequest, seed: UInt64, player: PlayerModel = ContinuationTests.player
  ) -> [Note] {
    var random = RandomSource(seed: seed)
    let mixture = StyleMixture(parts: [(Self.style, 0.7)], playerWeight: 0.3)!
    return mixture.continuation(of: request, player: player, using: &random)
  }

  @Test("no pitch lies outside the range, however narrow, and nothing is ever empty")
  func range() {
    for seed in 0..<60 as Range<UInt64> {
      let low = Pitch(clamping: Int(seed) * 2)
      let high = Pitch(clamping: Int(low.number) + Int(seed % 5) * 6)
      let request = ContinuationRequest(context: syntheticPhrase(seed: seed), length: Beats(4), range: low...high)
      let notes = continuation(request, seed: seed)
      #expect(!notes.isEmpty)
      #expect(notes.allSatisfy { (low...high).contains($0.pitch) })
    }
  }

  @Test("the last onset's highest note is one of the wanted endings")
  func ending() {
    for seed in 0..<60 as Range<UInt64> {
      let wanted = [PitchClass(Int(seed)), PitchClass(Int(seed) + 7)]
      let request = ContinuationRequest(
        context: syntheticPhrase(seed: seed), length: Beats(6), range: Pitch(clamping: 40)...Pitch(clamping: 90),
        polyphony: seed.isMultiple(of: 2) ? 1 : nil, endings: wanted)
      let notes = continuation(request, seed: seed)
      let last = notes.map(\.onset).max()
      let highest = notes.filter { $0.onset == last }.map(\.pitch).max()
      #expect(highest.map { wanted.contains($0.pitchClass) } == true)
    }
  }

  @Test("an ending that the range does not hold is dropped, counted, and harms nothing")
  func impossibleEnding() throws {
    var random = RandomSource(seed: 2)
    let mixture = try #require(StyleMixture(parts: [(Self.style, 1)], playerWeight: 0))
    let range = Pitch(clamping: 60)...Pitch(clamping: 64)
    let request = ContinuationRequest(
      context: syntheticPhrase(seed: 2), length: Beats(4), range: range, endings: [PitchClass(7)])
    let answer = mixture.compose(request, player: Self.player, using: &random)
    #expect(answer.dropped[.ending] == 1)
    #expect(!answer.notes.isEmpty && answer.notes.allSatisfy { range.contains($0.pitch) })
  }

  @Test("the same seed gives the same notes, another seed others")
  func determinism() {
    let request = ContinuationRequest(context: syntheticPhrase(seed: 3), length: Beats(8))
    #expect(continuation(request, seed: 1) == continuation(request, seed: 1))
    let different = Set((0..<10).map { continuation(request, seed: $0) })
    #expect(different.count > 5)
  }

  /// Eighths with a triplet in every fourth beat.
  private static func eighthsAndTriplets(_ seed: UInt64, beats: Int) -> [Note] {
    var random = RandomSource(seed: seed)
    return (0..<beats).flatMap { beat in
      let count = beat % 4 == 3 ? 3 : 2
      return (0..<count).map { step in
        Note(
          pitch: Pitch(clamping: 60 + [0, 2, 4, 5, 7, 9, 11][Int(random.next() % 7)]),
          onset: Beats(Double(beat) + Double(step) / Double(count)), duration: Beats(1 / Double(count)))
      }
    }
  }

  @Test("a triplet is played to its end: no answer goes on in eighths a third of a beat off")
  func triplets() throws {
    var learner = StyleLearner(information: StyleInformation(title: "triplets"))
    for seed in 0..<8 as Range<UInt64> {
      let part = Part(notes: Self.eighthsAndTriplets(seed, beats: 32))
      learner.learn(Piece(title: "piece \(seed)", parts: [part], keys: [], timeSignatures: []))
    }
    let mixture = try #require(StyleMixture(parts: [(learner.style(), 1)], playerWeight: 0))
    var (triplets, astray) = (0, 0)
    for seed in 0..<60 as Range<UInt64> {
      var random = RandomSource(seed: seed)
      let request = ContinuationRequest(
        context: Self.eighthsAndTriplets(seed, beats: 8), length: Beats(16), temperature: 1.6)
      let notes = mixture.continuation(of: request, player: PlayerModel(), using: &random)
      let onsets = Set(notes.map(\.onset.count)).sorted()
      func isWhole(_ beats: Double) -> Bool { (beats * 8 - (beats * 8).rounded()).magnitude < 0.1 }
      for (onset, next) in zip(onsets, onsets.dropFirst()) where !isWhole(onset) {
        triplets += 1
        if isWhole(next - onset) { astray += 1 }
      }
    }
    #expect(triplets > 100 && astray == 0, "\(astray) of \(triplets)")
  }

  @Test("it starts at beat 0 in score order and is about as long as asked")
  func length() {
    for seed in 0..<40 as Range<UInt64> {
      let length = Beats(1 + Double(seed % 12))
      let request = ContinuationRequest(context: syntheticPhrase(seed: seed), length: length)
      let notes = continuation(request, seed: seed)
      #expect(notes.first?.onset == .zero)
      #expect(notes == notes.sorted(by: Note.inScoreOrder))
      let end = notes.map(\.end).max() ?? .zero
      #expect(abs((end - length).count) <= 1)
      // It does not sit on one note for the rest of the time.
      let last = notes.map(\.onset).max() ?? .zero
      #expect(last.count >= length.count / 2 - 1)
      #expect(notes.allSatisfy { $0.duration > .zero && $0.onset >= .zero })
    }
  }

  @Test("a single line stays one, and no pitch is struck while it sounds")
  func polyphony() {
    for seed in 0..<30 as Range<UInt64> {
      let request = ContinuationRequest(context: syntheticPhrase(seed: seed), length: Beats(8), polyphony: 1)
      let notes = continuation(request, seed: seed)
      #expect(Set(notes.map(\.onset)).count == notes.count)
      let free = ContinuationRequest(context: syntheticPhrase(seed: seed), length: Beats(8))
      var ends = [Beats](repeating: .zero, count: 128)
      for note in continuation(free, seed: seed) {
        #expect(note.onset >= ends[Int(note.pitch.number)])
        ends[Int(note.pitch.number)] = note.end
      }
    }
  }

  @Test("loudness is what was asked, on average")
  func loudness() {
    for loudness in [30, 64, 100] {
      let notes = (0..<20).flatMap { seed in
        continuation(
          ContinuationRequest(
            context: syntheticPhrase(seed: UInt64(seed)), length: Beats(8), loudness: Velocity(clamping: loudness)),
          seed: UInt64(seed))
      }
      let mean = notes.reduce(0.0) { $0 + Double($1.velocity.value) } / Double(notes.count)
      #expect(abs(mean - Double(loudness)) < 12)
    }
  }

  @Test("without a context, without anything learned, with a length of nothing it still plays")
  func nothing() {
    var random = RandomSource(seed: 1)
    let empty = StyleLearner(information: StyleInformation(title: "")).style()
    let mixture = StyleMixture(parts: [(empty, 1)], playerWeight: 1)!
    for length in [0.0, -4, .nan, .infinity, 8] {
      let request = ContinuationRequest(context: [], length: Beats(length), temperature: 0)
      #expect(!mixture.continuation(of: request, player: PlayerModel(), using: &random).isEmpty)
    }
  }

  @Test("a mixture of nothing is refused")
  func weights() {
    #expect(StyleMixture(parts: [(Self.style, 0)], playerWeight: 0) == nil)
    #expect(StyleMixture(parts: [], playerWeight: 0) == nil)
    #expect(StyleMixture(parts: [(Self.style, -1)], playerWeight: 1) == nil)
    #expect(StyleMixture(parts: [(Self.style, .nan)], playerWeight: 1) == nil)
    #expect(StyleMixture(parts: [], playerWeight: 0.3) != nil)
  }

  @Test("at order 1 a choice knows the note before and no more, and a higher order knows the pattern")
  func order() throws {
    // C D E D C and so on: after a D comes C or E, and only who knows two notes knows which.
    let line = (0..<400).map { index in
      Note(pitch: Pitch(clamping: [60, 62, 64, 62][index % 4]), onset: Beats(Double(index)), duration: Beats(1))
    }
    var learner = StyleLearner(
      information: StyleInformation(title: "line"),
      viewpoints: [
        Viewpoint(.interOnset, [.init(.interOnset, 1)]), Viewpoint(.interval, [.init(.pitch, 1), .init(.pitch, 2)]),
      ])
    learner.learn(Piece(parts: [Part(notes: line)]))
    var mixture = try #require(StyleMixture(parts: [(learner.style(), 1)], playerWeight: 0))
    mixture.allowsCopies = true
    let turns = [1, 2, 7, nil].map { order in
      (0..<20 as Range<UInt64>).reduce(0) { sum, seed in
        var random = RandomSource(seed: seed)
        let request = ContinuationRequest(
          context: Array(line.prefix(6)), length: Beats(5), range: Pitch(clamping: 60)...Pitch(clamping: 64),
          polyphony: 1, order: order)
        let notes = line.prefix(6) + mixture.continuation(of: request, player: PlayerModel(), using: &random)
        return sum + zip(notes.dropFirst(5), notes.dropFirst(7)).count { $0.pitch == $1.pitch && $0.pitch.number != 62 }
      }
    }
    #expect(turns[0] > 10 && turns[1] < turns[0] / 3, "\(turns)")
    #expect(turns[1] == turns[2] && turns[2] == turns[3])
  }
}
