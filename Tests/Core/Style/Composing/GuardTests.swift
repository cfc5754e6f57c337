// SPDX-License-Identifier: Apache-2.0
// Tests of Core/Style: answers are neither copies nor circles.
import Music
import Style
import Testing

@Suite struct GuardTests {
  /// Interval and distance to the note before, of each note of a line.
  private func steps(_ notes: [Note]) -> [[Double]] {
    zip(notes, notes.dropFirst()).map { a, b in
      [Double(b.pitch.semitones(above: a.pitch)), ((b.onset - a.onset).count * 48).rounded()]
    }
  }

  private func longestCommonRun(_ a: [[Double]], _ b: [[Double]]) -> Int {
    var longest = 0
    var former = [Int](repeating: 0, count: b.count + 1)
    for x in a {
      var row = former
      for (index, y) in b.enumerated() {
        row[index + 1] = x == y ? former[index] + 1 : 0
        longest = max(longest, row[index + 1])
      }
      former = row
    }
    return longest
  }

  /// One long line of even notes: whoever knows nothing else wants to copy it.
  private func line(seed: UInt64) -> Piece {
    let melody = syntheticPiece(seed: seed, onsets: 300).parts[0].notes
    let even = melody.enumerated().map { index, note in
      Note(pitch: note.pitch, onset: Beats(Double(index) / 2), duration: Beats(0.5))
    }
    return Piece(parts: [Part(notes: even)])
  }

  @Test("no more than eight successive events are copied from a piece, unless asked")
  func originality() {
    let piece = line(seed: 5)
    var learner = StyleLearner(information: StyleInformation(title: "one piece"))
    learner.learn(piece)
    var mixture = StyleMixture(parts: [(learner.style(), 1)], playerWeight: 0)!
    var (guarded, free) = (0, 0)
    for seed in 0..<20 as Range<UInt64> {
      let notes = piece.notes
      let context = Array(notes[Int(seed) * 7..<Int(seed) * 7 + 8])
      let request = ContinuationRequest(context: context, length: Beats(24), polyphony: 1, temperature: 0.5)
      for allowed in [false, true] {
        mixture.allowsCopies = allowed
        var random = RandomSource(seed: seed)
        let answer = mixture.compose(request, player: PlayerModel(), using: &random)
        let run = longestCommonRun(steps(answer.notes), steps(notes))
        if allowed { free = max(free, run) } else { guarded = max(guarded, run) }
        // A run of nine events has nine steps, the first from the event before; runs of two places may meet.
        #expect(allowed || answer.copied == nil)
        if run > 9 { #expect(answer.copied.map { $0.events >= run - 1 && $0.style == 0 } == true, "\(run)") }
        if answer.copied != nil { #expect(run >= 8, "\(run)") }
        #expect(answer.dropped[.originality] == nil)
      }
    }
    #expect(guarded <= 8)
    #expect(free > 10)
  }

  @Test("an answer does not go round in circles, even when it always takes the likeliest")
  func loops() {
    var learner = StyleLearner(information: StyleInformation(title: "circle"))
    let notes = (0..<200).map { index in
      Note(pitch: Pitch(clamping: 60 + [0, 4, 7, 4][index % 4]), onset: Beats(Double(index) / 2), duration: Beats(0.5))
    }
    learner.learn(Piece(parts: [Part(notes: notes)]))
    var mixture = StyleMixture(parts: [(learner.style(), 1), (syntheticStyle(seeds: 0..<4), 0.2)], playerWeight: 0)!
    mixture.allowsCopies = true
    var random = RandomSource(seed: 1)
    let request = ContinuationRequest(context: Array(notes.prefix(8)), length: Beats(40), polyphony: 1, temperature: 0)
    let answer = mixture.continuation(of: request, player: PlayerModel(), using: &random)
    let own = steps(answer)
    #expect(longestCommonRun(own, steps(notes)) < own.count / 2)
    // The control: without the guard the circle is all there is.
    mixture.allowsLoops = true
    var again = RandomSource(seed: 1)
    let circle = steps(mixture.continuation(of: request, player: PlayerModel(), using: &again))
    #expect(longestCommonRun(circle, steps(notes)) > circle.count * 3 / 4)
  }
}

@Suite struct MusicScoreTests {
  @Test("music in style costs fewer bits than music of another style, and of noise")
  func inStyle() {
    let style = syntheticStyle(seeds: 0..<20)
    let mixture = StyleMixture(parts: [(style, 1)], playerWeight: 0)!
    let own = mixture.score(syntheticPiece(seed: 77))
    var random = RandomSource(seed: 3)
    let noise = (0..<64).map { index in
      Note(
        pitch: Pitch(clamping: Int.random(in: 40..<90, using: &random)), onset: Beats(Double(index) / 3),
        duration: Beats(0.3))
    }
    let foreign = mixture.score(Piece(parts: [Part(notes: noise)]))
    #expect(own.events == 80)
    #expect(own.notes == 112)
    #expect(own.bitsPerEvent < foreign.bitsPerEvent - 1)
    #expect(mixture.score(noise, key: nil).events > 0)
    #expect(mixture.score(Piece()).events == 0)
  }

  @Test("a piece that was learned costs less than one that was not")
  func learned() {
    var learner = StyleLearner(information: StyleInformation(title: "known"))
    for seed in 0..<10 as Range<UInt64> { learner.learn(syntheticPiece(seed: seed)) }
    let mixture = StyleMixture(parts: [(learner.style(), 1)], playerWeight: 0)!
    #expect(
      mixture.score(syntheticPiece(seed: 3)).bitsPerEvent < mixture.score(syntheticPiece(seed: 303)).bitsPerEvent)
  }
}
