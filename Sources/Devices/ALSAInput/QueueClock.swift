// SPDX-License-Identifier: Apache-2.0
// Devices/ALSAInput: the sequencer queue's time on the one clock, pure.
import Music

/// Converts the time of an ALSA queue, which stamps events in the kernel, to instants.
///
/// The offset between the two clocks is known as an interval: the queue was read between two readings of the clock.
/// Every further reading narrows it; with age it widens by the most that the two clocks can drift apart. A reading that
/// contradicts it (the queue jumped) replaces it (interval intersection as in K. Marzullo, 1984).
package struct QueueClock {
  private var offset: ClosedRange<Int64>?
  private var readAt: Instant = .zero
  private var last = Instant(nanoseconds: .min)

  /// 500 ppm: the most by which the kernel slews its clock.
  private static let driftPerSecond: Int64 = 500_000
  private static let period = Duration.seconds(1)

  package init() {}

  /// True when the last reading is older than a second, or there is none.
  package func needsReading(at now: Instant) -> Bool { offset == nil || now - readAt >= Self.period }

  /// The queue stood at `queue` nanoseconds at some moment in `before...after`.
  package mutating func read(queue: Int64, before: Instant, after: Instant) {
    let fresh = (before.nanoseconds - queue)...max(before.nanoseconds - queue, after.nanoseconds - queue)
    if let old = offset {
      let drift = Int64((after - readAt).seconds * Double(Self.driftPerSecond)) + 1
      let aged = (old.lowerBound - drift)...(old.upperBound + drift)
      offset = fresh.overlaps(aged) ? fresh.clamped(to: aged) : fresh
    } else {
      offset = fresh
    }
    readAt = after
  }

  /// When an event stamped `queue` happened: never after it arrived, never before the event before it.
  package mutating func instant(of queue: Int64, arrival: Instant) -> Instant {
    guard let offset else { return stamp(arrival) }
    let middle = offset.lowerBound + (offset.upperBound - offset.lowerBound) / 2
    return stamp(min(arrival, Instant(nanoseconds: queue + middle)))
  }

  /// For an event without a stamp.
  package mutating func stamp(_ arrival: Instant) -> Instant {
    last = max(last, arrival)
    return last
  }
}
