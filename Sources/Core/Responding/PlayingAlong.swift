// SPDX-License-Identifier: Apache-2.0
// Core/Responding: what ways of playing along have in common.
import Music

/// One beat that is about to come.
public struct ComingBeat: Hashable, Sendable {
  /// `situation.start` is the beat; `situation.beat` is known.
  public var situation: Situation
  /// The beat's place in its bar, in whole beats of the grid; the first is 0.
  public var index: Int
  /// Quarter-note beats of a bar.
  public var bar: Beats
  public var tempo: Tempo
  /// The player's, nil where it is not known.
  public var key: Key?

  public init(situation: Situation, index: Int, bar: Beats, tempo: Tempo, key: Key?) {
    self.situation = situation
    self.index = index
    self.bar = bar
    self.tempo = tempo
    self.key = key
  }

  /// The chord on the beat.
  public var chord: Chord? { situation.harmony.first?.value }

  /// Beats until the chord changes, as far as that is known; one where it is not.
  public var chordLength: Beats {
    guard situation.harmony.count > 1 else { return Beats(1) }
    return max(Beats(1), situation.harmony[1].position)
  }

  /// When the bar began that this beat is in.
  public var barStart: Instant { situation.start - tempo.duration(of: Beats(Double(index))) }
}

/// A way of playing while the player plays: chooses notes a beat at a time, shortly before each beat.
public protocol PlayingAlong: Sendable {
  /// Notes whose onsets lie in the beat, in score order, beat 0 at its beginning.
  mutating func notes(
    on beat: ComingBeat, beside player: PlayerActivity, from model: some ContinuationModel,
    using random: inout RandomSource
  ) -> [Note]
}
