// SPDX-License-Identifier: Apache-2.0
// Devices/JACKOutput: a state machine. Whether the server runs its cycles.
import Music

/// A server can stay and yet stand still: a client that was stopped for a second can leave jackd 1.9 waiting for the rest
/// of a message for ever, and so can a sound card that was pulled out. A value without a clock; it is told how many cycles
/// there have been.
public struct CycleWatch: Hashable, Sendable {
  /// Longer than any period, and than a server takes to begin.
  public static let limit = Duration.seconds(2)
  /// A server of our own that stands still for so long is not waited for.
  public static let patience = Duration.seconds(5)
  /// What passes between two looks counts as no more than this: whoever was stopped himself knows nothing of the server.
  private static let longestStep = Duration.milliseconds(200)

  public enum Finding: Hashable, Sendable {
    /// No cycle for `limit`; told once.
    case stopped
    /// No cycle for `patience`; told once.
    case hopeless
    /// There are cycles again.
    case goesOn
  }

  private var cycles: UInt64?
  private var last = Instant.zero
  private var still = Duration.zero

  public init() {}

  /// With every tick; `cycles` is nil while there is no connection.
  public mutating func look(cycles: UInt64?, at now: Instant) -> Finding? {
    defer { (self.cycles, last) = (cycles, now) }
    guard let cycles, cycles == self.cycles else {
      defer { still = .zero }
      return cycles != nil && still >= Self.limit ? .goesOn : nil
    }
    let before = still
    still = still + min(Self.longestStep, max(.zero, now - last))
    if before < Self.limit, still >= Self.limit { return .stopped }
    if before < Self.patience, still >= Self.patience { return .hopeless }
    return nil
  }
}
