// SPDX-License-Identifier: Apache-2.0
// Core/Responding: what a way of playing knows beside the call.
import Music

/// The moment, the beat, the harmony and the wishes under which notes are chosen.
public struct Situation: Hashable, Sendable {
  /// When the first note may sound.
  public var start: Instant
  /// Where the beat is; nil where it is not known well enough to lean on.
  public var beat: BeatGrid?
  /// How beats are divided.
  public var feel: Feel
  /// The chords from `start` on, each with the beats until it begins, the first at zero; empty where they are not known.
  public var harmony: [Positioned<Chord?>]
  /// Nil: as the way of playing would have it.
  public var role: Role?
  /// Above 1 bolder, below 1 more predictable.
  public var temperature: Double
  /// Of what is composed, as in `ContinuationRequest`.
  public var order: Int?
  /// Onsets, as a share of what would be played otherwise.
  public var density: Double
  /// Of an answer, as a share of what it would be otherwise.
  public var length: Double

  public init(
    start: Instant, beat: BeatGrid? = nil, feel: Feel = .straight, harmony: [Positioned<Chord?>] = [],
    role: Role? = nil, temperature: Double = 1, order: Int? = nil, density: Double = 1, length: Double = 1
  ) {
    self.start = start
    self.beat = beat
    self.feel = feel
    self.harmony = harmony
    self.role = role
    self.temperature = temperature
    self.order = order
    self.density = density
    self.length = length
  }

  /// The harmony as a model takes it: where no chord is to be played the one before lasts on.
  public var chords: [Positioned<Chord>] {
    harmony.compactMap { change in change.value.map { Positioned(position: change.position, value: $0) } }
  }

  /// The place of `start` in its bar, to the nearest sixteenth; nil without a beat.
  public var barPosition: Beats? {
    guard let beat else { return nil }
    let sixteenths = (beat.position(at: start).count * 4).rounded()
    let rest = (sixteenths / 4).truncatingRemainder(dividingBy: beat.bar.count)
    return Beats(rest < 0 ? rest + beat.bar.count : rest)
  }
}

/// A way of responding to a phrase that is over.
public protocol PhraseResponse: Sendable {
  /// Notes in score order at the call's tempo, beat 0 at `situation.start`. Empty only where there is nothing to say.
  func notes(
    for call: Call, in situation: Situation, from model: some ContinuationModel, using random: inout RandomSource
  ) -> [Note]
}
