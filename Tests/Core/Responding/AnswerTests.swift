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
      polyphony: 1, density: notes.count > 1 ? 1 / 0.3 : nil)
  }

  @Test("the request asks for the call's key, loudness, density, length and register, and for an ending on the tonic")
  func request() throws {
    let call = Self.call([60, 64, 67, 72, 67, 64, 60])
    let request = Answer().request(for: call, temperature: 1)
    #expect(request.key == call.key)
    #expect(request.loudness == call.loudness)
    #expect(abs(request.length.count - 2.0 * 100 / 60) < 1e-9)
    #expect(abs(try #require(request.density) - 2) < 1e-9, "an onset every half beat")
    #expect(request.range.contains(call.lowest) && request.range.contains(call.highest))
    #expect(request.endings.map(\.number) == [0, 4, 7])
    #expect(request.context == call.phrase.notes(at: Self.tempo))
  }

  @Test("an answer starts where its start lies in bars of four beats from the call's first onset")
  func position() {
    let call = Self.call([60, 64, 67, 72])
    for sixteenths in 0..<40 {
      let start = call.phrase.start + Self.tempo.duration(of: Beats(Double(sixteenths) / 4 + 0.05))
      let request = Answer().request(for: call, startingAt: start, temperature: 1)
      #expect(request.startPosition == Beats(Double(sixteenths % 16) / 4))
    }
  }

  @Test("a call without a key asks to end on its last pitch class")
  func withoutKey() {
    var call = Self.call([60, 66])
    call.key = nil
    #expect(Answer().request(for: call, temperature: 1).endings == [PitchClass(6)])
  }

  @Test("however long the call, the answer's length and the context are bounded; however short, there is an answer")
  func lengths() {
    let long = Answer().request(for: Self.call([Int](repeating: 60, count: 2000)), temperature: 1)
    #expect(long.length.count <= 64 && long.context.count <= 512 && long.context.first?.onset == .zero)
    #expect(Answer().request(for: Self.call([60]), temperature: 1).length.count >= 2)
  }

  @Test("an answer that goes on has the call and its own beginning as context, and only the rest to fill")
  func goingOn() {
    let call = Self.call([60, 64, 67, 72, 67, 64, 60])
    let whole = Answer().request(for: call, temperature: 1)
    let start = call.phrase.end + .milliseconds(500)
    let played = [PlayedNote(pitch: Pitch(clamping: 62), velocity: .standard, onset: start, duration: .seconds(1))]
    let rest = Answer().request(for: call, goingOnFrom: played, at: start + .seconds(1), temperature: 1)
    #expect(rest.context.count == 8 && rest.context.last?.pitch == Pitch(62))
    #expect(abs((whole.length - rest.length).count - 100.0 / 60) < 1e-9)
    let over = Answer().request(for: call, goingOnFrom: played, at: start + .seconds(99), temperature: 1)
    #expect(over.length == Beats(1))
    let before = Answer().request(for: call, goingOnFrom: [], at: start, temperature: 1)
    #expect(before.length == whole.length && before.context == whole.context)
  }

  @Test("the range is wide enough for music wherever the call lies on the keyboard")
  func range() {
    for pitch in 0...127 {
      let range = Answer().request(for: Self.call([pitch]), temperature: 1).range
      #expect(range.upperBound.semitones(above: range.lowerBound) >= 12)
    }
  }
}
