// SPDX-License-Identifier: Apache-2.0
// Control/Protocol: the one closed table of commands. Help, docs/protocol.md and the checks of requests come from it.

/// Every command that jamd understands, by its name on the wire and on the command line.
public enum CommandName: String, CaseIterable, Sendable {
  case status
  case styleList = "style list"
  case styleUse = "style use"
  case styleMix = "style mix"
  case playerList = "player list"
  case playerUse = "player use"
  case configShow = "config show"
  case mode, role, bars, variation, chart, morph
  case setParameter = "set"
  case answer, stop, tap
  case midiLearn = "midi learn"
  case countIn = "count-in"
  case midiForget = "midi forget"
  case midiSplit = "midi split"
  case midiKeyboards = "midi keyboards"
  case clockIn = "clock in"
  case clockOut = "clock out"
  case transport
  case panic
  case watch
}

/// What a command does to the jam; a transport may grant the one without the other.
public enum Permission: String, Sendable {
  /// Only looks.
  case observe
  /// Changes what is heard.
  case play

  /// Whether who has it may give this command.
  public func includes(_ command: ControlCommand) -> Bool {
    self == .play || command.name.description.permission == .observe
  }
}

/// One named argument of a command.
public struct ArgumentDescription: Sendable {
  public enum Kind: Sendable {
    /// A string of 1 to `longest` UTF-8 bytes without control characters.
    case text(longest: Int)
    /// true or false; false when left out.
    case flag
    /// One of these texts.
    case choice([String])
    /// A finite number in the range.
    case number(ClosedRange<Double>)
    /// An object of names, each text of 1 to 255 bytes, and weights, finite numbers from 0 to 1000, not all 0; at most 16.
    case weights

    /// Of a text, in bytes; 0 for anything else.
    var longest: Int { if case .text(let longest) = self { longest } else { 0 } }
  }

  public let name: String
  public let kind: Kind
  public let isRequired: Bool
  public let explanation: String
}

/// A row of the table.
public struct CommandDescription: Sendable {
  public let name: CommandName
  public let arguments: [ArgumentDescription]
  public let permission: Permission
  /// One sentence in the imperative, without a full stop.
  public let summary: String
  /// What the reply's `result` holds.
  public let result: String
}

extension CommandName {
  /// The row of this command.
  public var description: CommandDescription {
    switch self {
    case .status:
      row(.observe, "Show what jamd is doing", result: "the status, see below")
    case .styleList:
      row(.observe, "List the styles that jamd has found", result: "`styles`: an array of styles, see below")
    case .styleUse:
      row(
        .play, "Answer in another style, from the next phrase on", [Self.styleName, Self.now],
        result: "an empty object; the change itself comes as the event `style changed`")
    case .playerList:
      row(.observe, "List the players whose playing is kept", result: "`players`: an array of players, see below")
    case .playerUse:
      row(
        .play, "Learn from, and answer, another player from now on", [Self.playerName],
        result: "an empty object, once what is known of the player is in use")
    case .styleMix:
      row(
        .play, "Mix any number of styles and the player, from now on", [Self.weights, Self.over],
        result: "an empty object; the change itself comes as the event `mix changed`")
    case .configShow:
      row(.observe, "Show every setting in force, and where it comes from", result: "`settings`: an array, see below")
    case .mode, .role, .bars, .variation, .chart, .morph, .setParameter, .answer, .stop, .tap, .midiLearn: playing
    case .countIn, .midiForget, .midiSplit, .midiKeyboards, .clockIn, .clockOut, .transport: hands
    case .panic:
      row(.play, "Silence everything at once and forget the phrase in progress", result: "an empty object")
    case .watch:
      row(
        .observe, "Send every event from now on over this connection",
        result: "an empty object; events follow until the connection is closed")
    }
  }

  private static let styleName = ArgumentDescription(
    name: "name", kind: .text(longest: 255), isRequired: true, explanation: "the style's name, as in `style list`")

  private static let playerName = ArgumentDescription(
    name: "name", kind: .text(longest: 64), isRequired: true,
    explanation: "the player's name; a new one begins with nothing")

  private static let now = ArgumentDescription(
    name: "now", kind: .flag, isRequired: false, explanation: "at once instead of from the next phrase on")

  private static let weights = ArgumentDescription(
    name: "weights", kind: .weights, isRequired: true,
    explanation: "the weight of each style, and of the player as `me`; without `me` the player keeps its share")

  static let over = ArgumentDescription(
    name: "over", kind: .number(0...3600), isRequired: false,
    explanation: "so many seconds the mix takes to get there, in a straight line; 0 when left out")

  func row(
    _ permission: Permission, _ summary: String, _ arguments: [ArgumentDescription] = [], result: String
  ) -> CommandDescription {
    CommandDescription(name: self, arguments: arguments, permission: permission, summary: summary, result: result)
  }
}
