// SPDX-License-Identifier: Apache-2.0
// RealTime: values and units. Positions in the audio stream.

/// A position in the audio stream, in frames since an arbitrary zero; never wraps in practice (12 million years).
/// Real-time safe.
public struct Frames: Hashable, Comparable, Sendable, BitwiseCopyable {
  public var count: UInt64

  @_noLocks @_noAllocation
  public init(_ count: UInt64) { self.count = count }

  /// As an event's frame: at once, and never late.
  public static var immediate: Frames { Frames(0) }

  /// The position nearest to `reference` whose low 32 bits are `low`: undoes the wrap of a 32-bit frame counter, which
  /// JACK's makes once in a day. Right as long as the two are less than 2^31 frames (12 hours) apart.
  @_noLocks @_noAllocation
  public init(extending low: UInt32, near reference: Frames) {
    let step = Int32(bitPattern: low &- UInt32(truncatingIfNeeded: reference.count))
    self.count = reference.count &+ UInt64(bitPattern: Int64(step))
  }

  /// The first position of a new 32-bit counter that stands at `low`, later than everything before `last`.
  @_noLocks @_noAllocation
  public init(restarting low: UInt32, after last: Frames) {
    self.count = ((last.count >> 32) &+ 1) << 32 | UInt64(low)
  }

  @_noLocks @_noAllocation
  public static func < (a: Frames, b: Frames) -> Bool { a.count < b.count }
  @_noLocks @_noAllocation
  public static func + (a: Frames, frames: UInt64) -> Frames { Frames(a.count &+ frames) }
}
