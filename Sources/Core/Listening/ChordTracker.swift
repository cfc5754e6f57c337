// SPDX-License-Identifier: Apache-2.0
// Core/Listening: the chord that somebody plays, moment by moment and beat by beat.
import Glibc
import Music

/// Follows the harmony from keys pressed and released. Causal and incremental; memory and the cost of every call are
/// bounded: at most the 128 keys and the 120 chords of the vocabulary.
///
/// Root, quality (one of `Chord.Quality`) and bass come from how long each pitch class has sounded lately; a chord
/// struck at once is heard at once. Time that runs backwards is taken as standing still.
public struct ChordTracker: Sendable {
  /// What sounded so long ago weighs half.
  public static let halfLife = Duration.milliseconds(500)
  /// Onsets no further from the first are one chord.
  public static let chordSpread = PhraseSegmenter.chordSpread
  /// A key held longer is stuck, and is no longer heard.
  public static let longestKey = Duration.seconds(12)
  /// What striking a key weighs, in seconds of sounding.
  private static let strike = 0.1
  /// A lone note is a bass only below this pitch; in a melody the lowest note says nothing of the bass.
  private static let bassLimit = Pitch(clamping: 53)

  private var now: Instant?
  /// When each of the 128 keys was pressed; nil while it is up.
  private var pressed = [Instant?](repeating: nil, count: 128)
  private var recent = ChordProfile()
  private var sinceBeat = ChordProfile()
  private var group: (start: Instant, keys: PitchSet) = (.zero, PitchSet())

  /// The chord of now; nil in silence and where a line belongs to no chord of the vocabulary.
  public private(set) var chord: Chord?

  public init() {}

  public mutating func press(_ pitch: Pitch, _ velocity: Velocity, at instant: Instant) {
    advance(to: instant)
    let instant = now ?? instant
    pressed[Int(pitch.number)] = instant
    if group.keys.isEmpty || instant - group.start > Self.chordSpread { group = (instant, PitchSet()) }
    group.keys.insert(pitch)
    if isStruckChord { forgetReleasedKeys() }
    let weight = Self.strike * (0.5 + Double(velocity.value) / 127)
    recent.add(pitch, weight: weight)
    sinceBeat.add(pitch, weight: weight)
    creditBass(weight)
    chord = recent.chord(preferring: chord)
  }

  public mutating func release(_ pitch: Pitch, at instant: Instant) {
    advance(to: instant)
    pressed[Int(pitch.number)] = nil
  }

  /// Lets time pass: what no longer sounds fades.
  public mutating func advance(to instant: Instant) {
    guard let before = now, before < instant else {
      now = now ?? instant
      return
    }
    let elapsed = min(3600, (instant - before).seconds)
    now = instant
    let rate = 0.6931471805599453 / Self.halfLife.seconds
    let share = exp(-rate * elapsed)
    recent.fade(to: share)
    sound(whole: min(elapsed, Self.longestKey.seconds), faded: (1 - share) / rate, at: instant)
    chord = recent.chord(preferring: chord)
  }

  /// The chord of the beat that ends at `instant`: all that sounded since the last call, a late note as much as an early
  /// one. Nil for a beat without harmony.
  public mutating func beat(at instant: Instant) -> Chord? {
    advance(to: instant)
    defer { sinceBeat = ChordProfile() }
    return sinceBeat.chord(preferring: chord)
  }

  /// All keys up, nothing heard.
  public mutating func reset() { self = ChordTracker() }

  private mutating func sound(whole: Double, faded: Double, at instant: Instant) {
    for number in 0..<128 {
      guard let start = pressed[number] else { continue }
      guard instant - start <= Self.longestKey else {
        pressed[number] = nil
        continue
      }
      recent.add(Pitch(clamping: number), weight: faded)
      sinceBeat.add(Pitch(clamping: number), weight: whole)
    }
    creditBass(faded)
  }

  private mutating func creditBass(_ weight: Double) {
    guard let lowest = pressed.firstIndex(where: { $0 != nil }) else { return }
    let isAlone = pressed.lastIndex { $0 != nil } == lowest
    let pitch = Pitch(clamping: lowest)
    guard !isAlone || pitch < Self.bassLimit else { return }
    recent.addBass(pitch, weight: weight)
    sinceBeat.addBass(pitch, weight: weight)
  }

  private var isStruckChord: Bool {
    var classes: UInt16 = 0
    for number in 0..<128 where group.keys.contains(Pitch(clamping: number)) { classes |= 1 << (UInt16(number) % 12) }
    return classes.nonzeroBitCount > 2
  }

  /// A chord struck at once is a new harmony, whatever sounded before.
  private mutating func forgetReleasedKeys() {
    recent = ChordProfile()
    for number in 0..<128 where pressed[number] != nil { recent.add(Pitch(clamping: number), weight: Self.strike) }
    creditBass(Self.strike)
  }
}
