// SPDX-License-Identifier: Apache-2.0
// RealTime: time. A server's 32-bit frame counter, carried on over whatever it does.

/// Turns what a server's counter says at the beginning of each cycle into positions.
///
/// A step ahead is frames that the server passed over; JACK 2 steps back by a period or two where its period changes. One of
/// more seconds than `farthest` ahead or `back` is another counter (PipeWire's is its driver's, and drivers change under an
/// open client): what plays now goes on from where it was.
/// Owned by one thread; real-time safe, O(1).
public struct FrameCounter: BitwiseCopyable, Sendable {
  private static var farthest: Int64 { @_noLocks @_noAllocation get { 60 } }
  private static var back: Int64 { @_noLocks @_noAllocation get { 1 } }

  /// The first frame of the cycle to come, if nothing is passed over.
  public private(set) var next = Frames(0)
  private var offset: UInt32 = 0
  private var isFresh = true

  @_noLocks @_noAllocation
  public init() {}

  /// The next cycle is a new server's, whose positions come after all that were.
  @_noLocks @_noAllocation
  public mutating func restart() { isFresh = true }

  /// The first frame of a cycle of `count` frames at which the server's counter stands at `counter`.
  @_noLocks @_noAllocation
  public mutating func begin(counter: UInt32, count: UInt32, sampleRate: UInt32) -> Frames {
    var start = next
    if isFresh {
      (offset, isFresh) = (0, false)
      start = Frames(restarting: counter, after: next)
    } else {
      start = Frames(extending: counter &+ offset, near: next)
      let (step, rate) = (Int64(bitPattern: start.count &- next.count), Int64(sampleRate))
      if step > Self.farthest &* rate || step < 0 &- Self.back &* rate {
        offset = UInt32(truncatingIfNeeded: next.count) &- counter
        start = next
      }
    }
    next = start + UInt64(count)
    return start
  }
}
