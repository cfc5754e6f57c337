// SPDX-License-Identifier: Apache-2.0
// RealTime: hand-over between two threads. The arithmetic that every ring shares.
import Synchronization

/// Where one producing and one consuming thread stand in a ring of a power of two of slots.
///
/// Lamport's single-producer single-consumer queue ("Proving the correctness of multiprocess programs", IEEE TSE 1977)
/// with acquire/release ordering; each end keeps its count on a cache line of its own. Every operation is wait-free,
/// real-time safe and O(1). The rings on top of it are concrete, not generic: the compiler proves them free of locks and
/// allocations only so.
public struct RingIndices: ~Copyable, Sendable {
  private let mask: Int
  private let readCount = Atomic<Int>(0)
  private let padding = InlineArray<15, Int>(repeating: 0)
  private let writeCount = Atomic<Int>(0)

  /// For at least `capacity` slots, at least one.
  public init(capacity: Int) {
    var size = 1
    while size < capacity { size *= 2 }
    mask = size - 1
  }

  public var capacity: Int { @_noLocks @_noAllocation get { mask &+ 1 } }

  /// Slots that wait to be read. The consumer may read at least so many.
  public var filled: Int {
    @_noLocks @_noAllocation get {
      writeCount.load(ordering: .acquiring) &- readCount.load(ordering: .acquiring)
    }
  }

  /// Slots that may be written. The producer may write at least so many.
  public var free: Int { @_noLocks @_noAllocation get { mask &+ 1 &- filled } }

  /// Producer: the slot to write `ahead` places on.
  @_noLocks @_noAllocation
  public func writeSlot(_ ahead: Int = 0) -> Int { (writeCount.load(ordering: .relaxed) &+ ahead) & mask }

  /// Producer: hands the next `count` slots, written, to the consumer.
  @_noLocks @_noAllocation
  public func commitWrite(_ count: Int = 1) {
    writeCount.store(writeCount.load(ordering: .relaxed) &+ count, ordering: .releasing)
  }

  /// Consumer: the slot to read `ahead` places on.
  @_noLocks @_noAllocation
  public func readSlot(_ ahead: Int = 0) -> Int { (readCount.load(ordering: .relaxed) &+ ahead) & mask }

  /// Consumer: gives the next `count` slots, read, back to the producer.
  @_noLocks @_noAllocation
  public func commitRead(_ count: Int = 1) {
    readCount.store(readCount.load(ordering: .relaxed) &+ count, ordering: .releasing)
  }
}
