// SPDX-License-Identifier: Apache-2.0
// Core/Listening: how somebody plays just now.
import Glibc
import Music

/// How dense, loud, high and detached the playing of the last seconds is: means that fade with time. Causal and
/// incremental, every call O(1). Time that runs backwards is taken as standing still.
public struct PlayingFeatures: Hashable, Sendable {
  /// What was heard so long ago weighs half.
  public static let halfLife = Duration.seconds(4)
  /// Onsets no further from the first are one.
  public static let chordSpread = PhraseSegmenter.chordSpread
  /// A longer silence is a pause, not detached playing.
  public static let pause = Duration.seconds(2)
  private static let rate = 0.6931471805599453 / halfLife.seconds
  /// Below this weight nothing has been heard lately: some 13 half-lives.
  private static let least = 1e-4

  private var start: Instant?
  private var now: Instant = .zero
  private var onset: Instant?
  private var keysDown = PitchSet()
  private var onsetWeight = 0.0
  private var noteWeight = 0.0
  private var velocitySum = 0.0
  private var pitchSum = 0.0
  private var playingTime = 0.0
  private var soundingTime = 0.0
  private var lastSound: Instant = .zero

  public init() {}

  public mutating func press(_ pitch: Pitch, _ velocity: Velocity, at instant: Instant) {
    advance(to: instant)
    start = start ?? now
    if onset.map({ now - $0 > Self.chordSpread }) ?? true {
      onset = now
      onsetWeight += 1
    }
    noteWeight += 1
    velocitySum += Double(velocity.value)
    pitchSum += Double(pitch.number)
    keysDown.insert(pitch)
    lastSound = now
  }

  public mutating func release(_ pitch: Pitch, at instant: Instant) {
    advance(to: instant)
    keysDown = keysDown.intersection(PitchSet(pitch...pitch).inverted)
    lastSound = now
  }

  public mutating func advance(to instant: Instant) {
    guard start != nil else {
      now = instant
      return
    }
    guard now < instant else { return }
    let share = exp(-Self.rate * (instant - now).seconds)
    fade(to: share)
    let time = (1 - share) / Self.rate
    if !keysDown.isEmpty { soundingTime += time }
    if !keysDown.isEmpty || instant - lastSound < Self.pause { playingTime += time }
    now = instant
  }

  private mutating func fade(to share: Double) {
    onsetWeight *= share
    noteWeight *= share
    velocitySum *= share
    pitchSum *= share
    playingTime *= share
    soundingTime *= share
  }

  /// Onsets a second, a chord being one; right from the first second on, falling towards 0 in silence.
  public var density: Double {
    guard let start else { return 0 }
    // What an endless stream would weigh more than one that began at `start`, but no less than a second of it.
    let heard = 1 - exp(-Self.rate * max(1, (now - start).seconds))
    return onsetWeight * Self.rate / heard
  }

  /// Mean velocity; nil where nothing has been heard lately.
  public var loudness: Velocity? {
    noteWeight > Self.least ? Velocity(clamping: Int((velocitySum / noteWeight).rounded())) : nil
  }

  /// Mean pitch; nil where nothing has been heard lately.
  public var register: Pitch? {
    noteWeight > Self.least ? Pitch(clamping: Int((pitchSum / noteWeight).rounded())) : nil
  }

  /// Notes an onset, 1 for a single line; nil where nothing has been heard lately.
  public var polyphony: Double? { onsetWeight > Self.least ? noteWeight / onsetWeight : nil }

  /// The share of the playing time, without pauses, in which some key is down: near 0 staccato, 1 legato. Nil where
  /// nothing has been heard lately.
  public var articulation: Double? {
    playingTime > Self.least && noteWeight > Self.least ? min(1, soundingTime / playingTime) : nil
  }
}
