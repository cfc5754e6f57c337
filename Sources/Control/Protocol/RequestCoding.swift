// SPDX-License-Identifier: Apache-2.0
// Control/Protocol: requests as lines of JSON, checked against the table of commands.
import FoundationEssentials

/// Any JSON value; numbers only as far as a request needs them.
enum JSONValue: Codable, Hashable, Sendable {
  case null
  case flag(Bool)
  case number(Double)
  case text(String)
  case array([JSONValue])
  case object([String: JSONValue])

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let flag = try? container.decode(Bool.self) {
      self = .flag(flag)
    } else if let number = try? container.decode(Double.self) {
      self = .number(number)
    } else if let text = try? container.decode(String.self) {
      self = .text(text)
    } else if let array = try? container.decode([JSONValue].self) {
      self = .array(array)
    } else {
      self = .object(try container.decode([String: JSONValue].self))
    }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .null: try container.encodeNil()
    case .flag(let flag): try container.encode(flag)
    case .number(let number): try container.encode(number)
    case .text(let text): try container.encode(text)
    case .array(let array): try container.encode(array)
    case .object(let object): try container.encode(object)
    }
  }
}

/// A request that was refused, with its number where that could be read.
public struct RefusedRequest: Error, Hashable, Sendable {
  public var id: Int?
  public var failure: CommandFailure

  public init(id: Int? = nil, failure: CommandFailure) {
    self.id = id
    self.failure = failure
  }
}

extension Request {
  /// The request in one line of JSON, without the newline. Any thread; O(length).
  public init(parsing line: some Collection<UInt8>) throws(RefusedRequest) {
    guard let value = try? JSONDecoder().decode(JSONValue.self, from: Data(line)), case .object(let fields) = value
    else {
      throw RefusedRequest(
        id: nil, failure: CommandFailure(.badRequest, "not a JSON object; send {\"command\": \"status\", \"id\": 1}"))
    }
    let id = Self.wholeNumber(fields["id"])
    do {
      try Self.checkEnvelope(fields, id: id)
      self.init(id: id ?? 0, command: try ControlCommand(fields))
    } catch {
      throw RefusedRequest(id: id, failure: error)
    }
  }

  private static func wholeNumber(_ value: JSONValue?) -> Int? {
    guard case .number(let number) = value, number >= 0, number <= Double(largestID) else { return nil }
    return Int(exactly: number)
  }

  private static func checkEnvelope(_ fields: [String: JSONValue], id: Int?) throws(CommandFailure) {
    let known = ["arguments", "command", "id", "version"]
    for field in fields.keys.sorted() where !known.contains(field) {
      throw CommandFailure(.badRequest, "unknown field \"\(field)\"; a request has \(known.joined(separator: ", "))")
    }
    if let version = fields["version"], version != .number(Double(protocolVersion)) {
      throw CommandFailure(
        .badRequest, "this jamd speaks version \(protocolVersion) of the protocol; use a jam of its age")
    }
    if fields["id"] != nil, id == nil {
      throw CommandFailure(.badRequest, "\"id\" has to be a whole number from 0 to \(largestID)")
    }
  }

  /// The request as one line of JSON with its newline; the same request always gives the same bytes.
  public func encoded() -> [UInt8] {
    var fields: [String: JSONValue] = [
      "version": .number(Double(protocolVersion)), "id": .number(Double(id)), "command": .text(command.name.rawValue),
    ]
    switch command {
    case .styleUse(let name, let now): fields["arguments"] = .object(["name": .text(name), "now": .flag(now)])
    case .playerUse(let name): fields["arguments"] = .object(["name": .text(name)])
    case .styleMix(let weights, let over):
      let named = weights.map { ($0.name, JSONValue.number($0.weight)) }
      fields["arguments"] = .object(["weights": .object(Dictionary(named) { $1 }), "over": .number(over)])
    case .mode, .role, .bars, .variation, .chart, .morph, .set, .midiLearn:
      fields["arguments"] = .object(command.playingArguments)
    case .hands(let command): if !command.arguments.isEmpty { fields["arguments"] = .object(command.arguments) }
    case .status, .styleList, .playerList, .configShow, .answer, .stop, .tap, .panic, .watch: break
    }
    return encodedLine(JSONValue.object(fields))
  }
}

extension ControlCommand {
  init(_ fields: [String: JSONValue]) throws(CommandFailure) {
    guard case .text(let text) = fields["command"] else {
      throw CommandFailure(.badRequest, "\"command\" is missing or no string")
    }
    guard let name = CommandName(rawValue: text) else { throw Self.unknownCommand(text) }
    let arguments = try CheckedArguments(fields["arguments"], for: name)
    switch name {
    case .status: self = .status
    case .styleList: self = .styleList
    case .playerList: self = .playerList
    case .playerUse: self = .playerUse(name: arguments.text("name"))
    case .styleUse: self = .styleUse(name: arguments.text("name"), now: arguments.flag("now"))
    case .styleMix: self = .styleMix(weights: arguments.weights("weights"), over: arguments.number("over"))
    case .configShow: self = .configShow
    case .mode, .role, .bars, .variation, .chart, .morph, .setParameter, .midiLearn: self = .playing(name, arguments)
    case .countIn, .midiForget, .midiSplit, .midiKeyboards, .clockIn, .clockOut, .transport:
      self = HandsCommand(name, arguments).map { .hands($0) } ?? .status
    case .answer: self = .answer
    case .stop: self = .stop
    case .tap: self = .tap
    case .panic: self = .panic
    case .watch: self = .watch
    }
  }

