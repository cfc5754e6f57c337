// SPDX-License-Identifier: Apache-2.0
// Control/Protocol: the table of commands as OSC messages, and replies and events as OSC.
import FoundationEssentials

extension CommandName {
  /// Where OSC clients send the command: its words with slashes, "use" left out; mixing has a short one.
  public var oscAddress: String {
    switch self {
    case .watch: "/jamd/subscribe"
    case .styleMix: "/jamd/mix"
    default: "/jamd/" + rawValue.split(separator: " ").filter { $0 != "use" }.joined(separator: "/")
    }
  }
}

/// What a message asks for.
public enum OSCRequest: Hashable, Sendable {
  case command(ControlCommand)
  /// Events for ten minutes, to this port of the sender's; nil: to the one it was sent from.
  case subscribe(port: Int?)
  case unsubscribe
  /// A button that was let go: nothing.
  case released

  public static let unsubscribeAddress = "/jamd/unsubscribe"

  /// Arguments stand in the order of the table; those that may be left out may be left out at the end. Numbers do for
  /// flags: 0 is false.
  public init(_ message: OSCMessage) throws(CommandFailure) {
    if message.address == Self.unsubscribeAddress {
      self = .unsubscribe
      return
    }
    let names = CommandName.allCases
    guard let name = names.first(where: { $0.oscAddress == message.address }) else {
      let near = suggestion(for: message.address, among: names.map(\.oscAddress))
      throw CommandFailure(
        .unknownCommand, "no command has this address" + (near.map { "; did you mean \($0)?" } ?? ""))
    }
    if name == .watch {
      self = .subscribe(port: try Self.port(message.arguments.first))
    } else {
      self = try Self.command(name, message.arguments)
    }
  }

  private static func port(_ argument: OSCMessage.Argument?) throws(CommandFailure) -> Int? {
    guard let argument else { return nil }
    guard case .int(let port) = argument, (1...65535).contains(port) else {
      throw CommandFailure(.badArgument, "the port has to be an integer of 1...65535")
    }
    return Int(port)
  }

  private static func command(
    _ name: CommandName, _ arguments: [OSCMessage.Argument]
  ) throws(CommandFailure) -> OSCRequest {
    let rows = name.description.arguments
    // A push button sends 1 and, let go, 0.
    if rows.isEmpty, arguments.count == 1, let isDown = arguments[0].flag {
      return isDown ? .command(try ControlCommand(["command": .text(name.rawValue)])) : .released
    }
    var rest = arguments[...]
    var values: [String: JSONValue] = [:]
    for row in rows where !rest.isEmpty {
      values[row.name] = if case .weights = row.kind { weights(&rest) } else { rest.removeFirst().value(as: row.kind) }
    }
    guard rest.isEmpty else {
      throw CommandFailure(
        .badArgument,
        "\(name.oscAddress) has \(rest.count) arguments too many; it takes \(rows.map(\.name).joined(separator: ", "))")
    }
    return .command(try ControlCommand(["command": .text(name.rawValue), "arguments": .object(values)]))
  }
}

extension OSCRequest {
  /// Takes names, each followed by its weight.
  private static func weights(_ arguments: inout ArraySlice<OSCMessage.Argument>) -> JSONValue {
    var weights: [String: JSONValue] = [:]
    while arguments.count > 1, case .text(let name) = arguments[arguments.startIndex] {
      weights[name] = arguments[arguments.startIndex + 1].value(as: .number(0...1000))
      arguments = arguments.dropFirst(2)
    }
    return .object(weights)
  }
}

extension OSCMessage.Argument {
  fileprivate var flag: Bool? {
    switch self {
    case .flag(let flag): flag
    case .int(let number): number != 0
    case .float(let number): number != 0
    case .text, .other: nil
    }
  }

  /// As the table wants it; what does not fit is left for the table to refuse.
  fileprivate func value(as kind: ArgumentDescription.Kind) -> JSONValue {
    if case .flag = kind, let flag { return .flag(flag) }
    return switch self {
    case .int(let number): .number(Double(number))
    case .float(let number): .number(Double(number))
    case .text(let text): .text(text)
    case .flag(let flag): .flag(flag)
    case .other: .null
    }
  }
}

extension OSCMessage {
  public static let replyAddress = "/jamd/reply"
  public static let errorAddress = "/jamd/error"

