// SPDX-License-Identifier: Apache-2.0
// RealTime: hand-over between two threads. What the loop asks of the clock that the stage sends.

/// A frame and a fraction of one, or a length in frames: 32 bits before the point and 32 behind it, for lengths; 64 and 32
/// for positions. Exact sums, so that a million ticks are where the first one put them. Real-time safe.
public struct FineFrames: Hashable, Sendable, BitwiseCopyable {
  public var whole: UInt64
  public var fraction: UInt32

  @_noLocks @_noAllocation
  public init(whole: UInt64, fraction: UInt32 = 0) {
    self.whole = whole
    self.fraction = fraction
  }

  /// Not below zero; rounded down to 2^-32 frames.
  public init(_ frames: Double) {
    let frames = frames.isFinite ? min(0x1p60, max(0, frames)) : 0
    whole = UInt64(frames)
    fraction = UInt32((frames - Double(whole)) * 0x1p32)
  }

  public var count: Double { Double(whole) + Double(fraction) * 0x1p-32 }

  @_noLocks @_noAllocation
  public static func + (a: FineFrames, b: FineFrames) -> FineFrames {
    let (fraction, carry) = a.fraction.addingReportingOverflow(b.fraction)
    return FineFrames(whole: a.whole &+ b.whole &+ (carry ? 1 : 0), fraction: fraction)
  }

  /// `a` must not be less than `b`.
  @_noLocks @_noAllocation
  public static func - (a: FineFrames, b: FineFrames) -> FineFrames {
    let (fraction, borrow) = a.fraction.subtractingReportingOverflow(b.fraction)
    return FineFrames(whole: a.whole &- b.whole &- (borrow ? 1 : 0), fraction: fraction)
  }

  @_noLocks @_noAllocation
  public static func < (a: FineFrames, b: FineFrames) -> Bool {
    a.whole == b.whole ? a.fraction < b.fraction : a.whole < b.whole
  }

  /// Half of it, rounded down.
  public var half: FineFrames {
    @_noLocks @_noAllocation get {
      FineFrames(whole: whole >> 1, fraction: (fraction >> 1) | (whole & 1 == 1 ? 0x8000_0000 : 0))
    }
  }

  /// `count` times it, for lengths; wraps where nobody gets.
  @_noLocks @_noAllocation
  public func times(_ count: UInt64) -> FineFrames {
    let low = UInt64(fraction).multipliedFullWidth(by: count)
    let carried = (low.high &<< 32) | (low.low >> 32)
    return FineFrames(whole: whole &* count &+ carried, fraction: UInt32(truncatingIfNeeded: low.low))
  }
}

/// One change of the clock. Trivial and of fixed size.
public struct ClockOrder: Hashable, Sendable, BitwiseCopyable {
  public enum Kind: UInt8, Sendable, BitwiseCopyable {
    /// Tick `tick` is at `position`, and each later one `interval` after the one before.
    case time
    /// Start before tick `tick`, which is the beginning of the piece.
    case start
    /// Song position and continue before tick `tick`, which lies at `sixteenths`.
    case resume
    /// Stop, at once; the ticks go on.
    case stop
    /// Stop, and no ticks any more.
    case silence

    /// Real-time safe, as `==` is not.
    var isStart: Bool {
      @_noLocks @_noAllocation get {
        switch self {
        case .start: true
        case .time, .resume, .stop, .silence: false
        }
      }
    }
  }

  public var kind: Kind
  public var sixteenths: UInt16
  /// Ticks count from the first `time` after a silence, which is tick 0.
  public var tick: UInt64
  public var position: FineFrames
  public var interval: FineFrames

  @_noLocks @_noAllocation
  public init(
    _ kind: Kind, tick: UInt64 = 0, position: FineFrames = FineFrames(whole: 0),
    interval: FineFrames = FineFrames(whole: 0), sixteenths: UInt16 = 0
  ) {
    self.kind = kind
    self.tick = tick
    self.position = position
    self.interval = interval
    self.sixteenths = sixteenths
  }
}

/// Orders from the loop, which alone pushes, to the stage, which alone pops. Every operation is wait-free, real-time safe
/// and O(1).
public struct ClockRing: ~Copyable, @unchecked Sendable {
  private let storage: UnsafeMutablePointer<ClockOrder>
  private let indices: RingIndices

  /// Room for at least `capacity` orders. Allocates.
  public init(capacity: Int) {
    indices = RingIndices(capacity: capacity)
    storage = .allocate(capacity: indices.capacity)
  }

  deinit { storage.deallocate() }

  /// Producer only. False, and nothing changed, when full.
  @_noLocks @_noAllocation
  public func push(_ order: ClockOrder) -> Bool {
    guard indices.free > 0 else { return false }
    storage[indices.writeSlot()] = order
    indices.commitWrite()
    return true
  }

  /// Consumer only. Nil when empty.
  @_noLocks @_noAllocation
  public func pop() -> ClockOrder? {
    guard indices.filled > 0 else { return nil }
    let order = storage[indices.readSlot()]
    indices.commitRead()
    return order
  }
}
