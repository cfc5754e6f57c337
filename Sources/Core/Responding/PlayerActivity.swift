// SPDX-License-Identifier: Apache-2.0
// Core/Responding: what the player has done lately.
import Music

/// The player's latest onsets: where, how loud and how busy. Bounded; a note costs O(1) amortised.
public struct PlayerActivity: Hashable, Sendable {
  private static let capacity = 256
  /// So many of the latest notes say where the player is on the keyboard.
  private static let registerNotes = 32
  private static let densitySpan = Duration.seconds(2)

  public struct Onset: Hashable, Sendable {
    public var at: Instant
    public var pitch: Pitch
    public var velocity: Velocity
  }

  /// In order of time.
  public private(set) var onsets: [Onset] = []

  public init() {}

  public mutating func hear(_ pitch: Pitch, _ velocity: Velocity, at instant: Instant) {
    if onsets.count == 2 * Self.capacity { onsets.removeFirst(Self.capacity) }
    onsets.append(Onset(at: max(instant, onsets.last?.at ?? instant), pitch: pitch, velocity: velocity))
  }

  public var last: Instant? { onsets.last?.at }

  /// From `start` until before `end`, in order of time. O(result).
  public func onsets(from start: Instant, until end: Instant) -> ArraySlice<Onset> {
    let later = onsets.reversed().prefix { $0.at >= end }.count
    let count = onsets.dropLast(later).reversed().prefix { $0.at >= start }.count
    return onsets.dropLast(later).suffix(count)
  }

  /// Instants from `start` until before `end`, chords being one. O(result).
  public func rhythm(from start: Instant, until end: Instant) -> [Instant] {
    var kept: [Instant] = []
    for onset in onsets.reversed() where onset.at < end {
      guard onset.at >= start else { break }
      if let next = kept.last, next - onset.at < .milliseconds(35) {
        kept[kept.count - 1] = onset.at
      } else {
        kept.append(onset.at)
      }
    }
    return kept.reversed()
  }

  /// Of the latest notes.
  public var pitches: [Pitch] { onsets.suffix(Self.registerNotes).map(\.pitch) }

  /// Onsets a second in the last two seconds before `instant`, whatever the beat is taken for.
  public func density(before instant: Instant) -> Double {
    Double(rhythm(from: instant - Self.densitySpan, until: instant).count) / Self.densitySpan.seconds
  }

  /// The mean velocity of the latest notes; nil before any.
  public var loudness: Velocity? {
    let latest = onsets.suffix(Self.registerNotes)
    guard !latest.isEmpty else { return nil }
    return Velocity(clamping: latest.reduce(0) { $0 + Int($1.velocity.value) } / latest.count)
  }
}
