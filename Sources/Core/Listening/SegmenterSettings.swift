// SPDX-License-Identifier: Apache-2.0
// Core/Listening: how long a silence ends a phrase.
import Music

/// The player's patience, in numbers. Values that make no sense (negative, infinite, crossed bounds) are moved to the
/// nearest that do.
public struct SegmenterSettings: Hashable, Sendable {
  /// No silence shorter than this ends a phrase, every silence longer than `longest` does.
  public let shortest: Duration
  public let longest: Duration
  /// Between them: this many median inter-onset intervals of the phrase, 0...100.
  public let factor: Double
  /// The silence that ends a phrase of a single onset, within the bounds.
  public let single: Duration
  /// The phrase ends so long before the moment at which the answer is expected: the answer's way from the decision to
  /// its first onset.
  public let anticipation: Duration
  /// A phrase of so many notes gives away its older half, so that memory stays bounded. At least 2.
  public let capacity: Int

  public init(
    shortest: Duration = .milliseconds(250), longest: Duration = .milliseconds(1500), factor: Double = 2,
    single: Duration = .milliseconds(875), anticipation: Duration = .zero, capacity: Int = 1024
  ) {
    self.shortest = min(.seconds(86400), max(.zero, shortest))
    self.longest = min(.seconds(86400), max(self.shortest, longest))
    self.factor = factor.isFinite ? min(100, max(0, factor)) : 2
    self.single = min(self.longest, max(self.shortest, single))
    self.anticipation = min(.seconds(1), max(.zero, anticipation))
    self.capacity = max(2, capacity)
  }

  /// The same with another `anticipation`.
  public func anticipating(_ anticipation: Duration) -> SegmenterSettings {
    SegmenterSettings(
      shortest: shortest, longest: longest, factor: factor, single: single, anticipation: anticipation,
      capacity: capacity)
  }
}
