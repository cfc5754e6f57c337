// SPDX-License-Identifier: Apache-2.0
// Control/Protocol: requests about the way of playing as JSON.
import Music

extension ControlCommand {
  /// What goes into `arguments`.
  var playingArguments: [String: JSONValue] {
    switch self {
    case .mode(let mode): ["name": .text(mode.rawValue)]
    case .role(let role): ["name": .text(role?.rawValue ?? "auto")]
    case .bars(let bars): ["count": .number(Double(bars))]
    case .variation(let choice): ["choice": .text(choice.rawValue)]
    case .chart(let chart): ["chart": .text(chart ?? "none")]
    case .morph(let share, let over): ["to": .number(share), "over": .number(over)]
    case .set(let parameter, let share): ["parameter": .text(parameter.rawValue), "value": .number(share)]
    case .midiLearn(let parameter): ["parameter": .text(parameter.rawValue)]
    default: [:]
    }
  }

  /// From arguments that fit the row of `name`.
  static func playing(_ name: CommandName, _ arguments: CheckedArguments) -> ControlCommand {
    let parameter = Parameter(rawValue: arguments.text("parameter")) ?? .panic
    switch name {
    case .mode: return .mode(PlayingMode(rawValue: arguments.text("name")) ?? .answer)
    case .role: return .role(Role(rawValue: arguments.text("name")))
    case .bars: return .bars(Int(arguments.number("count")))
    case .variation: return .variation(VariationChoice(rawValue: arguments.text("choice")) ?? .either)
    case .chart: return .chart(arguments.text("chart") == "none" ? nil : arguments.text("chart"))
    case .morph: return .morph(to: arguments.number("to"), over: arguments.number("over"))
    case .setParameter: return .set(parameter, to: arguments.number("value"))
    default: return .midiLearn(parameter)
    }
  }
}
