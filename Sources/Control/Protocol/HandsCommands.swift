// SPDX-License-Identifier: Apache-2.0
// Control/Protocol: commands about clocks, transport and keyboards: their rows of the table and their JSON.
import Music

/// A command about what jamd is connected with, and how.
public enum HandsCommand: Hashable, Sendable {
  /// Follow MIDI clocks, or not.
  case clockIn(Bool)
  /// Send a MIDI clock, or not.
  case clockOut(Bool)
  case transport(TransportUse)
  /// In a trade, sticks count in each of jamd's turns.
  case countIn(Bool)
  /// Wheels and pedals do what they do by themselves.
  case midiForget
  /// Keys outside are commands.
  case midiSplit(lowest: Int, highest: Int)
  /// Whether all keyboards are one player's.
  case midiKeyboards(KeyboardUse)

  public var name: CommandName {
    switch self {
    case .clockIn: .clockIn
    case .clockOut: .clockOut
    case .transport: .transport
    case .countIn: .countIn
    case .midiForget: .midiForget
    case .midiSplit: .midiSplit
    case .midiKeyboards: .midiKeyboards
    }
  }

  /// What goes into `arguments`.
  var arguments: [String: JSONValue] {
    switch self {
    case .clockIn(let isOn), .clockOut(let isOn), .countIn(let isOn): ["state": .text(isOn ? "on" : "off")]
    case .transport(let use): ["use": .text(use.rawValue)]
    case .midiForget: [:]
    case .midiKeyboards(let use): ["use": .text(use.rawValue)]
    case .midiSplit(let lowest, let highest):
      ["lowest": .number(Double(lowest)), "highest": .number(Double(highest))]
    }
  }

  /// From arguments that fit the row of `name`; nil for other commands' names.
  init?(_ name: CommandName, _ arguments: CheckedArguments) {
    switch name {
    case .clockIn: self = .clockIn(arguments.text("state") == "on")
    case .clockOut: self = .clockOut(arguments.text("state") == "on")
    case .transport: self = .transport(TransportUse(rawValue: arguments.text("use")) ?? .off)
    case .countIn: self = .countIn(arguments.text("state") == "on")
    case .midiForget: self = .midiForget
    case .midiKeyboards: self = .midiKeyboards(KeyboardUse(rawValue: arguments.text("use")) ?? .together)
    case .midiSplit:
      self = .midiSplit(lowest: Int(arguments.number("lowest")), highest: Int(arguments.number("highest")))
    default: return nil
    }
  }
}

extension CommandName {
  /// The row of a command about clocks, transport and keyboards.
  var hands: CommandDescription {
    switch self {
    case .clockIn:
      row(
        .play, "Follow a MIDI clock that has been started, or play by what is heard", [Self.state("follow")],
        result: "an empty object")
    case .clockOut:
      row(
        .play, "Send a MIDI clock from the JACK port clock_out, or none", [Self.state("send")],
        result: "an empty object")
    case .transport:
      row(.play, "Follow JACK's transport, lead it, or leave it alone", [Self.use], result: "an empty object")
    case .countIn:
      row(
        .play, "Count the bar before each turn of the mode trade with sticks, or silently", [Self.state("sticks")],
        result: "an empty object")
    case .midiForget:
      row(.play, "Give wheels, pedals and knobs back what they do by themselves", result: "an empty object")
    case .midiSplit:
      row(
        .play, "Make the keys below and above the music's commands", [Self.key("lowest"), Self.key("highest")],
        result: "an empty object")
    case .midiKeyboards:
      row(.play, "Say whether all keyboards are one player's", [Self.keyboardUse], result: "an empty object")
    default: preconditionFailure("\(rawValue) is no command about clocks, transport and keyboards")
    }
  }

  private static func state(_ verb: String) -> ArgumentDescription {
    ArgumentDescription(
      name: "state", kind: .choice(["on", "off"]), isRequired: true, explanation: "`on`: \(verb); `off`: do not")
  }

  private static func key(_ name: String) -> ArgumentDescription {
    ArgumentDescription(
      name: name, kind: .number(0...127), isRequired: true,
      explanation: "the \(name) key that is music, as a MIDI number; 60 is middle C")
  }

  private static let keyboardUse = ArgumentDescription(
    name: "use", kind: .choice(KeyboardUse.allCases.map(\.rawValue)), isRequired: true,
    explanation: KeyboardUse.allCases.map { "`\($0.rawValue)`: \($0.explanation)" }.joined(separator: "; "))

  private static let use = ArgumentDescription(
    name: "use", kind: .choice(TransportUse.allCases.map(\.rawValue)), isRequired: true,
    explanation: TransportUse.allCases.map { "`\($0.rawValue)`: \($0.explanation)" }.joined(separator: "; "))
}
