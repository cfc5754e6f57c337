// SPDX-License-Identifier: Apache-2.0
// Programs/jamd: how jamd plays, as the commands that bring it there.
import ControlProtocol
import Improviser
import Music

/// What a session manager's session keeps of jamd: of each kind of command, the last that was given. In a file it is
/// requests of the control protocol, one a line, which are checked against the table like anybody's.
package struct SessionState: Hashable, Sendable {
  /// In the order in which they are to be given.
  package private(set) var commands: [ControlCommand] = []

  package init() {}

  /// Nothing that is pressed, looks, or asks for one moment alone is kept.
  package mutating func keep(_ command: ControlCommand) {
    guard let kind = Self.kind(command) else { return }
    commands.removeAll { Self.kind($0) == kind }
    commands.append(Self.standing(command))
    commands.sort { Self.rank($0) < Self.rank($1) }
  }

  /// `later` where it has a command of a kind, else what there was.
  package func overlaid(with later: SessionState) -> SessionState {
    later.commands.reduce(into: self) { $0.keep($1) }
  }

  private static func kind(_ command: ControlCommand) -> String? {
    switch command {
    case .styleUse, .styleMix: "style"
    case .playerUse, .mode, .role, .bars, .variation, .chart, .morph: command.name.rawValue
    case .set(.mode, _): CommandName.mode.rawValue
    case .set(.role, _): CommandName.role.rawValue
    case .set(.morph, _): CommandName.morph.rawValue
    case .set(let parameter, _): parameter.isButton ? nil : "set \(parameter.rawValue)"
    case .hands(.midiForget): nil
    case .hands(let command): command.name.rawValue
    case .status, .styleList, .playerList, .configShow, .answer, .stop, .tap, .midiLearn, .panic, .watch: nil
    }
  }

  private static func rank(_ command: ControlCommand) -> Int {
    let names = CommandName.allCases
    guard case .set(let parameter, _) = command else { return names.firstIndex(of: command.name) ?? names.count }
    return names.count + (Parameter.allCases.firstIndex(of: parameter) ?? 0)
  }

  /// Where a change was to lead, without the way.
  private static func standing(_ command: ControlCommand) -> ControlCommand {
    switch command {
    case .styleUse(let name, _): .styleUse(name: name, now: true)
    case .styleMix(let weights, _): .styleMix(weights: weights, over: 0)
    case .morph(let share, _): .morph(to: share, over: 0)
    default: command
    }
  }
}

// MARK: In a file

extension SessionState {
  /// Why a file holds no state.
  package struct Unreadable: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String
  }

  /// The same state always gives the same bytes.
  package var encoded: [UInt8] {
    commands.enumerated().flatMap { Request(id: $0.offset, command: $0.element).encoded() }
  }

  /// Any bytes give a state or an error. O(bytes).
  package init(parsing bytes: [UInt8]) throws(Unreadable) {
    for (number, line) in bytes.split(separator: UInt8(ascii: "\n")).enumerated() {
      do throws(RefusedRequest) {
        keep(try Request(parsing: line).command)
      } catch {
        throw Unreadable(description: "line \(number + 1): \(error.failure)")
      }
    }
  }
}
