// SPDX-License-Identifier: Apache-2.0
// Programs/jam, online: what the live view of jam watch knows.
import ControlProtocol

/// The last seconds of a jam, from jamd's events and status. A value without a clock or a terminal: `LivePicture` draws it.
package struct LiveView: Sendable {
  /// A bar of the piano roll. Seconds since jamd started.
  struct Bar: Hashable, Sendable {
    enum Player: Sendable { case musician, jamd }

    var player: Player
    var pitch: Int
    var start: Double
    /// Nil while the key is held.
    var end: Double?
  }

  /// How far back the roll can reach, in seconds.
  static let memory = 60.0
  /// More bars than a player can strike in that time.
  private static let capacity = 4096
  private static let lineCount = 3

  private(set) var bars: [Bar] = []
  private(set) var status: StatusSnapshot?
  private(set) var tempo: Double?
  private(set) var key: String?
  /// The last things that happened and are no notes, in words, the newest last.
  private(set) var lines: [String] = []

  package init() {}

  package mutating func take(_ status: StatusSnapshot) { self.status = status }

  /// Events without a sensible time are left out.
  package mutating func take(_ timed: TimedEvent) {
    guard timed.at.isFinite else { return }
    switch timed.event {
    case .noteHeard(let pitch, _, _): strike(pitch, at: timed.at)
    case .noteReleased(let pitch, _): release(at: timed.at) { $0.pitch == pitch }
    case .answered(_, let plan, _):
      bars += plan.filter { $0.at.isFinite && $0.duration.isFinite }.map {
        Bar(player: .jamd, pitch: $0.pitch, start: $0.at, end: $0.at + $0.duration)
      }
    case .yielded: cut(.jamd, at: timed.at)
    case .keyboardGone: release(at: timed.at) { _ in true }
    case .panicked:
      release(at: timed.at) { _ in true }
      cut(.jamd, at: timed.at)
    case .phraseEnded(_, let tempo, let key): (self.tempo, self.key) = (tempo, key)
    default: break
    }
    tell(timed)
    forget(before: timed.at - Self.memory)
  }

  private mutating func tell(_ timed: TimedEvent) {
    switch timed.event {
    case .noteHeard, .noteReleased, .phraseBegan: return
    default: lines = (lines + [String(EventText.text(timed).dropLast())]).suffix(Self.lineCount)
    }
  }

  private mutating func strike(_ pitch: Int, at instant: Double) {
    release(at: instant) { $0.pitch == pitch }
    bars.append(Bar(player: .musician, pitch: pitch, start: instant))
  }

  private mutating func release(at instant: Double, where holds: (Bar) -> Bool) {
    for index in bars.indices where bars[index].end == nil && holds(bars[index]) { bars[index].end = instant }
  }

  /// What `player` would have sounded from `instant` on does not sound.
  private mutating func cut(_ player: Bar.Player, at instant: Double) {
    bars.removeAll { $0.player == player && $0.start >= instant }
    for index in bars.indices where bars[index].player == player {
      bars[index].end = bars[index].end.map { min($0, instant) }
    }
  }

  private mutating func forget(before instant: Double) {
    bars.removeAll { ($0.end ?? instant) < instant }
    if bars.count > Self.capacity { bars.removeFirst(bars.count - Self.capacity) }
  }
}
