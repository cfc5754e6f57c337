// SPDX-License-Identifier: Apache-2.0
// RealTime: code and data of the real-time thread. The MIDI clock that jamd sends.
import Music

/// Sends 24 ticks to the beat, start, continue with its song position, and stop, each on its very frame (MIDI 1.0 Detailed
/// Specification, "System Real Time Messages"): the stage counts the ticks itself, in frames and 2^-32 of them, so that
/// they are as even as the audio, whatever the loop does.
///
/// Start and continue leave half a tick before the tick that they are about, so that a receiver is prepared for it. One
/// that comes too late becomes a continue at the next sixteenth, at its true song position.
///
/// Owned by the real-time thread. Everything is real-time safe except `init`; a cycle costs O(ticks in it).
public struct StageClock: ~Copyable {
  /// Messages of a cycle: 8192 frames with the shortest interval, and what goes before.
  public static var capacity: Int { @_noLocks @_noAllocation get { 160 } }
  /// Frames between ticks, at least: 300 beats a minute at 22,050 Hz are 183.
  static var shortest: UInt64 { @_noLocks @_noAllocation get { 64 } }
  private static var ticksInASixteenth: UInt64 { @_noLocks @_noAllocation get { 6 } }

  private let messages: UnsafeMutablePointer<StageOutput>
  public private(set) var outputCount = 0
  public private(set) var isTicking = false
  /// Between start or continue and stop.
  public private(set) var isRunning = false
  /// The number and the place of the next tick.
  private var next: UInt64 = 0
  private var position = FineFrames(whole: 0)
  private var interval = FineFrames(whole: 0)
  /// What waits for its tick.
  private var retiming: ClockOrder?
  private var announcement: ClockOrder?
  /// The tick at the beginning of the piece, as far as it was announced; it may lie before tick 0.
  private var origin: Int64 = 0

  /// Allocates.
  public init() { messages = .allocate(capacity: Self.capacity) }

  deinit { messages.deallocate() }

  /// The `index`-th message of the latest cycle, in order of offset.
  @_noLocks @_noAllocation
  public func output(_ index: Int) -> StageOutput { messages[index] }

  /// Forgets everything without a word to anybody: for a new connection.
  @_noLocks @_noAllocation
  public mutating func reset() {
    outputCount = 0
    isTicking = false
    isRunning = false
    retiming = nil
    announcement = nil
  }

  /// One cycle of `count` frames from `start` on, obeying what has come through `ring`. `isClosing`: the last one.
  @_noLocks @_noAllocation
  public mutating func run(_ ring: borrowing ClockRing, start: Frames, count: UInt32, isClosing: Bool) {
    outputCount = 0
    while let order = ring.pop() { obey(order) }
    if isClosing { obey(ClockOrder(.silence)) }
    guard isTicking else { return }
    let end = start.count &+ UInt64(count)
    while outputCount < Self.capacity &- 2 {
      let isAnnounced = isAnnouncementDue
      let place = isAnnounced ? position - interval.half : position
      guard place.whole < end else { return }
      let offset = place.whole > start.count ? UInt32(truncatingIfNeeded: place.whole &- start.count) : 0
      if isAnnounced { announce(offset) } else { tick(offset) }
    }
  }

  /// Beats from the beginning of the piece to `frame`; nil unless it runs.
  @_noLocks @_noAllocation
  public func beats(at frame: Frames) -> Double? {
    guard isRunning, interval.whole > 0 else { return nil }
    let distance = Double(Int64(bitPattern: frame.count &- position.whole)) - Double(position.fraction) * 0x1p-32
    let step = Double(interval.whole) + Double(interval.fraction) * 0x1p-32
    return (Double(Int64(bitPattern: next) &- origin) + distance / step) / 24
  }

  /// Beats a minute at `sampleRate`; 0 where nothing ticks.
  @_noLocks @_noAllocation
  public func tempo(sampleRate: UInt32) -> Double {
    let step = Double(interval.whole) + Double(interval.fraction) * 0x1p-32
    return isTicking && step > 0 ? Double(sampleRate) * 60 / (step * 24) : 0
  }

  // MARK: Orders

  @_noLocks @_noAllocation
  private mutating func obey(_ order: ClockOrder) {
    switch order.kind {
    case .time:
      guard order.interval.whole >= Self.shortest else { return }
      if !isTicking {
        (isTicking, next) = (true, order.tick)
        (position, interval) = (order.position, order.interval)
      }
      retiming = order
      retime()
    case .start, .resume: announcement = order
    case .stop: stop()
    case .silence:
      stop()
      isTicking = false
      retiming = nil
    }
  }

  @_noLocks @_noAllocation
  private mutating func stop() {
    announcement = nil
    if isRunning { send(0xFC, 0) }
    isRunning = false
  }

  /// The line that waits for the next tick, or for one that has left already, counts from now on.
  @_noLocks @_noAllocation
  private mutating func retime() {
    guard let order = retiming, order.tick <= next else { return }
    position = order.position + order.interval.times(next &- order.tick)
    interval = order.interval
    retiming = nil
  }

  // MARK: What is due

  private var isAnnouncementDue: Bool {
    @_noLocks @_noAllocation mutating get {
      guard var order = announcement else { return false }
      if order.tick < next { order = Self.late(order, for: next) }
      announcement = order
      return order.tick == next
    }
  }

  /// At the next sixteenth that can be met.
  @_noLocks @_noAllocation
  private static func late(_ order: ClockOrder, for next: UInt64) -> ClockOrder {
    let missed = (next &- order.tick &+ ticksInASixteenth &- 1) / ticksInASixteenth
    let before: UInt16 = order.kind.isStart ? 0 : order.sixteenths
    return ClockOrder(
      .resume, tick: order.tick &+ missed &* ticksInASixteenth,
      sixteenths: UInt16(truncatingIfNeeded: UInt64(before) &+ missed) & 0x3FFF)
  }

  @_noLocks @_noAllocation
  private mutating func announce(_ offset: UInt32) {
    guard let order = announcement else { return }
    announcement = nil
    isRunning = true
    let before = Int64(order.kind.isStart ? 0 : order.sixteenths) &* Int64(bitPattern: Self.ticksInASixteenth)
    origin = Int64(bitPattern: order.tick) &- before
    if order.kind.isStart { return send(0xFA, offset) }
    send(0xF2, offset, UInt8(order.sixteenths & 0x7F), UInt8(order.sixteenths >> 7 & 0x7F))
    send(0xFB, offset)
  }

  @_noLocks @_noAllocation
  private mutating func tick(_ offset: UInt32) {
    send(0xF8, offset)
    next &+= 1
    position = position + interval
    retime()
  }

  @_noLocks @_noAllocation
  private mutating func send(_ status: UInt8, _ offset: UInt32, _ data1: UInt8 = 0, _ data2: UInt8 = 0) {
    guard outputCount < Self.capacity else { return }
    messages[outputCount] = StageOutput(
      offset: offset, message: MIDIMessage(status, data1, data2), part: .answer, isForPort: true,
      isForSynthesizer: false)
    outputCount &+= 1
  }
}
