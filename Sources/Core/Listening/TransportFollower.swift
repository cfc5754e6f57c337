// SPDX-License-Identifier: Apache-2.0
// Core/Listening: the beat of a transport that tells its position.
import Music

/// Follows a transport that says at any moment whether it rolls and, where somebody keeps its tempo, the beat. Tells what
/// follows when it does, as `ClockReceiver` does: a beat that is new (after a start, a change of place, tempo or metre),
/// and at least one a beat; a stop; a tempo that nobody keeps any more. A state machine without a clock of its own; O(1).
public struct TransportFollower: Sendable {
  private static let tolerance = Duration.milliseconds(2)
  private static let tempoTolerance = 0.001

  private var isRolling = false
  private var told: BeatGrid?
  private var toldAt = Instant.zero

  public init() {}

  /// Whether the transport gives the beat.
  public var isLed: Bool { told != nil }

  /// The transport as it is at `now`; `beat` nil where it rolls without a tempo.
  public mutating func update(isRolling: Bool, beat: BeatGrid?, at now: Instant) -> ClockReceiver.Change? {
    let wasRolling = self.isRolling
    self.isRolling = isRolling
    guard isRolling else {
      told = nil
      return wasRolling ? .stopped : nil
    }
    guard let beat else {
      defer { told = nil }
      return told == nil ? nil : .lost
    }
    if let told, now - toldAt < beat.tempo.beat, now >= toldAt, Self.agree(told, beat, at: now) { return nil }
    (told, toldAt) = (beat, now)
    return .running(beat)
  }

  /// Nobody asks for it any more, or it is gone.
  public mutating func forget() -> ClockReceiver.Change? {
    defer { self = TransportFollower() }
    return told == nil ? nil : .lost
  }

  private static func agree(_ a: BeatGrid, _ b: BeatGrid, at now: Instant) -> Bool {
    let distance = (a.position(at: now) - b.position(at: now)).count.magnitude * b.tempo.beat.seconds
    let ratio = a.tempo.beatsPerMinute / b.tempo.beatsPerMinute
    return distance < tolerance.seconds && (ratio - 1).magnitude < tempoTolerance && a.metre == b.metre
  }
}
