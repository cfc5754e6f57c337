// SPDX-License-Identifier: Apache-2.0
// RealTime: hand-over between threads. JACK's transport as of the latest cycle.
import Music
import Synchronization

/// Where a transport stands at the beginning of a cycle.
public struct TransportSnapshot: Hashable, Sendable, BitwiseCopyable {
  /// The first frame of the cycle, on the stage.
  public var frame: Frames
  public var isRolling: Bool
  /// Beats of the metre from the beginning, the metre, and beats of the metre a minute; 0 a minute where nobody says.
  public var beat: Double
  public var beatsInABar: Double
  public var beatType: Double
  public var beatsPerMinute: Double

  @_noLocks @_noAllocation
  public init(
    frame: Frames, isRolling: Bool, beat: Double = 0, beatsInABar: Double = 0, beatType: Double = 0,
    beatsPerMinute: Double = 0
  ) {
    self.frame = frame
    self.isRolling = isRolling
    self.beat = beat
    self.beatsInABar = beatsInABar
    self.beatType = beatType
    self.beatsPerMinute = beatsPerMinute
  }
}

/// Holds the latest snapshot, as `ClockCell` does: `publish` is wait-free and real-time safe, `latest` is lock-free.
public struct TransportCell: ~Copyable, Sendable {
  private let sequence = Atomic<UInt64>(0)
  private let frame = Atomic<UInt64>(0)
  private let isRolling = Atomic<Bool>(false)
  private let beat = Atomic<UInt64>(0)
  private let beatsInABar = Atomic<UInt64>(0)
  private let beatType = Atomic<UInt64>(0)
  private let beatsPerMinute = Atomic<UInt64>(0)

  public init() {}

  /// The writing thread only.
  @_noLocks @_noAllocation
  public func publish(_ snapshot: TransportSnapshot) {
    let number = sequence.load(ordering: .relaxed)
    sequence.store(number &+ 1, ordering: .relaxed)
    atomicMemoryFence(ordering: .releasing)
    frame.store(snapshot.frame.count, ordering: .relaxed)
    isRolling.store(snapshot.isRolling, ordering: .relaxed)
    beat.store(snapshot.beat.bitPattern, ordering: .relaxed)
    beatsInABar.store(snapshot.beatsInABar.bitPattern, ordering: .relaxed)
    beatType.store(snapshot.beatType.bitPattern, ordering: .relaxed)
    beatsPerMinute.store(snapshot.beatsPerMinute.bitPattern, ordering: .relaxed)
    sequence.store(number &+ 2, ordering: .releasing)
  }

  /// Nil before the first `publish`, and when eight attempts in a row collided with the writer.
  public func latest() -> TransportSnapshot? {
    for _ in 0..<8 {
      let before = sequence.load(ordering: .acquiring)
      guard before > 0 else { return nil }
      let snapshot = TransportSnapshot(
        frame: Frames(frame.load(ordering: .relaxed)), isRolling: isRolling.load(ordering: .relaxed),
        beat: Double(bitPattern: beat.load(ordering: .relaxed)),
        beatsInABar: Double(bitPattern: beatsInABar.load(ordering: .relaxed)),
        beatType: Double(bitPattern: beatType.load(ordering: .relaxed)),
        beatsPerMinute: Double(bitPattern: beatsPerMinute.load(ordering: .relaxed)))
      atomicMemoryFence(ordering: .acquiring)
      if before % 2 == 0, sequence.load(ordering: .relaxed) == before { return snapshot }
    }
    return nil
  }
}
