// SPDX-License-Identifier: Apache-2.0
// RealTime: scheduling. What the loop keeps until it is due on the stage.
import Music

/// A message to be heard at an instant.
public struct ScheduledEvent: Hashable, Sendable {
  public var at: Instant
  public var message: MIDIMessage
  public var part: StagePart
  public var generation: UInt32

  public init(at: Instant, message: MIDIMessage, part: StagePart, generation: UInt32 = 0) {
    self.at = at
    self.message = message
    self.part = part
    self.generation = generation
  }

  /// Also a note-on with velocity 0.
  public var isNoteOff: Bool { message.status & 0xF0 == 0x80 || (message.status & 0xF0 == 0x90 && message.data2 == 0) }
}

/// Events in order of time; of those at one instant the note-offs come first, then as they were added.
///
/// A binary heap: `add` and each event popped O(log n), `cancel` O(n). It knows no clock.
public struct Schedule: Sendable {
  private struct Entry: Sendable {
    var event: ScheduledEvent
    var number: UInt64
    var rank: UInt8

    static func isBefore(_ a: Entry, _ b: Entry) -> Bool {
      (a.event.at, a.rank, a.number) < (b.event.at, b.rank, b.number)
    }
  }

  private var heap: [Entry] = []
  private var added: UInt64 = 0

  /// Reserves room, so that adding up to `capacity` events does not allocate.
  public init(capacity: Int = 4096) { heap.reserveCapacity(capacity) }

  public var count: Int { heap.count }

  /// When the first event is due.
  public var next: Instant? { heap.first?.event.at }

  public mutating func add(_ event: ScheduledEvent) {
    added += 1
    heap.append(Entry(event: event, number: added, rank: event.isNoteOff ? 0 : 1))
    siftUp(heap.count - 1)
  }

  /// The first event if it is due before `limit`.
  public mutating func popDue(before limit: Instant) -> ScheduledEvent? {
    guard let first = heap.first, first.event.at < limit else { return nil }
    let last = heap.removeLast()
    if !heap.isEmpty {
      heap[0] = last
      siftDown(0)
    }
    return first.event
  }

  /// Forgets every event of an answer older than `generation`.
  public mutating func cancel(before generation: UInt32) {
    heap.removeAll { $0.event.part == .answer && $0.event.generation < generation }
    for index in stride(from: heap.count / 2 - 1, through: 0, by: -1) { siftDown(index) }
  }

  public mutating func removeAll() { heap.removeAll(keepingCapacity: true) }

  private mutating func siftUp(_ start: Int) {
    var child = start
    while child > 0, Entry.isBefore(heap[child], heap[(child - 1) / 2]) {
      heap.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  private mutating func siftDown(_ start: Int) {
    var parent = start
    while true {
      let left = 2 * parent + 1
      guard left < heap.count else { return }
      let right = left + 1
      let child = right < heap.count && Entry.isBefore(heap[right], heap[left]) ? right : left
      guard Entry.isBefore(heap[child], heap[parent]) else { return }
      heap.swapAt(child, parent)
      parent = child
    }
  }
}
