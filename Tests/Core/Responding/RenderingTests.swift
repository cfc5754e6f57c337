// SPDX-License-Identifier: Apache-2.0
// Tests of Core/Responding: from a continuation to notes in real time.
import Music
import Responding
import Testing

@Suite struct RenderingTests {
  static let tempo = Tempo(beatsPerMinute: 100)!
  static let start = Instant(nanoseconds: 5_000_000_000)

  static func random(_ count: Int, pitches: ClosedRange<Int>, _ random: inout RandomSource) -> [Note] {
    (0..<count).map { _ in
      Note(
        pitch: Pitch(clamping: Int.random(in: pitches, using: &random)),
        onset: Beats(Double(Int.random(in: 0...30, using: &random)) / 4 + 1), duration: Beats(random.uniform() * 3))
    }
  }

  static func expectSound(_ played: [PlayedNote]) {
    #expect(played.first?.onset == start)
    #expect(played.allSatisfy { $0.duration > .zero })
    #expect(zip(played, played.dropFirst()).allSatisfy { $0.onset <= $1.onset })
    for pitch in Set(played.map(\.pitch)) {
      let same = played.filter { $0.pitch == pitch }
      #expect(zip(same, same.dropFirst()).allSatisfy { $0.release <= $1.onset })
    }
    for note in played {
      let together = played.filter { $0.onset <= note.onset && $0.release > note.onset }
      #expect(together.count <= Answer.voices)
    }
  }

  @Test("it starts on the start, keeps the order of onsets, never sounds a pitch twice nor too many at once")
  func anyNotes() {
    var random = RandomSource(seed: 9)
    for round in 0..<300 {
      let notes = Self.random(round % 120 + 1, pitches: round % 2 == 0 ? 60...66 : 30...100, &random)
      Self.expectSound(Answer().render(notes, from: Self.start, tempo: Self.tempo))
    }
  }

  @Test("notes that fit are played as they are")
  func faithful() {
    let notes = (0..<8).map {
      Note(pitch: Pitch(clamping: 60 + $0), onset: Beats(Double($0) / 2), duration: Beats(0.4))
    }
    let played = Answer().render(notes, from: Self.start, tempo: Self.tempo)
    #expect(played.map(\.pitch) == notes.map(\.pitch))
    for (index, note) in played.enumerated() {
      #expect(abs((note.onset - Self.start).nanoseconds - 300_000_000 * Int64(index)) <= 1)
      #expect(abs(note.duration.nanoseconds - 240_000_000) <= 1)
    }
  }

  @Test("numbers that make no sense are left out and harm nothing else")
  func nonsense() {
    let numbers = [0, -1, 1e300, .nan, .infinity, -.infinity, 1e-300] as [Double]
    var notes = numbers.flatMap { onset in
      numbers.map { Note(pitch: Pitch(clamping: 60), onset: Beats(onset), duration: Beats($0)) }
    }
    notes.append(Note(pitch: Pitch(clamping: 72), onset: Beats(1), duration: Beats(1)))
    let played = Answer().render(notes, from: Self.start, tempo: Self.tempo)
    Self.expectSound(played)
    #expect(played.contains { $0.pitch == Pitch(72) && abs($0.duration.nanoseconds - 600_000_000) <= 1 })
    #expect(Answer().render([], from: Self.start, tempo: Self.tempo).isEmpty)
  }
}
