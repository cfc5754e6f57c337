// SPDX-License-Identifier: Apache-2.0
// Core/Responding: what is played in a turn of a trade.
import Music

/// An answer from bar line to bar line: as long as the turn, whatever the call's length was.
public struct Turn: PhraseResponse {
  private let length: Beats

  public init(_ length: Beats) { self.length = length }

  public func notes(
    for call: Call, in situation: Situation, from model: some ContinuationModel, using random: inout RandomSource
  ) -> [Note] {
    var request = Answer().request(for: call, in: situation)
    request.length = length
    let notes = Answer().notes(for: request, from: model, using: &random)
    return situation.feel.swung(notes, at: situation.barPosition ?? .zero)
  }
}
