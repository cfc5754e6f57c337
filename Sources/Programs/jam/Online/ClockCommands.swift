// SPDX-License-Identifier: Apache-2.0
// Programs/jam, online: jam clock in, jam clock out and jam transport.
import ArgumentParser
import ControlProtocol
import Music

enum SwitchArgument: String, ExpressibleByArgument, CaseIterable {
  case on, off
}

struct ClockCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "clock", abstract: "Follow a MIDI clock, or send one.", subcommands: [In.self, Out.self])

  struct In: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "\(CommandName.clockIn.description.summary).",
      discussion: """
        A clock counts between its start or continue and its stop, whichever keyboard or port it comes from; a stop has \
        jamd stop. Without a tick for 250 ms it is lost, and the beat is what is heard.
        """)

    @OptionGroup var options: SocketOptions

    @Argument(help: "on or off.")
    var state: SwitchArgument

    func run() throws { try endingProperly { _ = try options.send(.hands(.clockIn(state == .on))) } }
  }

  struct Out: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "\(CommandName.clockOut.description.summary).",
      discussion: """
        24 ticks to the beat as it is heard, tapped or followed, as soon as it is known; start on a bar line once there is \
        playing, stop two bars after it has ended, and continue with its song position.
        """)

    @OptionGroup var options: SocketOptions

    @Argument(help: "on or off.")
    var state: SwitchArgument

    func run() throws { try endingProperly { _ = try options.send(.hands(.clockOut(state == .on))) } }
  }
}

struct TransportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "transport", abstract: "\(CommandName.transport.description.summary).",
    discussion: TransportUse.allCases.map { "\($0.rawValue): \($0.explanation)." }.joined(separator: "\n"))

  @OptionGroup var options: SocketOptions

  @Argument(
    help: ArgumentHelp("off, follow or lead.", valueName: "use"), completion: .choice(TransportUse.self),
    transform: { try named($0) })
  var use: TransportUse

  func run() throws { try endingProperly { _ = try options.send(.hands(.transport(use))) } }
}
