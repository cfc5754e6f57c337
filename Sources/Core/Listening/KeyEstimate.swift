// SPDX-License-Identifier: Apache-2.0
// Core/Listening: the key in which somebody plays.
import Glibc
import Music

/// A running estimate of the key: durations by pitch class, fading as more is heard.
public struct KeyEstimate: Hashable, Sendable {
  /// When so many more notes have been heard, what was heard before weighs half.
  private static let halfLife = 24.0

  private var profile = KeyProfile()

  public init() {}

  /// Hears a whole phrase. O(notes).
  public mutating func hear(_ notes: [PlayedNote]) {
    profile.fade(to: exp2(-Double(notes.count) / Self.halfLife))
    for note in notes { profile.add(note.pitch.pitchClass, weight: min(2, max(0.1, note.duration.seconds))) }
  }

  /// Nil before three different pitch classes have been heard.
  public var key: Key? { profile.key }
}
