// SPDX-License-Identifier: Apache-2.0
// RealTime: set-up of the real-time thread's data. Nothing here runs in a cycle.
import Synchronization

/// Which part goes where.
public struct StageRouting: Hashable, Sendable, BitwiseCopyable {
  public var playerToPort: Bool
  public var playerToSynthesizer: Bool
  public var answerToPort: Bool
  public var answerToSynthesizer: Bool

  /// As a rule the port carries the answer alone: whoever plays an instrument of their own hears themselves already.
  public init(
    playerToPort: Bool = false, playerToSynthesizer: Bool = true, answerToPort: Bool = true,
    answerToSynthesizer: Bool = true
  ) {
    self.playerToPort = playerToPort
    self.playerToSynthesizer = playerToSynthesizer
    self.answerToPort = answerToPort
    self.answerToSynthesizer = answerToSynthesizer
  }
}

/// How much the stage takes.
public enum StageLimits {
  /// Events on their way from the loop to the stage.
  public static let ring = 4096
  /// Events on the stage that wait for their frame.
  public static var pending: Int { @_noLocks @_noAllocation get { 4096 } }
  /// Messages after which a cycle takes no further event.
  public static var eventsPerCycle: Int { @_noLocks @_noAllocation get { 1024 } }
  /// Messages that one cycle may send: a panic that releases all 4096 notes, its pedals and its 64 resets, a full cycle,
  /// and the last event of it, which may release 128 notes.
  public static let outputCapacity = 4096 + 32 + 64 + eventsPerCycle + 130
  /// An answer's note this late is not started any more.
  public static let staleAfter = Duration.milliseconds(250)
}

extension Stage {
  /// `control` and `ring` must outlive it. Allocates.
  public init(
    control: UnsafeMutablePointer<StageControl>, ring: UnsafeMutablePointer<EventRing>, routing: StageRouting
  ) {
    self.control = control
    self.ring = ring
    self.routing = routing
    outputs = StageOutputs(capacity: StageLimits.outputCapacity)
    pending = PendingEvents(capacity: StageLimits.pending)
    notes = SoundingNotes()
    panicsSeen = control.pointee.panicRequests.load(ordering: .acquiring)
  }

  /// For a new connection: forgets what sounded and what waited, and takes the new sample rate. No cycle may run.
  public mutating func reset(sampleRate: UInt32) {
    nanosecondsPerFrame = 1_000_000_000 / UInt64(max(1, sampleRate))
    staleAfter = UInt64(StageLimits.staleAfter.seconds * Double(sampleRate))
    while ring.pointee.pop() != nil {}
    pending.removeAll()
    hasLostRelease = false
    notes.removeAll()
    pedals = 0
    outputCount = 0
    panicsSeen = control.pointee.panicRequests.load(ordering: .acquiring)
    isClosed = false
  }
}

/// Where a cycle's messages are written.
struct StageOutputs: ~Copyable {
  let messages: UnsafeMutablePointer<StageOutput>

  init(capacity: Int) { messages = .allocate(capacity: capacity) }

  deinit { messages.deallocate() }
}
