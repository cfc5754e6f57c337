// SPDX-License-Identifier: Apache-2.0
// Core/Responding: what ways of playing along have in common.
import Music

/// One beat that is about to come, or the half of a slow one.
public struct ComingBeat: Hashable, Sendable {
  /// `situation.start` is the beat; `situation.beat` is known.
  public var situation: Situation
  /// Its place in its bar; the bar begins at 0.
  public var place: Beats
  /// 1, or less: halves of a slow beat, and quarters of one where bars are no whole number of halves.
  public var span: Beats
  /// Quarter-note beats of a bar.
  public var bar: Beats
  public var tempo: Tempo
  /// The player's, nil where it is not known.
  public var key: Key?

  public init(situation: Situation, place: Beats, span: Beats = Beats(1), bar: Beats, tempo: Tempo, key: Key?) {
    self.situation = situation
    self.place = place
    self.span = span
    self.bar = bar
    self.tempo = tempo
    self.key = key
  }

  /// The beat of the bar that it is, or is in; the first is 0.
  public var index: Int { max(0, Int((place.count + 0.01).rounded(.down))) }

  /// Nothing of the bar was chosen before: it begins the bar or, where bars are no whole number of beats, is its first.
  public var isFirst: Bool { place.count < span.count - 0.01 }

  /// The chord on the beat.
  public var chord: Chord? { situation.harmony.first?.value }

  /// Beats until the chord changes, as far as that is known; one where it is not.
  public var chordLength: Beats {
    guard situation.harmony.count > 1 else { return Beats(1) }
    return max(Beats(1), situation.harmony[1].position)
  }

  /// When the bar began that this beat is in.
  public var barStart: Instant { situation.start - tempo.duration(of: place) }
}

/// A way of playing while the player plays: chooses notes a beat at a time, shortly before each beat. A slow beat is
/// chosen in halves: it may be two of the player's, and a new chord must not wait for the second.
public protocol PlayingAlong: Sendable {
  /// Notes whose onsets lie in the beat's span, in score order, beat 0 at its beginning.
  mutating func notes(
    on beat: ComingBeat, beside player: PlayerActivity, from model: some ContinuationModel,
    using random: inout RandomSource
  ) -> [Note]
}
