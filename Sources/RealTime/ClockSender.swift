// SPDX-License-Identifier: Apache-2.0
// RealTime: time. From the beat as it is known to the clock that the stage sends.
import Music

/// Lays the ticks of a MIDI clock along a beat that may change: what to order of the stage, and when.
///
/// A clock must be even, and a heard beat is not: the ticks keep their line while it meets the beat within `tolerance` a
/// beat from now, and else bend so that they meet it there, by a quarter of their tempo at most. No tick is left out or
/// doubled: receivers count them. Where the beat turns out to be counted otherwise, or is not heard for a moment, ticks and
/// bars run on as long as somebody plays: a receiver never breaks off, but where the server stood still. Bars are where they are heard from the next start on,
/// which waits for a metre rather than begin on a wrong beat, and continues the piece on a bar line of its song.
///
/// A value without a clock; O(1) a call. Frames are the stage's, a beat's instant being heard `delay` frames later.
public struct ClockSender: Sendable {
  public static let tolerance = Duration.microseconds(500)
  /// An order is about a tick at least so far ahead, beside two cycles.
  static let margin = Duration.milliseconds(30)
  /// Frames that were passed over for so long, of which whoever follows has had no ticks.
  private static let standstill = Duration.milliseconds(200)
  private static let ticks = 24.0
  /// A start waits for so many beats for the metre to be known.
  static let patience = 16.0
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
  /// How many beats it had lasted when the ticks ended.
  private var lasted: Double?
  /// A start has waited since this beat.
  private var waiting: Double?
  /// Of the call before.
  private var latest: (now: Instant, frame: Double)?

  public init() {}

  /// Beats a minute of what is sent, at `sampleRate`; nil where nothing is.
  public func tempo(sampleRate: UInt32) -> Double? {
    line.map { Double(sampleRate) * 60 / ($0.interval * Self.ticks) }
  }

  /// The stage has forgotten everything: so does this.
  public mutating func reset() { self = ClockSender() }

  /// What was ordered last is not to be had: the next piece goes on where this one ended.
  public mutating func breakOff() { _ = silence(at: latest?.frame ?? 0) }

  /// What the stage has to be told now. `beat` nil: nothing ticks. `isPlaying`: receivers are to run.
  public mutating func update(
    beat: BeatGrid?, isPlaying: Bool, at now: Instant, clock: FrameClock, delay: UInt64
  ) -> [ClockOrder] {
    let frame = Double(clock.frames(at: now).count) + Double(delay)
    let passed = latest.map { (now - $0.now).seconds * clock.framesPerSecond - (frame - $0.frame) } ?? 0
    latest = (now, frame)
    // Whoever follows has missed ticks: ended, and gone on with at a bar line.
    let hasStoodStill = passed > Self.standstill.seconds * clock.framesPerSecond
    var orders = hasStoodStill ? silence(at: frame) : []
    guard let beat else { return isPlaying ? orders : orders + silence(at: frame) }
    let view = View(beat: beat, clock: clock, delay: Double(delay))
    let earliest = view.frame(at: now + Self.margin) + 2 * Double(clock.period)
    if let line {
      // The stage keeps one line that waits for its tick.
      if line.frame <= frame { follow(view, earliest, &orders) }
    } else {
      begin(view, earliest, &orders)
    }
    if !isPlaying { waiting = nil }
    if isPlaying != isRunning { orders += isPlaying ? start(view, earliest) : stop() }
    return orders
  }

  private mutating func silence(at frame: Double) -> [ClockOrder] {
    guard let line else { return [] }
    let lasted = beginning.map { line.beat(of: line.first(from: frame)) - $0 } ?? lasted
    let latest = latest
    reset()
    (self.lasted, self.latest) = (lasted, latest)
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
    // The beats are counted otherwise from now on; whole ones, so that ticks and bars run on.
    if shift.magnitude > 0.5 {
      line.offset += shift.rounded()
      beginning = beginning.map { $0 + shift.rounded() }
      waiting = waiting.map { $0 + shift.rounded() }
    }
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

  private static func order(_ line: Line) -> ClockOrder {
    ClockOrder(.time, tick: line.tick, position: FineFrames(line.frame), interval: FineFrames(line.interval))
  }

  // MARK: Start and stop

  /// On a bar line, of four beats where the metre does not become known.
  private mutating func start(_ view: View, _ earliest: Double) -> [ClockOrder] {
    guard let line else { return [] }
    // One tick is left for the announcement.
    let soonest = line.beat(of: line.first(from: earliest) + 1)
    let since = min(soonest, waiting ?? soonest)
    waiting = since
    guard view.beat.metre != nil || soonest - since >= Self.patience else { return [] }
    let bar = view.beat.bar.count
    let beat = (soonest / bar - 1e-9).rounded(.up) * bar
    let tick = line.first(from: earliest) + 1 + UInt64(((beat - soonest) * Self.ticks).rounded())
    (isRunning, waiting) = (true, nil)
    // The piece goes on at the bar line of its own that is next.
    let played = (beginning.map { beat - $0 } ?? lasted).map { ($0 / bar - 1e-9).rounded(.up) * bar } ?? 0
    beginning = beat - played
    guard played > 0, played <= Self.farthest else {
      beginning = beat
      return [ClockOrder(.start, tick: tick)]
    }
    return [ClockOrder(.resume, tick: tick, sixteenths: UInt16((played * 4).rounded()))]
  }

  private mutating func stop() -> [ClockOrder] {
    isRunning = false
    return [ClockOrder(.stop)]
  }
}
