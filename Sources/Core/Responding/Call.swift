// SPDX-License-Identifier: Apache-2.0
// Core/Responding: what an answer knows of the call.
import Music

/// A phrase that wants an answer, and what was heard in it.
public struct Call: Hashable, Sendable {
  public var phrase: Phrase
  public var tempo: Tempo
  public var key: Key?
  public var lowest: Pitch
  public var highest: Pitch
  public var loudness: Velocity
  /// Notes an onset, 1 for a single line.
  public var polyphony: Double
  /// Onsets a second; nil for a single one.
  public var density: Double?

  public init(
    phrase: Phrase, tempo: Tempo, key: Key?, lowest: Pitch, highest: Pitch, loudness: Velocity, polyphony: Double,
    density: Double? = nil
  ) {
    self.phrase = phrase
    self.tempo = tempo
    self.key = key
    self.lowest = lowest
    self.highest = highest
    self.loudness = loudness
    self.polyphony = polyphony
    self.density = density
  }
}
