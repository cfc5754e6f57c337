// SPDX-License-Identifier: Apache-2.0
// Core/Music: values and units. What an answer asks of a style model.

/// What a continuation has to respect. `Responding` writes it, `Style` fulfils it; neither knows the other.
///
/// Where two wishes exclude each other the less important one is dropped for that note: from the least important on,
/// these are the harmony, what is allowed, the ending, given notes. The range is never left.
public struct ContinuationRequest: Hashable, Sendable {
  /// What was played just before, in score order, beat 0 at its first onset.
  public var context: [Note]
  /// The key to stay in; nil lets the model find its own.
  public var key: Key?
  /// The metre, where it is known; beat 0 of the continuation is its downbeat unless `startPosition` says otherwise.
  public var timeSignature: TimeSignature?
  /// Where in the bar the continuation starts.
  public var startPosition: Beats
  /// From the first onset to the end of the last note, approximately: the continuation ends on the nearest note.
  public var length: Beats
  /// No pitch outside it.
  public var range: ClosedRange<Pitch>
  /// The mean velocity to aim at.
  public var loudness: Velocity
  /// Onsets a beat to aim at; nil leaves it to the model.
  public var density: Double?
  /// Onsets that there have been too many before, or too few (below 0), which the continuation makes up for.
  public var surplus: Double
  /// Mean number of notes an onset to aim at (1 is a single line); nil leaves it to the model.
  public var polyphony: Double?
  /// No onset has fewer notes where range, harmony and what is allowed leave so many; for one hand, as who comps has it.
  public var fewestVoices: Int
  /// Pitch classes on which the last onset's highest note may end, most wanted first; empty leaves it to the model.
  public var endings: [PitchClass]
  /// Chords, each from its position until the next, counted like the notes of the continuation: what is struck on a beat
  /// belongs to the chord, what is struck between beats leans to it. In order of position; empty leaves it to the model.
  public var harmony: [Positioned<Chord>]
  /// The only pitches to be struck from a position until the next: `PitchSet.inverted` forbids. In order of position;
  /// before the first, everything is allowed.
  public var allowed: [Positioned<PitchSet>]
  /// Notes that are fixed: at each position the highest note struck is this one. In order of position, from beat 0 on.
  public var given: [Positioned<Pitch>]
  /// Onsets are exactly where the rhythm has them, whatever the style's micro-timing.
  public var isOnGrid: Bool
  /// Above 1 bolder, below 1 more predictable; 0 always takes the likeliest.
  public var temperature: Double
  /// Each choice looks at no more than so many properties of what came before; nil for as many as the model can.
  public var order: Int?

  public init(
    context: [Note], key: Key? = nil, timeSignature: TimeSignature? = nil, startPosition: Beats = .zero,
    length: Beats, range: ClosedRange<Pitch> = Pitch.lowest...Pitch.highest, loudness: Velocity = .standard,
    density: Double? = nil, surplus: Double = 0, polyphony: Double? = nil, fewestVoices: Int = 1,
    endings: [PitchClass] = [], harmony: [Positioned<Chord>] = [], allowed: [Positioned<PitchSet>] = [],
    given: [Positioned<Pitch>] = [], isOnGrid: Bool = false, temperature: Double = 1, order: Int? = nil
  ) {
    self.context = context
    self.key = key
    self.timeSignature = timeSignature
    self.startPosition = startPosition
    self.length = length
    self.range = range
    self.loudness = loudness
    self.density = density
    self.surplus = surplus
    self.polyphony = polyphony
    self.fewestVoices = fewestVoices
    self.endings = endings
    self.harmony = harmony
    self.allowed = allowed
    self.given = given
    self.isOnGrid = isOnGrid
    self.temperature = temperature
    self.order = order
  }
}
