// SPDX-License-Identifier: Apache-2.0
// Core/Improviser: where the beat is, from whoever knows best.
import Listening
import Music

/// The beat: of a clock that runs; else of the player's taps; else as it is heard in the playing. Bounded; an onset costs
/// what `BeatTracker` costs.
struct BeatListener: Sendable {
  /// A beat less sure than this is not leaned on.
  static let leastConfidence = 0.5

  /// Of a clock that runs.
  private var led: BeatGrid?
  private var tracker = BeatTracker()

  mutating func hear(_ clock: ClockState, at instant: Instant) { led = clock.grid(at: instant) }

  /// Whether a clock gives the beat.
  var isLed: Bool { led != nil }

  /// From the third tap on they are the beat, until the player pauses or the clock runs.
  mutating func tap(at instant: Instant) { tracker.tap(at: instant) }

  mutating func hear(_ pitch: Pitch, _ velocity: Velocity, at instant: Instant) {
    tracker.hear(pitch, velocity, at: instant)
  }

  /// When what was struck together is known to be complete, and is heard.
  var completion: Instant? { tracker.completion }

  /// When `catchUp` has something to do if nothing happens before.
  var nextCatchUp: Instant? { tracker.nextCatchUp }

  /// Time passes: what was struck together is known to be complete.
  mutating func advance(to now: Instant) { tracker.advance(to: now) }

  /// Does early what the next key would have to do; changes nothing else.
  mutating func catchUp(to now: Instant) { tracker.catchUp(to: now) }

  /// The playing and the taps; a clock runs on.
  mutating func forget() { tracker.pause() }

  /// The beat as it is known at `now`; nil where it is not sure enough.
  func grid(at now: Instant) -> BeatGrid? {
    led ?? tracker.grid.flatMap { $0.confidence >= Self.leastConfidence ? $0 : nil }
  }
}
