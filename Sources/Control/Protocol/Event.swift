// SPDX-License-Identifier: Apache-2.0
// Control/Protocol: what `jam watch` hears of.

/// Something that happened in the jam.
public enum Event: Hashable, Sendable {
  case keyboardConnected(name: String)
  case keyboardGone(name: String)
  /// MIDI pitch 0...127 and velocity 1...127.
  case noteHeard(pitch: Int, velocity: Int, keyboard: String)
  case noteReleased(pitch: Int, keyboard: String)
  case phraseBegan
  /// Tempo in beats a minute; nil for a key that could not be told.
  case phraseEnded(notes: Int, tempo: Double, key: String?)
  /// The whole answer as planned; a later `yielded` ends it.
  case answered(styles: [String], plan: [PlannedNote], copied: CopiedPassage? = nil)
  /// The player started again and the answer gave way.
  case yielded
  case styleChanged(styles: [String])
  /// The shares that the mix now moves to, and in how many seconds.
  case mixChanged(shares: [StyleShare], over: Double)
  case panicked
  /// Sample rate in Hz, period in frames.
  case jackUp(server: String, sampleRate: Int, period: Int)
  case jackDown(server: String)
  case warning(String)

  public enum Kind: String, CaseIterable, Hashable, Sendable, Codable {
    case keyboardConnected = "keyboard connected"
    case keyboardGone = "keyboard gone"
    case noteHeard = "note heard"
    case noteReleased = "note released"
    case phraseBegan = "phrase began"
    case phraseEnded = "phrase ended"
    case answered
    case yielded
    case styleChanged = "style changed"
    case mixChanged = "mix changed"
    case panicked
    case jackUp = "jack up"
    case jackDown = "jack down"
    case warning
  }

  public var kind: Kind {
    switch self {
    case .keyboardConnected: .keyboardConnected
    case .keyboardGone: .keyboardGone
    case .noteHeard: .noteHeard
    case .noteReleased: .noteReleased
    case .phraseBegan: .phraseBegan
    case .phraseEnded: .phraseEnded
    case .answered: .answered
    case .yielded: .yielded
    case .styleChanged: .styleChanged
    case .mixChanged: .mixChanged
    case .panicked: .panicked
    case .jackUp: .jackUp
    case .jackDown: .jackDown
    case .warning: .warning
    }
  }
}

/// Successive events of an answer, more than eight, that stand like that in a piece that a style has learned.
public struct CopiedPassage: Hashable, Sendable {
  public var count: Int
  public var style: String

  public init(count: Int, style: String) {
    self.count = count
    self.style = style
  }
}

/// A note that jamd is going to play.
public struct PlannedNote: Hashable, Sendable, Codable {
  /// Seconds since jamd started.
  public var at: Double
  /// Seconds.
  public var duration: Double
  /// MIDI pitch 0...127 and velocity 1...127.
  public var pitch: Int
  public var velocity: Int

  public init(at: Double, duration: Double, pitch: Int, velocity: Int) {
    self.at = at
    self.duration = duration
    self.pitch = pitch
    self.velocity = velocity
  }
}

/// An event and when it happened.
public struct TimedEvent: Hashable, Sendable {
  /// Seconds since jamd started.
  public var at: Double
  public var event: Event

  public init(at: Double, _ event: Event) {
    self.at = at
    self.event = event
  }
}

extension Event.Kind {
  /// For the documentation.
  public var explanation: String {
    switch self {
    case .keyboardConnected: "a keyboard was plugged in and plays"
    case .keyboardGone: "a keyboard was unplugged; its held notes count as released"
    case .noteHeard: "a key was struck"
    case .noteReleased: "a key was let go; the pedal may still hold its note"
    case .phraseBegan: "the first note after a silence"
    case .phraseEnded: "the phrase is over; its tempo in beats a minute and its key, where one could be told"
    case .answered:
      "an answer was planned and starts; `plan` has its notes, onset and duration in seconds, `at` counted like the "
        + "event's; `copied` events in a row, where they are more than eight, stand like that in a piece of the style "
        + "`copiedFrom`"
    case .yielded: "the player started again and the answer gave way"
    case .styleChanged: "from now on answers are in these styles"
    case .mixChanged:
      "from now on the mix moves to these shares of 1, and is there after `over` seconds; `me` is the player"
    case .panicked: "everything was silenced"
    case .jackUp: "connected to a JACK server; sample rate in Hz, period in frames"
    case .jackDown: "the JACK server went away; jamd looks for it again"
    case .warning: "something needs attention; the text says what to do"
    }
  }
}
