// SPDX-License-Identifier: Apache-2.0
// Core/Listening: what is struck together, as it is heard.
import Music

/// Notes that count as one onset: those that come within `spread` of the first.
struct StruckGroup: Sendable {
  /// People spread their chords.
  static let spread = Duration.milliseconds(50)

  let first: Instant
  private(set) var count = 1
  /// From 1 to 127, of the loudest.
  private(set) var loudest: Int
  private(set) var lowest: Int
  private(set) var highest: Int
  /// A bit for each pitch class.
  private(set) var classes: UInt16
  private var delays = 0.0
  private var loudness: Double

  init(_ pitch: Pitch, _ velocity: Velocity, at instant: Instant) {
    first = instant
    (lowest, highest, loudest) = (Int(pitch.number), Int(pitch.number), Int(velocity.value))
    classes = 1 << UInt16(pitch.pitchClass.number)
    loudness = Double(velocity.value) / 127
  }

  mutating func add(_ pitch: Pitch, _ velocity: Velocity, at instant: Instant) {
    count += 1
    delays += (instant - first).seconds
    loudness += Double(velocity.value) / 127
    loudest = max(loudest, Int(velocity.value))
    lowest = min(lowest, Int(pitch.number))
    highest = max(highest, Int(pitch.number))
    classes |= 1 << UInt16(pitch.pitchClass.number)
  }

  /// From then on nothing belongs to it.
  var completion: Instant { first + Self.spread }

  /// The mean of its notes' onsets, in seconds from `base`.
  func time(from base: Instant) -> Double { (first - base).seconds + delays / Double(count) }

  /// Of its notes in the mean, 1 at most.
  var meanLoudness: Double { loudness / Double(count) }
}
