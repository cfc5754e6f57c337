// SPDX-License-Identifier: Apache-2.0
// Tests of Core/Style: constraints hold wherever they can.
import Music
import Style
import Testing

@Suite struct ConstraintTests {
  private static let mixture = StyleMixture(parts: [(syntheticStyle(seeds: 0..<12), 1)], playerWeight: 0)!

  private func constrained(seed: UInt64) -> ContinuationRequest {
    var random = RandomSource(seed: seed)
    let low = Int.random(in: 36...60, using: &random)
    var request = ContinuationRequest(
      context: syntheticPhrase(seed: seed), length: Beats(Double.random(in: 2...12, using: &random)),
      range: Pitch(clamping: low)...Pitch(clamping: low + Int.random(in: 3...30, using: &random)),
      polyphony: seed.isMultiple(of: 2) ? 1 : nil, temperature: [0, 0.05, 0.7, 1, 3][Int(seed % 5)])
    if seed % 3 != 0 { request.endings = [PitchClass(Int(seed)), PitchClass(Int(seed) + 4)] }
    for bar in 0..<3 where seed % 4 != 1 {
      let quality = Chord.Quality.allCases.randomElement(using: &random)!
      let chord = Chord(root: PitchClass(Int.random(in: 0..<12, using: &random)), quality: quality)
      request.harmony.append(Positioned(position: Beats(Double(bar) * 4), value: chord))
    }
    for change in 0..<4 where seed % 4 != 2 {
      let share = random.uniform()
      let set = PitchSet { _ in random.uniform() < share }
      request.allowed.append(Positioned(position: Beats(Double(change) * 1.5), value: set))
    }
    for _ in 0..<Int(seed % 4) {
      let position = Beats((random.uniform() * request.length.count * 8).rounded(.down) / 8)
      guard position < request.length - Beats(0.1), !request.given.contains(where: { $0.position == position }) else {
        continue
      }
      let pitch = Pitch(clamping: Int.random(in: low...Int(request.range.upperBound.number), using: &random))
      request.given.append(Positioned(position: position, value: pitch))
    }
    request.given.sort { $0.position < $1.position }
    return request
  }

  /// What the wishes leave for the highest note at an onset, applied from the most important one on.
  private func allowed(_ request: ContinuationRequest, at onset: Beats, isLast: Bool) -> PitchSet {
    var rules: [PitchSet] = []
    if let given = request.given.first(where: { abs(($0.position - onset).count) < 0.02 }) {
      rules.append(PitchSet(given.value...given.value))
    }
    if isLast, !request.endings.isEmpty { rules.append(PitchSet(request.endings)) }
    if let set = request.allowed.last(where: { $0.position <= onset + Beats(0.02) }) { rules.append(set.value) }
    if let chord = request.harmony.last(where: { $0.position <= onset + Beats(0.02) }),
      abs(onset.count - onset.count.rounded()) < 0.05
    {
      rules.append(PitchSet(chord.value.pitchClasses))
    }
    return rules.reduce(PitchSet(request.range)) { left, rule in
      let next = left.intersection(rule)
      return next.isEmpty ? left : next
    }
  }

  @Test("over a thousand random sets of constraints, each that can hold holds at every onset of every answer")
  func satisfiable() throws {
    for seed in 0..<1000 as Range<UInt64> {
      let request = constrained(seed: seed)
      var random = RandomSource(seed: seed)
      let answer = Self.mixture.compose(request, player: PlayerModel(), using: &random)
      let onsets = Set(answer.notes.map(\.onset)).sorted()
      let last = try #require(onsets.last)
      #expect(answer.notes.allSatisfy { request.range.contains($0.pitch) })
      // One line: its every onset is the upper hand's. Two hands: the ending and what is given are.
      for onset in request.polyphony == 1 ? onsets : [last] {
        let highest = try #require(answer.notes.filter { $0.onset == onset }.map(\.pitch).max())
        #expect(allowed(request, at: onset, isLast: onset == last).contains(highest), "seed \(seed), onset \(onset)")
      }
      for given in request.given {
        let struck = answer.notes.filter { abs(($0.onset - given.position).count) < 0.02 }
        #expect(struck.map(\.pitch).max() == given.value, "seed \(seed), given at \(given.position)")
      }
    }
  }

  @Test(
    "what nothing forbids is dropped nowhere; what excludes itself is dropped and counted, the least important first")
  func dropping() {
    let c = Pitch(clamping: 60)
    var request = ContinuationRequest(
      context: syntheticPhrase(seed: 1), length: Beats(4), range: c...Pitch(clamping: 72), polyphony: 1)
    func dropped() -> [Continuation.Wish: Int] {
      var random = RandomSource(seed: 4)
      return Self.mixture.compose(request, player: PlayerModel(), using: &random).dropped
    }
    request.given = [Positioned(position: .zero, value: c)]
    #expect(dropped().isEmpty)
    request.allowed = [Positioned(position: .zero, value: PitchSet([PitchClass(4)]))]
    #expect(dropped()[.allowed] == 1 && dropped()[.given] == nil)
    request.harmony = [Positioned(position: .zero, value: Chord(root: PitchClass(1), quality: .major))]
    #expect((dropped()[.harmony] ?? 0) >= 1 && dropped()[.given] == nil)
    request.given = [Positioned(position: Beats(9), value: c)]
    #expect(dropped()[.given] == 1)
  }

  @Test("every note on a beat belongs to its chord, in both hands")
  func harmony() {
    let chords = [Chord(root: PitchClass(0), quality: .major), Chord(root: PitchClass(7), quality: .dominantSeventh)]
    for seed in 0..<100 as Range<UInt64> {
      var request = ContinuationRequest(context: syntheticPhrase(seed: seed), length: Beats(8))
      request.harmony = [
        Positioned(position: .zero, value: chords[0]), Positioned(position: Beats(4), value: chords[1]),
      ]
      var random = RandomSource(seed: seed)
      let answer = Self.mixture.compose(request, player: PlayerModel(), using: &random)
      #expect(answer.dropped[.harmony] == nil)
      for note in answer.notes where abs(note.onset.count - note.onset.count.rounded()) < 0.05 {
        let chord = chords[note.onset.count < 3.98 ? 0 : 1]
        #expect(chord.pitchClasses.contains(note.pitch.pitchClass))
      }
    }
  }
}
