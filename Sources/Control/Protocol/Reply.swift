// SPDX-License-Identifier: Apache-2.0
// Control/Protocol: what the daemon answers.
import FoundationEssentials

/// The outcome of a command.
public enum Reply: Hashable, Sendable {
  case done
  case status(StatusSnapshot)
  case styles([StyleEntry])
  case players([PlayerEntry])
  case settings([SettingEntry])
  case failure(CommandFailure)
}

/// One line from the daemon.
public enum ServerMessage: Hashable, Sendable {
  /// `id` is that of the request; nil when the request had none that could be read.
  case reply(id: Int?, Reply)
  case event(TimedEvent)
}

/// A line from the daemon that is no message of this version.
public struct MessageError: Error, Hashable, Sendable, CustomStringConvertible {
  public let description: String
}

private struct StyleListResult: Codable {
  var styles: [StyleEntry]
}

private struct PlayerListResult: Codable {
  var players: [PlayerEntry]
}

private struct SettingListResult: Codable {
  var settings: [SettingEntry]
}

private struct Nothing: Codable {}

private struct ReplyLine<Result: Encodable>: Encodable {
  var version = protocolVersion
  var id: Int?
  var result: Result?
  var error: CommandFailure?
}

/// Only as much as tells one kind of line from the other.
private struct Envelope: Decodable {
  var version: Int
  var event: String?
  var id: Int?
  var error: CommandFailure?
}

private struct ResultLine<Result: Decodable>: Decodable {
  var result: Result
}

extension ServerMessage {
  /// The message as one line of JSON with its newline; the same message always gives the same bytes.
  public func encoded() -> [UInt8] {
    switch self {
    case .event(let event): event.encoded()
    case .reply(let id, .done): encodedLine(ReplyLine(id: id, result: Nothing()))
    case .reply(let id, .status(let status)): encodedLine(ReplyLine(id: id, result: status))
    case .reply(let id, .styles(let styles)): encodedLine(ReplyLine(id: id, result: StyleListResult(styles: styles)))
    case .reply(let id, .players(let players)):
      encodedLine(ReplyLine(id: id, result: PlayerListResult(players: players)))
    case .reply(let id, .settings(let settings)):
      encodedLine(ReplyLine(id: id, result: SettingListResult(settings: settings)))
    case .reply(let id, .failure(let failure)): encodedLine(ReplyLine<Nothing>(id: id, error: failure))
    }
  }

  /// The message in one line of JSON, without the newline; what a reply's result holds follows from the `command` that
  /// it answers.
  public init(parsing line: some Collection<UInt8>, replyTo command: CommandName) throws(MessageError) {
    let data = Data(line)
    guard let envelope: Envelope = decoded(data) else { throw MessageError(description: "not a message of jamd") }
    guard envelope.version == protocolVersion else {
      throw MessageError(
        description: "jamd speaks version \(envelope.version) of the protocol and jam version \(protocolVersion)")
    }
    if let failure = envelope.error {
      self = .reply(id: envelope.id, .failure(failure))
    } else if envelope.event != nil {
      guard let event: TimedEvent = decoded(data) else {
        throw MessageError(description: "an event of an unknown kind")
      }
      self = .event(event)
    } else if let reply = Reply(data, to: command) {
      self = .reply(id: envelope.id, reply)
    } else {
      throw MessageError(description: "not a reply to \"\(command.rawValue)\"")
    }
  }
}

extension Reply {
  /// Nil when the result is not the command's.
  fileprivate init?(_ data: Data, to command: CommandName) {
    switch command {
    case .status:
      guard let line: ResultLine<StatusSnapshot> = decoded(data) else { return nil }
      self = .status(line.result)
    case .styleList:
      guard let line: ResultLine<StyleListResult> = decoded(data) else { return nil }
      self = .styles(line.result.styles)
    case .playerList:
      guard let line: ResultLine<PlayerListResult> = decoded(data) else { return nil }
      self = .players(line.result.players)
    case .configShow:
      guard let line: ResultLine<SettingListResult> = decoded(data) else { return nil }
      self = .settings(line.result.settings)
    case .playerUse, .styleUse, .styleMix, .mode, .role, .bars, .variation, .chart, .morph, .setParameter, .answer,
      .stop, .tap, .midiLearn, .countIn, .midiForget, .midiSplit, .midiKeyboards, .clockIn, .clockOut, .transport,
      .panic, .watch:
      guard let _: ResultLine<Nothing> = decoded(data) else { return nil }
      self = .done
    }
  }
}
