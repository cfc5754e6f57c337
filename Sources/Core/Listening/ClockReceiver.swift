// SPDX-License-Identifier: Apache-2.0
// Core/Listening: which of several MIDI clocks counts, and what it says.
import Music

/// Hears the clocks of every source and tells what follows from them, when it does: not each tick, but a beat that is
/// new, a stop, a loss. Whoever is told can do without ticks, and a journal of it is short.
///
/// The first clock that runs (between start or continue and stop) leads until it stops or is lost; then another that runs
/// takes over. A clock that only ticks, as many keyboards do all day, leads nobody. A clock that does not tick for
/// `ClockFollower.patience` is lost. A state machine without a clock of its own; a tick costs what `ClockFollower` costs.
public struct ClockReceiver: Sendable {
  public enum Change: Hashable, Sendable {
    /// The beat, counted from the beginning of the piece.
    case running(BeatGrid)
    case stopped
    /// No ticks any more, without a stop: what is heard counts.
    case lost
  }

  /// Sources beyond are not listened to.
  public static let mostSources = 16
  /// A beat farther than this from the one that was told is told anew, and so is any after this many ticks.
  private static let tolerance = Duration.milliseconds(2)
  private static let tempoTolerance = 0.005
  private static let ticksBetween = Int(ClockFollower.ticksInABeat)

  private struct Source: Sendable {
    let number: UInt32
    var follower = ClockFollower()
    var last = Instant.zero
  }

  /// Of a MIDI clock, which knows of none.
  public var metre: TimeSignature?
  /// In the order in which they were first heard.
  private var sources: [Source] = []
  private var leader: UInt32?
  private var told: BeatGrid?
  private var ticks = 0

  public init(metre: TimeSignature? = nil) { self.metre = metre }

  /// Whether a clock gives the beat.
  public var isLed: Bool { told != nil }

  /// When `advance` has to be called, if no tick comes before; nil where nobody leads.
  public var deadline: Instant? {
    guard let leader, let source = sources.first(where: { $0.number == leader }) else { return nil }
    return source.last + ClockFollower.patience
  }

  public mutating func hear(_ message: ClockFollower.Message, from number: UInt32, at instant: Instant) -> Change? {
    guard let index = index(of: number) else { return nil }
    sources[index].follower.hear(message, at: instant)
    sources[index].last = max(sources[index].last, instant)
    if leader == nil, sources[index].follower.isRunning { leader = number }
    guard leader == number else { return nil }
    guard sources[index].follower.isRunning else { return end(.stopped) }
    guard message == .tick else { return nil }
    return tell(sources[index], at: instant)
  }

  /// `now` is the present: a clock that has fallen silent is lost.
  public mutating func advance(to now: Instant) -> Change? {
    guard let deadline, deadline <= now, let leader else { return nil }
    return lose(leader)
  }

  /// The source is unplugged.
  public mutating func lose(_ number: UInt32) -> Change? {
    sources.removeAll { $0.number == number }
    return leader == number ? end(.lost) : nil
  }

  /// Nobody is listened to any more.
  public mutating func loseAll() -> Change? {
    sources = []
    return leader == nil ? nil : end(.lost)
  }

  private mutating func index(of number: UInt32) -> Int? {
    if let index = sources.firstIndex(where: { $0.number == number }) { return index }
    guard sources.count < Self.mostSources else { return nil }
    sources.append(Source(number: number))
    return sources.count - 1
  }

  /// A clock that was not told of has not ended either. The next that runs and ticks leads from its next tick on.
  private mutating func end(_ change: Change) -> Change? {
    defer { told = nil }
    leader = nil
    return told == nil ? nil : change
  }

  private mutating func tell(_ source: Source, at now: Instant) -> Change? {
    guard let grid = source.follower.grid(at: now, metre: metre) else { return nil }
    ticks += 1
    if let told, ticks < Self.ticksBetween, Self.agree(told, grid, at: now) { return nil }
    ticks = 0
    told = grid
    return .running(grid)
  }

  private static func agree(_ a: BeatGrid, _ b: BeatGrid, at now: Instant) -> Bool {
    let distance = (a.position(at: now) - b.position(at: now)).count.magnitude * b.tempo.beat.seconds
    let ratio = a.tempo.beatsPerMinute / b.tempo.beatsPerMinute
    return distance < tolerance.seconds && (ratio - 1).magnitude < tempoTolerance && a.metre == b.metre
  }
}

extension ClockFollower.Message {
  /// The system messages that give time (MIDI 1.0 Detailed Specification, "System Common" and "System Real Time"); nil for
  /// all others.
  public init?(_ message: MIDIMessage) {
    switch message.status {
    case 0xF2:
      guard message.data1 < 0x80, message.data2 < 0x80 else { return nil }
      self = .position(sixteenths: Int(message.data2) << 7 | Int(message.data1))
    case 0xF8: self = .tick
    case 0xFA: self = .start
    case 0xFB: self = .resume
    case 0xFC: self = .stop
    default: return nil
    }
  }
}