  /// To `/jamd/reply`: the address that was asked, then names for lists, JSON for the status, nothing for done. To
  /// `/jamd/error`: that address, the code and the text.
  public init(_ reply: Reply, to address: String) {
    switch reply {
    case .failure(let failure): self.init(failure, to: address)
    case .done: self.init(Self.replyAddress, [.text(address)])
    case .styles(let styles):
      self.init(Self.replyAddress, [.text(address)] + styles.filter { $0.problem == nil }.map { .text($0.name) })
    case .players(let players): self.init(Self.replyAddress, [.text(address)] + players.map { .text($0.name) })
    case .settings(let settings):
      self.init(
        Self.replyAddress, [.text(address)] + settings.flatMap { [.text($0.key), .text($0.value), .text($0.source)] })
    case .status(let status):
      let json = String(decoding: encodedLine(status).dropLast(), as: UTF8.self)
      self.init(Self.replyAddress, [.text(address), .text(json)])
    }
  }

  public init(_ failure: CommandFailure, to address: String) {
    self.init(Self.errorAddress, [.text(address), .text(failure.code.rawValue), .text(failure.message)])
  }

  /// To `/jamd/event/` and the event's kind: the seconds since jamd started, then the event's other fields in the order
  /// of their names. Lists of notes are left out; a text that is missing is empty.
  public init(_ event: TimedEvent) {
    let fields = Self.fields(event)
    let names = Self.names(event.event.kind)
    let values = names.flatMap { name in fields[name].map { Self.arguments($0, of: name) } ?? [.text("")] }
    self.init(Self.address(event.event.kind), [.float(Float(event.at))] + values)
  }

  static func address(_ kind: Event.Kind) -> String { "/jamd/event/\(kind.rawValue.replacing(" ", with: "-"))" }

  /// The fields of an event of this kind, as `Samples` has them.
  static func names(_ kind: Event.Kind) -> [String] {
    guard let sample = Samples.events.first(where: { $0.event.kind == kind }) else { return [] }
    return fields(sample).filter { !arguments($0.value, of: $0.key).isEmpty }.keys.sorted()
  }

  /// The names with their OSC types, as in `tempo f`; a list has its types repeated.
  static func signature(_ kind: Event.Kind) -> [String] {
    guard let sample = Samples.events.first(where: { $0.event.kind == kind }) else { return [] }
    let fields = fields(sample)
    return names(kind).map { name in
      guard let value = fields[name] else { return name }
      if case .array(let values) = value {
        return "\(name) \(values.first.map { tags(arguments(.array([$0]), of: name)) } ?? "s")..."
      }
      return "\(name) \(tags(arguments(value, of: name)))"
    }
  }

  private static func tags(_ arguments: [Argument]) -> String {
    arguments.map { argument in
      switch argument {
      case .int: "i"
      case .float: "f"
      case .flag: "T|F"
      default: "s"
      }
    }.joined()
  }

  /// Fields that may have a fraction: always `f`, whatever the value.
  private static let fractions: Set<String> = ["over", "tempo"]

  private static func fields(_ event: TimedEvent) -> [String: JSONValue] {
    guard let value = try? JSONDecoder().decode(JSONValue.self, from: Data(event.encoded())),
      case .object(let fields) = value
    else { return [:] }
    return fields.filter { !["at", "event", "version"].contains($0.key) }
  }

  /// Names and their weights.
  private static func shares(_ values: [JSONValue]) -> [Argument] {
    values.flatMap { value -> [Argument] in
      guard case .object(let share) = value, case .text(let name) = share["name"],
        case .number(let weight) = share["weight"]
      else { return [] }
      return [.text(name), .float(Float(weight))]
    }
  }

  private static func arguments(_ value: JSONValue, of name: String) -> [Argument] {
    switch value {
    case .text(let text): [.text(text)]
    case .flag(let flag): [.flag(flag)]
    case .number(let number) where fractions.contains(name): [.float(Float(number))]
    case .number(let number): [.int(Int32(clamping: Int64(exactly: number.rounded()) ?? 0))]
    case .array(let values):
      values.allSatisfy({ if case .text = $0 { true } else { false } })
        ? values.flatMap { arguments($0, of: name) } : shares(values)
    case .null, .object: []
    }
  }
}
