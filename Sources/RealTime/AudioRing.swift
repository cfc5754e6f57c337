// SPDX-License-Identifier: Apache-2.0
// RealTime: hand-over between two threads. Stereo audio on its way to a file.
import Synchronization

/// Stereo frames from the stage, which alone writes, to a recorder, which alone reads. A cycle that does not fit is left
/// out whole, and its frames are counted. Every operation is wait-free and real-time safe, O(frames).
public struct AudioRing: ~Copyable, @unchecked Sendable {
  private let storage: UnsafeMutablePointer<SIMD2<Float>>
  private let indices: RingIndices
  private let lost = Atomic<UInt64>(0)

  /// Room for at least `capacity` frames. Allocates, and touches every page.
  public init(capacity: Int) {
    indices = RingIndices(capacity: capacity)
    storage = .allocate(capacity: indices.capacity)
    storage.initialize(repeating: SIMD2<Float>(0, 0), count: indices.capacity)
  }

  deinit { storage.deallocate() }

  /// Frames left out so far because the reader was behind. Any thread.
  public var lostFrames: UInt64 { lost.load(ordering: .relaxed) }

  /// Writer only.
  @_noLocks @_noAllocation
  public func write(_ left: UnsafePointer<Float>, _ right: UnsafePointer<Float>, count: Int) {
    guard indices.free >= count else {
      lost.store(lost.load(ordering: .relaxed) &+ UInt64(count), ordering: .relaxed)
      return
    }
    for frame in 0..<count {
      let slot = UnsafeMutableRawPointer(storage + indices.writeSlot(frame)).assumingMemoryBound(to: Float.self)
      slot[0] = left[frame]
      slot[1] = right[frame]
    }
    indices.commitWrite(count)
  }

  /// Reader only: moves up to `limit` frames, left and right in turn, to `destination`; how many there were.
  public func read(into destination: UnsafeMutablePointer<Float>, limit: Int) -> Int {
    let count = min(limit, indices.filled)
    for frame in 0..<count {
      let sample = storage[indices.readSlot(frame)]
      destination[2 * frame] = sample.x
      destination[2 * frame + 1] = sample.y
    }
    indices.commitRead(count)
    return count
  }
}
