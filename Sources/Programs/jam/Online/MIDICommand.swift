// SPDX-License-Identifier: Apache-2.0
// Programs/jam, online: what wheels, pedals, knobs and keys do, and who plays them: jam midi.
import ArgumentParser
import ControlProtocol
import Music

struct MIDICommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "midi", abstract: "Say what wheels, pedals, knobs and keys do.",
    subcommands: [Learn.self, Forget.self, Split.self, Keyboards.self])

  struct Learn: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "\(CommandName.midiLearn.description.summary).",
      discussion: """
        From the start the wheel (CC 1) is morph, the sostenuto pedal (CC 66) answer, the soft pedal (CC 67) stop, and \
        Program Change the style. What is learned is kept until it is forgotten.
        """)

    @OptionGroup var options: SocketOptions

    @Argument(
      help: ArgumentHelp("One of the parameters.", valueName: "parameter"), completion: .choice(Parameter.self),
      transform: { try named($0) })
    var parameter: Parameter

    func run() throws { try endingProperly { _ = try options.send(.midiLearn(parameter)) } }
  }

  struct Forget: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "\(CommandName.midiForget.description.summary).")

    @OptionGroup var options: SocketOptions

    func run() throws { try endingProperly { _ = try options.send(.hands(.midiForget)) } }
  }

  struct Keyboards: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "\(CommandName.midiKeyboards.description.summary).",
      discussion: """
        "together": \(KeyboardUse.together.explanation). "apart": \(KeyboardUse.apart.explanation): the first keyboard \
        that is played has the answers' channel, the next one the next. What each player is known for is kept under the \
        name of the keyboard.
        """)

    @OptionGroup var options: SocketOptions

    @Argument(
      help: ArgumentHelp("One of the two.", valueName: "together|apart"), completion: .choice(KeyboardUse.self),
      transform: { try named($0) })
    var use: KeyboardUse

    func run() throws { try endingProperly { _ = try options.send(.hands(.midiKeyboards(use))) } }
  }

  struct Split: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "\(CommandName.midiSplit.description.summary).",
      discussion: """
        From the split outwards, a key each: \(PlayingMode.allCases.map(\.rawValue).joined(separator: ", ")), then tap, \
        answer and stop. They never sound. Without a split: jam midi split 0 127. For example: jam midi split C2 127.
        """)

    @OptionGroup var options: SocketOptions

    @Argument(help: "The lowest key that is music: a MIDI number, or a name like C2, middle C being C4.")
    var lowest: KeyArgument

    @Argument(help: "The highest.")
    var highest: KeyArgument

    func validate() throws {
      if lowest.pitch > highest.pitch { throw ValidationError("the lowest key lies above the highest") }
    }

    func run() throws {
      try endingProperly {
        _ = try options.send(
          .hands(.midiSplit(lowest: Int(lowest.pitch.number), highest: Int(highest.pitch.number))))
      }
    }
  }
}

/// A key by number or by name.
struct KeyArgument: ExpressibleByArgument {
  let pitch: Pitch

  init?(argument: String) {
    let named = (0...127).map { Pitch(clamping: $0) }.first { "\($0)".lowercased() == argument.lowercased() }
    guard let pitch = Int(argument).flatMap(Pitch.init) ?? named else { return nil }
    self.pitch = pitch
  }
}
