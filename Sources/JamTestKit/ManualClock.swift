// SPDX-License-Identifier: Apache-2.0
// JamTestKit: time that passes when it is told to.
import Music

/// A clock that stands still until a test moves it. Never goes back.
public struct ManualClock: Hashable, Sendable {
  public private(set) var now: Instant

  public init(at now: Instant = .zero) { self.now = now }

  public mutating func advance(by duration: Duration) { now = now + max(.zero, duration) }

  public mutating func advance(to instant: Instant) { now = max(now, instant) }
}
