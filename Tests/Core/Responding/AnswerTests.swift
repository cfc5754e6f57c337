// SPDX-License-Identifier: Apache-2.0
// Tests of Core/Responding: call and response.
import Music
import Responding
import Testing

@Suite struct AnswerTests {
  static let tempo = Tempo(beatsPerMinute: 100)!

  static func call(_ pitches: [Int], velocity: Int = 80) -> Call {
    let notes = pitches.enumerated().map { index, pitch in
      PlayedNote(
        pitch: Pitch(clamping: pitch), velocity: Velocity(clamping: velocity),
        onset: .zero + .milliseconds(300 * index),
        duration: .milliseconds(200))
    }
    return Call(
      phrase: Phrase(notes)!, tempo: tempo, key: Key(tonic: PitchClass(0), mode: .major),
      lowest: notes.map(\.pitch).min()!, highest: notes.map(\.pitch).max()!, loudness: Velocity(clamping: velocity),
      polyphony: 1)
  }

  @Test("the request asks for the call's key, loudness, length and register, and for an ending on the tonic chord")
  func request() {
    let call = Self.call([60, 64, 67, 72])
    let request = Answer().request(for: call, temperature: 1)
    #expect(request.key == call.key)
    #expect(request.loudness == call.loudness)
    #expect(abs(request.length.count - 1.1 * 100 / 60) < 1e-9)
    #expect(request.range.contains(call.lowest) && request.range.contains(call.highest))
    #expect(request.endings.map(\.number) == [0, 7, 4])
    #expect(request.context.count == 4)
  }

  @Test("the range is wide enough for music wherever the call lies on the keyboard")
  func range() {
    for pitch in 0...127 {
      let range = Answer().request(for: Self.call([pitch]), temperature: 1).range
      #expect(range.upperBound.semitones(above: range.lowerBound) >= 12)
    }
  }

  @Test("rendering starts on the start, keeps the order of onsets, and never sounds one pitch twice at once")
  func render() {
    var random = RandomSource(seed: 9)
    for _ in 0..<200 {
      var notes = (0..<40).map { _ in
        Note(
          pitch: Pitch(clamping: Int.random(in: 60...66, using: &random)),
          onset: Beats(Double(Int.random(in: 0...30, using: &random)) / 4),
          duration: Beats(random.uniform() * 3))
      }
      notes[0].onset = .zero
      let start = Instant(nanoseconds: 5_000_000_000)
      let played = Answer().render(notes, from: start, tempo: Self.tempo)
      #expect(played.first?.onset == start)
      #expect(zip(played, played.dropFirst()).allSatisfy { $0.onset <= $1.onset })
      for pitch in Set(played.map(\.pitch)) {
        let same = played.filter { $0.pitch == pitch }
        #expect(zip(same, same.dropFirst()).allSatisfy { $0.release <= $1.onset })
      }
    }
  }
}
