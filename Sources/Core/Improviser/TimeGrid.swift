// SPDX-License-Identifier: Apache-2.0
// Core/Improviser: the grid of all instants.
import Music

/// Steps of 20 microseconds from a session's first instant on, fine enough for ears and coarse enough for a MIDI file to
/// hold exactly.
struct TimeGrid: Hashable, Sendable {
  static let step: Int64 = 20_000
  /// Half of what 64 bits hold is left for sums and differences: 73 years.
  private static let limit = Int64.max / 4

  private let origin: Int64

  init(origin: Instant) { self.origin = Self.clamped(origin.nanoseconds) }

  /// The nearest instant on the grid.
  func nearest(_ instant: Instant) -> Instant { down(instant, Self.step / 2) }

  /// The first instant on the grid that is not before `instant`.
  func next(_ instant: Instant) -> Instant { down(instant, Self.step - 1) }

  /// The last instant on the grid that is not after `instant` and `more` nanoseconds.
  private func down(_ instant: Instant, _ more: Int64) -> Instant {
    let offset = Self.clamped(instant.nanoseconds) - origin + more
    let remainder = offset % Self.step
    return Instant(nanoseconds: origin + offset - (remainder < 0 ? remainder + Self.step : remainder))
  }

  private static func clamped(_ nanoseconds: Int64) -> Int64 { min(limit, max(-limit, nanoseconds)) }
}
