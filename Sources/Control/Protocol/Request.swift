// SPDX-License-Identifier: Apache-2.0
// Control/Protocol: what a client asks.
import Music

/// The version of the protocol: raised when a client that knows only the one before would be misled.
public let protocolVersion = 1

/// A command with its arguments, checked against the table.
public enum ControlCommand: Hashable, Sendable {
  case status
  case styleList
  case styleUse(name: String, now: Bool)
  case playerList
  case playerUse(name: String)
  /// Weights by name, sorted by it; `over` in seconds.
  case styleMix(weights: [StyleShare], over: Double)
  case configShow
  case mode(PlayingMode)
  /// Nil: as the mode would have it.
  case role(Role?)
  case bars(Int)
  case variation(VariationChoice)
  /// In one line; nil: what is heard counts.
  case chart(String?)
  /// 0 is the style, 1 the player; `over` in seconds.
  case morph(to: Double, over: Double)
  /// The share of its range, 0...1.
  case set(Parameter, to: Double)
  case answer
  case stop
  case tap
  case midiLearn(Parameter)
  case hands(HandsCommand)
  case panic
  case watch

  public var name: CommandName {
    switch self {
    case .status: .status
    case .styleList: .styleList
    case .styleUse: .styleUse
    case .playerList: .playerList
    case .playerUse: .playerUse
    case .styleMix: .styleMix
    case .configShow: .configShow
    case .mode: .mode
    case .role: .role
    case .bars: .bars
    case .variation: .variation
    case .chart: .chart
    case .morph: .morph
    case .set: .setParameter
    case .answer: .answer
    case .stop: .stop
    case .tap: .tap
    case .midiLearn: .midiLearn
    case .hands(let command): command.name
    case .panic: .panic
    case .watch: .watch
    }
  }
}

/// A command and the number by which its reply is recognised.
public struct Request: Hashable, Sendable {
  /// Numbers above this do not survive JSON in every language (RFC 8259, section 6).
  public static let largestID = 1 << 53 - 1
  /// Bytes of a line that jamd reads: the longest text of any command, of which each byte may be escaped with a backslash,
  /// and what else a request has.
  public static let longestLine = {
    let longest = CommandName.allCases.flatMap(\.description.arguments).map(\.kind.longest).max() ?? 0
    return 4096 + 2 * longest
  }()

  /// 0...`largestID`, chosen by the client.
  public var id: Int
  public var command: ControlCommand

  public init(id: Int, command: ControlCommand) {
    self.id = id
    self.command = command
  }
}

/// Why a request was not carried out: a code for programs, a text for people.
public struct CommandFailure: Error, Hashable, Sendable, Codable {
  public enum Code: String, Hashable, Sendable, Codable, CaseIterable {
    case badRequest = "bad-request"
    case unknownCommand = "unknown-command"
    case badArgument = "bad-argument"
    case unknownStyle = "unknown-style"
    case unavailable
    case tooManyClients = "too-many-clients"
    case notAllowed = "not-allowed"

    /// For the documentation.
    public var explanation: String {
      switch self {
      case .badRequest: "the line is not a request of this version, or is too long"
      case .unknownCommand: "no such command"
      case .badArgument: "an argument is missing, unknown, of the wrong type or out of range"
      case .unknownStyle: "no style of that name can be used"
      case .unavailable: "jamd cannot do it now; the message says why"
      case .tooManyClients: "too many connections at once; this one is closed"
      case .notAllowed: "this client may only look, or nothing"
      }
    }
  }

  public var code: Code
  public var message: String

  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }
}

extension CommandFailure: CustomStringConvertible {
  public var description: String { message }
}
