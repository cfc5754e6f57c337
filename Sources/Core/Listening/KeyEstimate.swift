// SPDX-License-Identifier: Apache-2.0
// Core/Listening: the key in which somebody plays.
import Music

/// A running estimate of the key: durations by pitch class, fading from phrase to phrase.
public struct KeyEstimate: Hashable, Sendable {
  /// What stays of the weight of what was heard before, when another phrase has been heard.
  private static let retention = 0.5

  private var profile = KeyProfile()

  public init() {}

  /// Hears a whole phrase. O(notes).
  public mutating func hear(_ notes: [PlayedNote]) {
    profile.fade(to: Self.retention)
    for note in notes { profile.add(note.pitch.pitchClass, weight: min(2, max(0.1, note.duration.seconds))) }
  }

  /// Nil before three different pitch classes have been heard.
  public var key: Key? { profile.key }
}
