// SPDX-License-Identifier: Apache-2.0
// Core/Music: values and units. Notes, in musical time and in real time.

/// A note in musical time: `onset` counts from the start of whatever it belongs to.
public struct Note: Hashable, Sendable {
  public var pitch: Pitch
  public var velocity: Velocity
  public var onset: Beats
  public var duration: Beats

  public init(pitch: Pitch, velocity: Velocity = .standard, onset: Beats, duration: Beats) {
    self.pitch = pitch
    self.velocity = velocity
    self.onset = onset
    self.duration = duration
  }

  public var end: Beats { onset + duration }

  /// The order of notes in a piece: by onset, then from the lowest pitch up.
  public static func inScoreOrder(_ a: Note, _ b: Note) -> Bool {
    (a.onset, a.pitch, a.duration) < (b.onset, b.pitch, b.duration)
  }
}

/// A note as somebody played it, in real time; `duration` runs to the moment it stopped sounding (key or pedal).
public struct PlayedNote: Hashable, Sendable {
  public var pitch: Pitch
  public var velocity: Velocity
  public var channel: Channel
  public var onset: Instant
  public var duration: Duration

  public init(pitch: Pitch, velocity: Velocity, channel: Channel = .first, onset: Instant, duration: Duration) {
    self.pitch = pitch
    self.velocity = velocity
    self.channel = channel
    self.onset = onset
    self.duration = duration
  }

  public var release: Instant { onset + duration }

  /// The order of notes in a phrase: by onset, then from the lowest pitch up.
  public static func inPlayedOrder(_ a: PlayedNote, _ b: PlayedNote) -> Bool {
    (a.onset, a.pitch, a.release) < (b.onset, b.pitch, b.release)
  }
}
