// SPDX-License-Identifier: Apache-2.0
// JamTestKit: the frames that a JACK server passed over.
import Synchronization

/// A stretch that lay between two cycles, on the server's counter: `from` would have been the next cycle's first frame, `to`
/// was it.
public struct FrameSkip: Hashable, Sendable, BitwiseCopyable {
  public let from: UInt32
  public let to: UInt32

  public var frames: UInt32 { to &- from }

  /// Whether `frame` lies in it, or as near as `margin` frames.
  public func contains(_ frame: UInt32, margin: UInt32 = 0) -> Bool { frame &- from &+ margin < frames &+ 2 &* margin }
}

/// The skips of a client, written by its cycles and read by anybody. The first 65,536 are kept.
struct SkipLog: ~Copyable {
  private static var capacity: Int { @_noLocks @_noAllocation get { 65536 } }
  private let skips: UnsafeMutablePointer<FrameSkip>
  private let count = Atomic<Int>(0)

  init() { skips = .allocate(capacity: Self.capacity) }

  deinit { skips.deallocate() }

  /// Real-time safe. A counter that goes back has begun anew, and passed over nothing.
  @_noLocks @_noAllocation
  func note(from: UInt32, to: UInt32) {
    let index = count.load(ordering: .relaxed)
    guard Int32(bitPattern: to &- from) > 0, index < Self.capacity else { return }
    skips[index] = FrameSkip(from: from, to: to)
    count.store(index &+ 1, ordering: .releasing)
  }

  func all(after known: Int) -> [FrameSkip] {
    (known..<max(known, count.load(ordering: .acquiring))).map { skips[$0] }
  }
}
