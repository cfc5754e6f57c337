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

  public var name: CommandName {
    switch self {
    case .clockIn: .clockIn
    case .clockOut: .clockOut
    case .transport: .transport
    }
  }

  /// What goes into `arguments`.
  var arguments: [String: JSONValue] {
    switch self {
    case .clockIn(let isOn), .clockOut(let isOn): ["state": .text(isOn ? "on" : "off")]
    case .transport(let use): ["use": .text(use.rawValue)]
    }
  }

  /// From arguments that fit the row of `name`; nil for other commands' names.
  init?(_ name: CommandName, _ arguments: CheckedArguments) {
    switch name {
    case .clockIn: self = .clockIn(arguments.text("state") == "on")
    case .clockOut: self = .clockOut(arguments.text("state") == "on")
    case .transport: self = .transport(TransportUse(rawValue: arguments.text("use")) ?? .off)
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
    default: preconditionFailure("\(rawValue) is no command about clocks, transport and keyboards")
    }
  }

  private static func state(_ verb: String) -> ArgumentDescription {
    ArgumentDescription(
      name: "state", kind: .choice(["on", "off"]), isRequired: true, explanation: "`on`: \(verb); `off`: do not")
  }

  private static let use = ArgumentDescription(
    name: "use", kind: .choice(TransportUse.allCases.map(\.rawValue)), isRequired: true,
    explanation: TransportUse.allCases.map { "`\($0.rawValue)`: \($0.explanation)" }.joined(separator: "; "))
}
