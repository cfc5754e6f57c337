// SPDX-License-Identifier: Apache-2.0
// Core/Listening: the beat of a MIDI clock.
import Music

/// Follows a MIDI clock: 24 ticks to the quarter note, start, stop, continue and song position (MIDI 1.0 Detailed
/// Specification 4.2, "System Real Time Messages" and "Song Position Pointer").
///
/// The line through the last two beats of ticks gives tempo and phase, so that a tick that the wire delayed does not move
/// the beat; ticks that leave the line for good begin a new one. O(1) memory, O(window) a tick.
public struct ClockFollower: Sendable {
  public enum Message: Hashable, Sendable {
    case tick
    /// The next tick is the beginning of the piece.
    case start
    /// The next tick is where the piece was stopped, or where a song position put it.
    case resume
    case stop
    /// In sixteenths from the beginning of the piece, 0...16383.
    case position(sixteenths: Int)
  }

  public static let ticksInABeat = 24.0
  private static let window = 48
  /// Ticks that are enough for a tempo.
  private static let fewest = 7
  /// So long without a tick, and the clock is gone: twice a tick at 20 beats a minute.
  public static let patience = Duration.milliseconds(250)
  private static let longestTick = patience.seconds
  /// A tick so far from the line, as a share of the time between ticks, has left it.
  private static let deviation = 0.75

  /// Between start or continue and stop. A clock may run without it: then its tempo counts, and its beats are where the
  /// follower first heard it.
  public private(set) var isRunning = false
  /// Times of the latest ticks in seconds after `base`, and how many there were before them.
  private var times: [Double] = []
  private var base = Instant.zero
  private var last: Instant?
  /// The position of the latest tick, in ticks.
  private var position = -1
  /// What the next tick's position will be, where a message has set it.
  private var next: Int?
  /// Ticks in a row that were not where the line wanted them.
  private var strays = 0

  public init() {}

  public mutating func hear(_ message: Message, at instant: Instant) {
    switch message {
    case .tick: tick(at: instant)
    case .start: (next, isRunning) = (0, true)
    case .resume:
      next = next ?? position + 1
      isRunning = true
    case .stop: isRunning = false
    case .position(let sixteenths):
      next = min(16383, max(0, sixteenths)) * 6
    }
  }

  /// The clock's beat as it is known at `now`, counted from the beginning of the piece; nil before there were enough ticks,
  /// and when none came for a while.
  public func grid(at now: Instant, metre: TimeSignature? = nil) -> BeatGrid? {
    guard let last, (now - last).seconds < Self.longestTick, let line, let tempo = line.tempo else { return nil }
    return BeatGrid(
      tempo: tempo, anchor: base + .seconds(line.end), origin: Beats(Double(position) / Self.ticksInABeat),
      metre: metre, confidence: min(1, Double(times.count) / Self.ticksInABeat))
  }

  private mutating func tick(at instant: Instant) {
    if let last, instant <= last || (instant - last).seconds >= Self.longestTick {
      times.removeAll(keepingCapacity: true)
    }
    // A position that is set is where this tick is, whatever came before.
    position = next ?? position + 1
    next = nil
    last = instant
    leaveStrays(at: instant)
    if times.isEmpty { base = instant }
    times.append((instant - base).seconds)
    if times.count > Self.window { drop(times.count - Self.window) }
  }

  /// Begins a new line with the latest ticks once several in a row do not fit the old one.
  private mutating func leaveStrays(at instant: Instant) {
    guard let line else {
      strays = 0
      return
    }
    let error = (instant - base).seconds - (line.end + line.step)
    guard error.magnitude > Self.deviation * line.step else {
      strays = 0
      return
    }
    strays += 1
    if strays >= 3 {
      drop(times.count - strays + 1)
      strays = 0
    }
  }

  private mutating func drop(_ count: Int) {
    times.removeFirst(count)
    guard let first = times.first else { return }
    base = base + .seconds(first)
    for index in times.indices { times[index] -= first }
  }

  private struct Line {
    /// Seconds between ticks, and the time of the latest tick.
    var step, end: Double

    var tempo: Tempo? { Tempo(beatsPerMinute: 60 / (step * ClockFollower.ticksInABeat)) }
  }

  /// Least squares; nil for too few ticks.
  private var line: Line? {
    guard times.count >= Self.fewest else { return nil }
    let count = Double(times.count)
    let meanTime = times.reduce(0, +) / count
    let meanIndex = (count - 1) / 2
    var covariance = 0.0
    for (index, time) in times.enumerated() { covariance += (Double(index) - meanIndex) * (time - meanTime) }
    let step = covariance / (count * (count * count - 1) / 12)
    return step > 0 ? Line(step: step, end: meanTime + step * (count - 1 - meanIndex)) : nil
  }
}
