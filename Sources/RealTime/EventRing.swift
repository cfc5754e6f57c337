// SPDX-License-Identifier: Apache-2.0
// RealTime: hand-over between two threads. Events to play.

/// Events from the loop, which alone pushes, to the stage, which alone pops.
/// Every operation is wait-free, real-time safe and O(1).
public struct EventRing: ~Copyable, @unchecked Sendable {
  private let storage: UnsafeMutablePointer<StageEvent>
  private let indices: RingIndices

  /// Room for at least `capacity` elements. Allocates.
  public init(capacity: Int) {
    indices = RingIndices(capacity: capacity)
    storage = .allocate(capacity: indices.capacity)
  }

  deinit { storage.deallocate() }

  public var capacity: Int { @_noLocks @_noAllocation get { indices.capacity } }

  /// Elements waiting: the consumer may pop at least so many.
  public var count: Int { @_noLocks @_noAllocation get { indices.filled } }

  /// Room left: the producer may push at least so many.
  public var free: Int { @_noLocks @_noAllocation get { indices.free } }

  /// Producer only. False, and nothing changed, when full.
  @_noLocks @_noAllocation
  public func push(_ element: StageEvent) -> Bool {
    guard indices.free > 0 else { return false }
    storage[indices.writeSlot()] = element
    indices.commitWrite()
    return true
  }

  /// Consumer only. Nil when empty.
  @_noLocks @_noAllocation
  public func pop() -> StageEvent? {
    guard indices.filled > 0 else { return nil }
    let element = storage[indices.readSlot()]
    indices.commitRead()
    return element
  }
}