  private static func unknownCommand(_ text: String) -> CommandFailure {
    let names = CommandName.allCases.map(\.rawValue)
    if let near = suggestion(for: text, among: names) {
      return CommandFailure(.unknownCommand, "unknown command \"\(text.prefix(64))\"; did you mean \"\(near)\"?")
    }
    return CommandFailure(.unknownCommand, "unknown command; there are \(names.joined(separator: ", "))")
  }
}

/// Arguments that are known to fit their row of the table.
struct CheckedArguments {
  private var values: [String: JSONValue] = [:]

  init(_ given: JSONValue?, for name: CommandName) throws(CommandFailure) {
    if let given {
      guard case .object(let values) = given else { throw CommandFailure(.badArgument, "\"arguments\" is no object") }
      self.values = values
    }
    let rows = name.description.arguments
    for given in values.keys.sorted() where !rows.contains(where: { $0.name == given }) {
      let hint = suggestion(for: given, among: rows.map(\.name)).map { "; did you mean \"\($0)\"?" } ?? ""
      throw CommandFailure(.badArgument, "\"\(name.rawValue)\" has no argument \"\(given.prefix(64))\"\(hint)")
    }
    for row in rows { try Self.check(values[row.name], row, of: name) }
  }

  private static func check(_ value: JSONValue?, _ row: ArgumentDescription, of name: CommandName)
    throws(CommandFailure)
  {
    switch (row.kind, value) {
    case (_, nil):
      guard row.isRequired else { return }
      throw CommandFailure(.badArgument, "\"\(name.rawValue)\" needs \"\(row.name)\": \(row.explanation)")
    case (.flag, .flag): return
    case (.flag, _):
      throw CommandFailure(.badArgument, "\"\(row.name)\" has to be true or false")
    case (.number(let range), .number(let number)) where range.contains(number): return
    case (.number(let range), _):
      throw CommandFailure(
        .badArgument, "\"\(row.name)\" has to be a number from \(range.lowerBound) to \(range.upperBound)")
    case (.choice(let texts), .text(let text)) where texts.contains(text): return
    case (.choice(let texts), let value):
      let near = if case .text(let text) = value { suggestion(for: text, among: texts) } else { String?.none }
      throw CommandFailure(
        .badArgument,
        "\"\(row.name)\" has to be one of \(texts.joined(separator: ", "))"
          + (near.map { "; did you mean \($0)?" } ?? ""))
    case (.weights, .object(let weights)) where Self.areSound(weights): return
    case (.weights, _):
      throw CommandFailure(
        .badArgument,
        "\"\(row.name)\" has to name 1 to \(mostWeights) styles, each with a weight from 0 to 1000, not all of them 0")
    case (.text(let longest), .text(let text)) where (1...longest).contains(text.utf8.count) && text.isPrintable:
      return
    case (.text(let longest), _):
      throw CommandFailure(
        .badArgument, "\"\(row.name)\" has to be a string of 1 to \(longest) bytes without control characters")
    }
  }

  func text(_ name: String) -> String {
    if case .text(let text) = values[name] { text } else { "" }
  }

  private static let mostWeights = 16

  private static func areSound(_ weights: [String: JSONValue]) -> Bool {
    let numbers = weights.values.map { if case .number(let number) = $0 { number } else { -1.0 } }
    return weights.count <= mostWeights && numbers.allSatisfy { (0...1000).contains($0) } && numbers.contains { $0 > 0 }
      && weights.keys.allSatisfy { (1...255).contains($0.utf8.count) && $0.isPrintable }
  }

  func number(_ name: String) -> Double {
    if case .number(let number) = values[name] { number } else { 0 }
  }

  /// Sorted by name.
  func weights(_ name: String) -> [StyleShare] {
    guard case .object(let weights) = values[name] else { return [] }
    return weights.keys.sorted().compactMap { key in
      if case .number(let number) = weights[key] { StyleShare(name: key, weight: number) } else { nil }
    }
  }

  func flag(_ name: String) -> Bool { values[name] == .flag(true) }
}

extension String {
  /// No control characters and no line breaks: safe in a log line and on a terminal.
  var isPrintable: Bool {
    unicodeScalars.allSatisfy { scalar in
      switch scalar.properties.generalCategory {
      case .control, .lineSeparator, .paragraphSeparator: false
      default: true
      }
    }
  }
}
