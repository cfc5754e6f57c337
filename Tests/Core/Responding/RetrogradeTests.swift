// SPDX-License-Identifier: Apache-2.0
// Tests of Core/Responding: the answer for which no model is needed.
import Music
import Responding
import Testing

@Suite struct RetrogradeTests {
  /// Says what it is told to.
  struct Model: ContinuationModel {
    var notes: [Note]

    func continuation(of request: ContinuationRequest, using random: inout RandomSource) -> [Note] { notes }
  }

  static func note(_ pitch: Int, _ onset: Double, _ duration: Double = 0.5) -> Note {
    Note(pitch: Pitch(clamping: pitch), onset: Beats(onset), duration: Beats(duration))
  }

  @Test("a model that has nothing to say is stood in for, one that has is not")
  func standIn() {
    var random = RandomSource(seed: 1)
    let request = ContinuationRequest(context: [Self.note(60, 0), Self.note(62, 1)], length: Beats(4))
    let said = [Self.note(70, 0)]
    #expect(Answer().notes(for: request, from: Model(notes: said), using: &random) == said)
    #expect(Answer().notes(for: request, from: Model(notes: []), using: &random).map(\.pitch.number) == [62, 60])
  }

  @Test("the rhythm stays, the chords come in reverse order")
  func reverse() {
    let context = [Self.note(60, 0), Self.note(64, 0.01), Self.note(67, 1), Self.note(72, 1.5, 2)]
    let notes = Answer().retrograde(ContinuationRequest(context: context, length: Beats(4)))
    #expect(notes.map(\.pitch.number) == [72, 67, 60, 64])
    #expect(notes.map(\.onset.count) == [0, 1, 1.5, 1.5])
    #expect(notes.map(\.duration.count) == [0.5, 0.5, 2, 2])
  }

  @Test("any context gives notes within the range, no longer than asked for")
  func anyContext() {
    var random = RandomSource(seed: 2)
    for _ in 0..<500 {
      let context = (0..<Int.random(in: 1...60, using: &random)).map { _ in
        Self.note(Int.random(in: 0...127, using: &random), random.uniform() * 40)
      }
      let low = Int.random(in: 0...120, using: &random)
      let range = Pitch(clamping: low)...Pitch(clamping: low + Int.random(in: 0...30, using: &random))
      let length = Beats(random.uniform() * 20)
      let notes = Answer().retrograde(ContinuationRequest(context: context, length: length, range: range))
      #expect(!notes.isEmpty)
      #expect(notes.allSatisfy { range.contains($0.pitch) && (0...length.count).contains($0.onset.count) })
    }
  }
}
