// SPDX-License-Identifier: Apache-2.0
// Core/Listening: what a phrase is like.
import Music

/// How high, how loud, how dense and how many-voiced a phrase is. O(n log n).
public struct PhraseFeatures: Hashable, Sendable {
  public var lowest: Pitch
  public var highest: Pitch
  /// Mean of the notes' velocities.
  public var loudness: Velocity
  /// Onset groups (notes within `PhraseSegmenter.chordSpread`) in the phrase.
  public var onsets: Int
  /// Notes an onset group, 1 for a single line.
  public var polyphony: Double
  /// From the first onset to the last release.
  public var duration: Duration

  public init(_ phrase: Phrase) {
    let pitches = phrase.notes.map(\.pitch)
    lowest = pitches.min() ?? .lowest
    highest = pitches.max() ?? .highest
    let sum = phrase.notes.reduce(0) { $0 + Int($1.velocity.value) }
    loudness = Velocity(clamping: sum / phrase.notes.count)
    var groups = 0
    var last: Instant?
    for note in phrase.notes where last.map({ note.onset - $0 >= PhraseSegmenter.chordSpread }) ?? true {
      groups += 1
      last = note.onset
    }
    onsets = groups
    polyphony = Double(phrase.notes.count) / Double(max(1, groups))
    duration = phrase.end - phrase.start
  }
}
