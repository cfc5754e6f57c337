// SPDX-License-Identifier: Apache-2.0
// Tests of Core/Listening: what a phrase is like.
import Listening
import Music
import Testing

@Suite struct PhraseFeaturesTests {
  /// Chords a second apart, each note sounding for `length` milliseconds.
  static func phrase(_ chords: [[Int]], length: Int = 500, velocity: Int = 70) throws -> Phrase {
    let notes = chords.enumerated().flatMap { index, pitches in
      pitches.enumerated().map { spread, pitch in
        PlayedNote(
          pitch: Pitch(clamping: pitch), velocity: Velocity(clamping: velocity),
          onset: .zero + .milliseconds(1000 * index + 5 * spread), duration: .milliseconds(length))
      }
    }
    return try #require(Phrase(notes))
  }

  @Test("register, loudness, polyphony and density are those of the notes")
  func line() throws {
    let features = PhraseFeatures(try Self.phrase([[48, 60, 64], [50, 62, 65], [52, 64, 79]]))
    #expect(features.lowest == Pitch(48) && features.highest == Pitch(79))
    #expect(features.loudness == Velocity(70))
    #expect(features.onsets == 3 && features.polyphony == 3)
    #expect(abs(try #require(features.density) - 1) < 1e-9)
  }

  @Test("articulation is the sounding share of the time to the next onset")
  func articulation() throws {
    for (length, share) in [(100, 0.1), (500, 0.5), (1000, 1), (1500, 1.5), (9000, 2)] {
      let features = PhraseFeatures(try Self.phrase([[60], [62], [64], [65]], length: length))
      #expect(abs(try #require(features.articulation) - share) < 1e-9)
    }
  }

  @Test("a single chord has neither density nor articulation")
  func single() throws {
    let features = PhraseFeatures(try Self.phrase([[60, 64, 67]]))
    #expect(features.density == nil && features.articulation == nil)
    #expect(features.onsets == 1 && features.polyphony == 3)
  }
}
