// SPDX-License-Identifier: Apache-2.0
// RealTime: hand-over between threads. What the loop asks of the stage, and what the stage counts.
import Synchronization

/// The words that the loop and the stage share beside the rings. Every operation is wait-free and real-time safe;
/// requests may come from any thread, counters are written by the stage alone.
public struct StageControl: ~Copyable, Sendable {
  let minimumGeneration = Atomic<UInt32>(0)
  let panicRequests = Atomic<UInt32>(0)
  let isCloseRequested = Atomic<Bool>(false)
  let isClosed = Atomic<Bool>(false)

  let notes = Atomic<UInt64>(0)
  let lateEvents = Atomic<UInt64>(0)
  let staleNotes = Atomic<UInt64>(0)
  let cancelledEvents = Atomic<UInt64>(0)
  let fullCycles = Atomic<UInt64>(0)
  /// How late events that have a frame were played, in nanoseconds: 0 of those that were in time.
  public let lateness = Histogram()

  public init() {}

  /// From the next cycle on nothing of an answer before `generation` starts, and what sounds of it is released in that
  /// very cycle. Never takes back an earlier call with a higher number.
  public func cancel(before generation: UInt32) {
    minimumGeneration.max(generation, ordering: .releasing)
  }

  /// In the next cycle everything that sounds is released and everything that waits is forgotten.
  public func panic() { panicRequests.wrappingAdd(1, ordering: .releasing) }

  /// The next cycle releases everything and is the last to sound; `hasClosed` turns true once it has run.
  public func close() { isCloseRequested.store(true, ordering: .releasing) }

  /// Makes the stage playable again; only while no cycle can run.
  public func reopen() {
    isCloseRequested.store(false, ordering: .releasing)
    isClosed.store(false, ordering: .releasing)
  }

  public var hasClosed: Bool { isClosed.load(ordering: .acquiring) }

  public var counters: StageCounters {
    StageCounters(
      notes: notes.load(ordering: .relaxed), lateEvents: lateEvents.load(ordering: .relaxed),
      staleNotes: staleNotes.load(ordering: .relaxed), cancelledEvents: cancelledEvents.load(ordering: .relaxed),
      fullCycles: fullCycles.load(ordering: .relaxed))
  }

  /// The stage only.
  @_noLocks @_noAllocation
  static func count(_ counter: borrowing Atomic<UInt64>) {
    counter.store(counter.load(ordering: .relaxed) &+ 1, ordering: .relaxed)
  }
}

/// What the stage has done since the daemon started.
public struct StageCounters: Hashable, Sendable {
  /// Notes started, of both parts.
  public var notes: UInt64
  /// Events that came after their frame, played at once or, where they are stale, not at all; `lateness` has by how much.
  public var lateEvents: UInt64
  /// Notes of an answer not started because they came too late to make sense.
  public var staleNotes: UInt64
  /// Events of cancelled answers, and those that a panic found.
  public var cancelledEvents: UInt64
  /// Cycles that took no more and left events to the next.
  public var fullCycles: UInt64
}
