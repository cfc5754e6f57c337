// SPDX-License-Identifier: Apache-2.0
// RealTime: code and data of the real-time thread. Events waiting for their frame.

/// A binary heap of fixed capacity in order of frame, then of arrival. Owned by the real-time thread; every operation
/// is real-time safe, `insert` and `pop` are O(log n).
struct PendingEvents: ~Copyable {
  private struct Entry: BitwiseCopyable {
    var event: StageEvent
    var number: UInt64
  }

  private let heap: UnsafeMutablePointer<Entry>
  private let capacity: Int
  private var count = 0
  private var inserted: UInt64 = 0

  /// Allocates.
  init(capacity: Int) {
    heap = .allocate(capacity: capacity)
    self.capacity = capacity
  }

  deinit { heap.deallocate() }

  var free: Int { @_noLocks @_noAllocation get { capacity &- count } }

  /// There must be room.
  @_noLocks @_noAllocation
  mutating func insert(_ event: StageEvent) {
    inserted &+= 1
    heap[count] = Entry(event: event, number: inserted)
    count &+= 1
    siftUp(count &- 1)
  }

  @_noLocks @_noAllocation
  func isDue(before end: Frames) -> Bool { count > 0 && heap[0].event.frame < end }

  /// The first event if its frame lies before `end`.
  @_noLocks @_noAllocation
  mutating func pop(before end: Frames) -> StageEvent? {
    guard count > 0, heap[0].event.frame < end else { return nil }
    let first = heap[0].event
    count &-= 1
    heap[0] = heap[count]
    siftDown()
    return first
  }

  @_noLocks @_noAllocation
  mutating func removeAll() { count = 0 }

  @_noLocks @_noAllocation
  private func isBefore(_ a: Int, _ b: Int) -> Bool {
    let (x, y) = (heap[a], heap[b])
    return x.event.frame.count == y.event.frame.count ? x.number < y.number : x.event.frame < y.event.frame
  }

  @_noLocks @_noAllocation
  private func swap(_ a: Int, _ b: Int) {
    let held = heap[a]
    heap[a] = heap[b]
    heap[b] = held
  }

  @_noLocks @_noAllocation
  private func siftUp(_ start: Int) {
    var child = start
    while child > 0 {
      let parent = (child &- 1) / 2
      guard isBefore(child, parent) else { return }
      swap(child, parent)
      child = parent
    }
  }

  @_noLocks @_noAllocation
  private func siftDown() {
    var parent = 0
    while 2 &* parent &+ 1 < count {
      var child = 2 &* parent &+ 1
      if child &+ 1 < count, isBefore(child &+ 1, child) { child &+= 1 }
      guard isBefore(child, parent) else { return }
      swap(child, parent)
      parent = child
    }
  }
}
