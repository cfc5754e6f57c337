// SPDX-License-Identifier: Apache-2.0
// RealTime: time. When the cycles begin, out of the moments at which the server woke for them.

/// Follows the instants at which cycles begin from wake-ups that are never early and now and then late.
///
/// A delay-locked loop (F. Adriaensen, "Using a DLL to filter time", Linux Audio Conference 2005, section 3) of 0.1 Hz.
/// JACK has one too, but lets it swing: after three seconds in which the server stood still its clock is wrong by up to
/// three seconds, for ten. This one distrusts what is late: a wake-up that is later than `tolerance` moves nothing until
/// all have been for `patience`; then the frames have slipped, and the least late of them counts at once. A wake-up
/// that is earlier than expected by a millisecond proves the expectation wrong and counts at once too.
///
/// Owned by one thread; real-time safe, O(1).
public struct CycleClock: BitwiseCopyable, Sendable {
  private static var bandwidth: Double { @_noLocks @_noAllocation get { 0.1 } }
  /// Critical: the square root of a half.
  private static var damping: Double { @_noLocks @_noAllocation get { 0.707_106_781_186_547_5 } }
  private static var tolerance: Double { @_noLocks @_noAllocation get { 5e6 } }
  private static var earliness: Double { @_noLocks @_noAllocation get { -1e6 } }
  private static var patience: Int64 { @_noLocks @_noAllocation get { 50_000_000 } }

  /// When the latest cycle began, in nanoseconds on CLOCK_MONOTONIC.
  public private(set) var nanoseconds: Int64 = 0
  /// Frames a nanosecond; 0 before the first cycle.
  public private(set) var rate = 0.0
  private var frame = Frames(0)
  private var sampleRate: UInt32 = 0
  /// What `nanoseconds` leaves out: -1..<1.
  private var fraction = 0.0
  /// Of a frame, in nanoseconds.
  private var length = 0.0
  /// The first wake-up of those in a row that were late, and by how much the least of them was.
  private var lateSince: Int64 = 0
  private var leastLate = 0.0
  private var isLate = false

  @_noLocks @_noAllocation
  public init() {}

  /// The server woke at `wake` (in nanoseconds) for the cycle of `count` frames that begins with `frame`. Frames that go
  /// back, or another sample rate, start anew.
  @_noLocks @_noAllocation
  public mutating func add(frame: Frames, count: UInt32, wake: Int64, sampleRate: UInt32) {
    let former = self.frame
    self.frame = frame
    guard rate > 0, sampleRate == self.sampleRate, frame.count > former.count else {
      restart(wake, sampleRate)
      return
    }
    move(by: Double(frame.count &- former.count) * length)
    let error = Double(wake &- nanoseconds) - fraction
    if error > Self.tolerance {
      wait(wake, error)
      return
    }
    isLate = false
    if error < Self.earliness {
      place(wake)
    } else {
      let omega = 2 * Double.pi * Self.bandwidth * Double(count) * length * 1e-9
      move(by: 2 * Self.damping * omega * error)
      adjust(by: omega * omega * error / Double(count), sampleRate)
    }
  }

  /// The same, `now`, when `framesSince` frames would have played since the server woke. More than a second of them is a
  /// clock that makes no sense: of a cycle that begins in the future they count down from four billion.
  @_noLocks @_noAllocation
  public mutating func add(frame: Frames, count: UInt32, framesSince: UInt32, now: Int64, sampleRate: UInt32) {
    let late = framesSince < sampleRate ? Int64(framesSince) &* 1_000_000_000 / Int64(sampleRate) : 0
    add(frame: frame, count: count, wake: now &- late, sampleRate: sampleRate)
  }

  @_noLocks @_noAllocation
  private mutating func restart(_ wake: Int64, _ sampleRate: UInt32) {
    self.sampleRate = sampleRate
    length = 1e9 / Double(sampleRate > 0 ? sampleRate : 1)
    rate = 1 / length
    isLate = false
    place(wake)
  }

  @_noLocks @_noAllocation
  private mutating func wait(_ wake: Int64, _ error: Double) {
    if !isLate { (isLate, lateSince, leastLate) = (true, wake, error) }
    if error < leastLate { leastLate = error }
    guard wake &- lateSince >= Self.patience else { return }
    isLate = false
    move(by: leastLate)
  }

  @_noLocks @_noAllocation
  private mutating func place(_ wake: Int64) { (nanoseconds, fraction) = (wake, 0) }

  /// Later by so many nanoseconds.
  @_noLocks @_noAllocation
  private mutating func move(by distance: Double) {
    let exact = fraction + distance
    guard exact > -0x1p60, exact < 0x1p60 else { return }
    let whole = Int64(exact)
    nanoseconds = nanoseconds &+ whole
    fraction = exact - Double(whole)
  }

  /// No sound card is off by a hundredth.
  @_noLocks @_noAllocation
  private mutating func adjust(by difference: Double, _ sampleRate: UInt32) {
    let nominal = 1e9 / Double(sampleRate)
    let longer = length + difference
    length = longer > nominal * 0.99 && longer < nominal * 1.01 ? longer : nominal
    rate = 1 / length
  }
}
