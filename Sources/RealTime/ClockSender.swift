// SPDX-License-Identifier: Apache-2.0
// RealTime: time. From the beat as it is known to the clock that the stage sends.
import Music

/// Lays the ticks of a MIDI clock along a beat that may change: what to order of the stage, and when.
///
/// A clock must be even, and a heard beat is not: the ticks keep their line while it meets the beat within `tolerance` a
/// beat from now, and else bend so that they meet it there, by a quarter of their tempo at most. No tick is left out or
/// doubled: receivers count them. Where the beat turns out to be counted otherwise, the ticks go on and a song position
/// tells the new count.
///
/// A value without a clock; O(1) a call. Frames are the stage's, a beat's instant being heard `delay` frames later.
public struct ClockSender: Sendable {
  public static let tolerance = Duration.microseconds(500)
  /// An order is about a tick at least so far ahead, beside two cycles.
  static let margin = Duration.milliseconds(30)
  private static let ticks = 24.0
  /// Beats that a song position can tell.
  private static let farthest = 16383.0 / 4

  /// The line of ticks as it was ordered last.
  private struct Line: Sendable {
    var tick: UInt64
    var frame: Double
    var interval: Double
    /// The beat of tick 0.
    var offset: Double

    func frame(of tick: UInt64) -> Double { frame + (Double(tick) - Double(self.tick)) * interval }
    func beat(of tick: UInt64) -> Double { offset + Double(tick) / ClockSender.ticks }
    /// The first tick that is not before `frame`.
    func first(from frame: Double) -> UInt64 {
      tick + UInt64(max(0, ((frame - self.frame) / interval).rounded(.up)))
    }
  }

  private var line: Line?
  private var isRunning = false
  /// The beat at which the piece began that may be gone on with.
  private var beginning: Double?

  public init() {}

  /// Beats a minute of what is sent, at `sampleRate`; nil where nothing is.
  public func tempo(sampleRate: UInt32) -> Double? {
    line.map { Double(sampleRate) * 60 / ($0.interval * Self.ticks) }
  }

  /// The stage has forgotten everything: so does this.
  public mutating func reset() { self = ClockSender() }

  /// What the stage has to be told now. `beat` nil: nothing ticks. `isPlaying`: receivers are to run.
  public mutating func update(
    beat: BeatGrid?, isPlaying: Bool, at now: Instant, clock: FrameClock, delay: UInt64
  ) -> [ClockOrder] {
    guard let beat else { return silence() }
    let view = View(beat: beat, clock: clock, delay: Double(delay))
    let earliest = view.frame(at: now + Self.margin) + 2 * Double(clock.period)
    var orders: [ClockOrder] = []
    if let line {
      // The stage keeps one line that waits for its tick.
      if line.frame <= view.frame(at: now) { follow(view, earliest, &orders) }
    } else {
      begin(view, earliest, &orders)
    }
    if isPlaying != isRunning { orders += isPlaying ? start(view, earliest) : stop() }
    return orders
  }

  private mutating func silence() -> [ClockOrder] {
    guard line != nil else { return [] }
    reset()
    return [ClockOrder(.silence)]
  }

  // MARK: The line

  /// A beat in frames.
  private struct View {
    let beat: BeatGrid
    let clock: FrameClock
    let delay: Double

    func frame(at instant: Instant) -> Double { Double(clock.frames(at: instant).count) + delay }
    func frame(ofBeat position: Double) -> Double { frame(at: beat.instant(at: Beats(position))) }
    /// Of a tick, in frames, as the beat has it.
    var interval: Double {
      60 / beat.tempo.beatsPerMinute / ClockSender.ticks * clock.framesPerSecond
    }
  }

  private mutating func begin(_ view: View, _ earliest: Double, _ orders: inout [ClockOrder]) {
    let soonest = view.beat.position(at: view.clock.instant(of: Frames(UInt64(max(0, earliest - view.delay))))).count
    let first = (soonest * Self.ticks).rounded(.up) / Self.ticks
    let begun = Line(tick: 0, frame: view.frame(ofBeat: first), interval: view.interval, offset: first)
    line = begun
    orders.append(Self.order(begun))
  }

  private mutating func follow(_ view: View, _ earliest: Double, _ orders: inout [ClockOrder]) {
    guard var line else { return }
    let tick = line.first(from: earliest)
    let shift = position(view, atFrame: line.frame(of: tick)) - line.beat(of: tick)
    if shift.magnitude > 0.5 { recount(&line, by: shift, view, tick, &orders) }
    let aim = view.frame(ofBeat: line.beat(of: tick) + 1)
    let miss = aim - (line.frame(of: tick) + Self.ticks * line.interval)
    if miss.magnitude > Self.tolerance.seconds * Double(view.clock.sampleRate) {
      let wanted = (aim - line.frame(of: tick)) / Self.ticks
      let interval = min(1.25 * view.interval, max(0.8 * view.interval, wanted))
      line = Line(tick: tick, frame: line.frame(of: tick), interval: interval, offset: line.offset)
      orders.append(Self.order(line))
    }
    self.line = line
  }

  private func position(_ view: View, atFrame frame: Double) -> Double {
    let instant = view.clock.instant(of: Frames(UInt64(max(0, frame - view.delay))))
    return view.beat.position(at: instant).count
  }

  /// The beats are counted otherwise from now on; whole ones, so that the ticks stay.
  private mutating func recount(
    _ line: inout Line, by shift: Double, _ view: View, _ tick: UInt64, _ orders: inout [ClockOrder]
  ) {
    let beats = shift.rounded()
    line.offset += beats
    let isOtherBar = view.beat.metre != nil && beats.truncatingRemainder(dividingBy: view.beat.bar.count) != 0
    guard isRunning, isOtherBar else {
      beginning = beginning.map { $0 + beats }
      return
    }
    beginning = nil
    isRunning = false
    orders.append(ClockOrder(.stop))
  }

  private static func order(_ line: Line) -> ClockOrder {
    ClockOrder(.time, tick: line.tick, position: FineFrames(line.frame), interval: FineFrames(line.interval))
  }

  // MARK: Start and stop

  /// On a bar line where the metre is known, else on a beat.
  private mutating func start(_ view: View, _ earliest: Double) -> [ClockOrder] {
    guard let line else { return [] }
    let unit = view.beat.metre == nil ? 1 : view.beat.bar.count
    // One tick is left for the announcement.
    let soonest = line.beat(of: line.first(from: earliest) + 1)
    let beat = (soonest / unit - 1e-9).rounded(.up) * unit
    let tick = line.first(from: earliest) + 1 + UInt64(((beat - soonest) * Self.ticks).rounded())
    isRunning = true
    if let beginning, beat > beginning, beat - beginning <= Self.farthest {
      let sixteenths = UInt16(((beat - beginning) * 4).rounded())
      return [ClockOrder(.resume, tick: tick, sixteenths: sixteenths)]
    }
    beginning = beat
    return [ClockOrder(.start, tick: tick)]
  }

  private mutating func stop() -> [ClockOrder] {
    isRunning = false
    return [ClockOrder(.stop)]
  }
}
