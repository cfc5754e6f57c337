// SPDX-License-Identifier: Apache-2.0
// Core/Improviser: what is heard, for people to see.
import Listening
import Music

/// What is heard of the playing at one moment.
public struct Hearing: Hashable, Sendable {
  /// From whoever gives it; nil where it is not sure enough.
  public var beat: BeatGrid?
  public var key: Key?
  public var chord: Chord?
  /// Onsets a second; 0 in silence.
  public var density: Double
  /// Nil where nothing was heard lately.
  public var loudness: Velocity?
  /// The mean pitch; nil where nothing was heard lately.
  public var register: Pitch?
  /// Near 0 staccato, 1 legato; nil where nothing was heard lately.
  public var articulation: Double?
}

extension Improviser {
  /// What is heard at `now`; changes nothing of what is decided. O(1), some microseconds.
  public func hearing(at now: Instant) -> Hearing {
    var listener = listener
    let playing = listener.playing(at: now)
    return Hearing(
      beat: beat(at: now), key: listener.key, chord: listener.chord(at: now), density: playing.density,
      loudness: playing.loudness, register: playing.register, articulation: playing.articulation)
  }
}
