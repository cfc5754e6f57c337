// SPDX-License-Identifier: Apache-2.0
// Core/Responding: giving a phrase back (Haile's imitation: Weinberg and Driscoll, "Toward robotic musicianship",
// Computer Music Journal 30(4), 2006).
import Music

/// Repeats the call: its timing, pitches and loudness, as they were. A model is not asked.
public struct Imitation: PhraseResponse {
  public init() {}

  public func notes(
    for call: Call, in situation: Situation, from model: some ContinuationModel, using random: inout RandomSource
  ) -> [Note] {
    call.phrase.notes(at: call.tempo)
  }
}
