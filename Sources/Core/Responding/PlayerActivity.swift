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

  /// How dense and how loud the playing is in the mean of some seconds.
  public struct Mean: Hashable, Sendable {
    /// Onsets a second.
    public var density: Double
    public var loudness: Velocity?

    public init(density: Double, loudness: Velocity?) { (self.density, self.loudness) = (density, loudness) }
  }

  /// In order of time.
  public private(set) var onsets: [Onset] = []
  /// As whoever listens tells it.
  public var mean: Mean?

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

  /// Onsets a second, whatever the beat is taken for: of the last two seconds before `instant`, and no fewer than in the
  /// mean, so that who becomes busy has room at once, and who breathes is not talked into.
  public func density(before instant: Instant) -> Double {
    let latest = rhythm(from: instant - Self.densitySpan, until: instant).count
    return max(Double(latest) / Self.densitySpan.seconds, mean?.density ?? 0)
  }

  /// The mean velocity, else of the latest notes; nil before any.
  public var loudness: Velocity? {
    if let loudness = mean?.loudness { return loudness }
    let latest = onsets.suffix(Self.registerNotes)
    guard !latest.isEmpty else { return nil }
    return Velocity(clamping: latest.reduce(0) { $0 + Int($1.velocity.value) } / latest.count)
  }
}
