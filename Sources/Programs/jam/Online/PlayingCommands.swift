// SPDX-License-Identifier: Apache-2.0
// Programs/jam, online: the way of playing: jam mode, role, bars, variation, chart, morph, set, answer, stop and tap.
import ArgumentParser
import ControlProtocol
import Music
import Scores

/// The value of this name; else the names there are.
func named<Value>(_ text: String, _: Value.Type = Value.self) throws -> Value
where Value: RawRepresentable<String>, Value: CaseIterable {
  guard let value = Value(rawValue: text) else {
    throw ValidationError("\"\(text)\" is none of \(Value.allCases.map(\.rawValue).joined(separator: ", "))")
  }
  return value
}

/// `auto` is no role.
enum RoleArgument: String, ExpressibleByArgument, CaseIterable {
  case lead, support, auto

  var role: Role? { Role(rawValue: rawValue) }
}

struct ModeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mode", abstract: "\(CommandName.mode.description.summary).",
    discussion: PlayingMode.allCases.map { "\($0.rawValue): \($0.explanation)." }.joined(separator: "\n"))

  @OptionGroup var options: SocketOptions

  @Argument(
    help: ArgumentHelp("The way of playing.", valueName: "name"), completion: .choice(PlayingMode.self),
    transform: { try named($0) })
  var name: PlayingMode

  func run() throws { try endingProperly { _ = try options.send(.mode(name)) } }
}

struct RoleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "role", abstract: "\(CommandName.role.description.summary).",
    discussion: """
      lead is denser and louder than you, support thinner and softer; auto is as the mode would have it. Who plays along \
      keeps out of your register.
      """)

  @OptionGroup var options: SocketOptions

  @Argument(help: "lead, support or auto.")
  var name: RoleArgument

  func run() throws { try endingProperly { _ = try options.send(.role(name.role)) } }
}

struct BarsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bars", abstract: "\(CommandName.bars.description.summary).")

  @OptionGroup var options: SocketOptions

  @Argument(help: "1 to 64.")
  var count: Int

  func validate() throws {
    if !(1...64).contains(count) { throw ValidationError("a turn has 1 to 64 bars") }
  }

  func run() throws { try endingProperly { _ = try options.send(.bars(count)) } }
}

struct CountInCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "count-in", abstract: "\(CommandName.countIn.description.summary).",
    discussion: "Sticks are key 37 on MIDI channel 10, and sound in the SoundFont. From the start there are none.")

  @OptionGroup var options: SocketOptions

  @Argument(help: "on or off.")
  var state: SwitchArgument

  func run() throws { try endingProperly { _ = try options.send(.hands(.countIn(state == .on))) } }
}

struct VariationCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "variation", abstract: "\(CommandName.variation.description.summary).",
    discussion: VariationChoice.allCases.map { "\($0.rawValue): \($0.explanation)." }.joined(separator: "\n"))

  @OptionGroup var options: SocketOptions

  @Argument(
    help: ArgumentHelp("stochastic, perceptual or either.", valueName: "choice"),
    completion: .choice(VariationChoice.self), transform: { try named($0) })
  var choice: VariationChoice

  func run() throws { try endingProperly { _ = try options.send(.variation(choice)) } }
}

struct ChartCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "chart", abstract: "\(CommandName.chart.description.summary).",
    discussion: """
      A chart is a text of bars between |, like "| Dm7 | G7 | Cmaj7 | % |", with lines "title:" and "metre:" before them \
      if need be. Bundled: \(ChordChart.bundled.keys.sorted().joined(separator: ", ")).
      """)

  @OptionGroup var options: SocketOptions

  @Argument(help: ArgumentHelp("A file, a bundled chart, or none.", valueName: "file"), completion: .file())
  var chart: String

  // Downwards is a negative number, which would else be taken for an option.
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Move the chart up by so many semitones, or down.", valueName: "semitones"))
  var transpose = 0

  func run() throws { try endingProperly { _ = try options.send(.chart(try line())) } }

  private func line() throws -> String? {
    if chart == "none" { return nil }
    return try Files.readChart(chart).transposed(by: transpose % 12).line
  }
}

struct MorphCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "morph", abstract: "\(CommandName.morph.description.summary).",
    discussion: "0 is the style, 1 is you. For example: jam morph 1 --over 30s.")

  @OptionGroup var options: SocketOptions

  @Argument(help: "0 to 1.")
  var to: Double

  @Option(help: ArgumentHelp("Take so long to get there, in a straight line.", valueName: "time"))
  var over: SecondsArgument?

  func validate() throws {
    if !(0...1).contains(to) { throw ValidationError("morph goes from 0, the style, to 1, you") }
  }

  func run() throws { try endingProperly { _ = try options.send(.morph(to: to, over: over?.seconds ?? 0)) } }
}

struct SetCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "set", abstract: "\(CommandName.setParameter.description.summary).",
    discussion: """
      The value is the share of the parameter's range, 0 to 1, as a wheel would send it. temperature goes from 0 to 2; order \
      from 1 to 7; density and length from a quarter to four times, 0.5 being what they are by themselves.
      """)

  @OptionGroup var options: SocketOptions

  @Argument(
    help: ArgumentHelp("One of the parameters.", valueName: "parameter"), completion: .choice(Parameter.self),
    transform: { try named($0) })
  var parameter: Parameter

  @Argument(help: "0 to 1.")
  var value: Double

  func validate() throws {
    if !(0...1).contains(value) { throw ValidationError("a value goes from 0 to 1") }
  }

  func run() throws { try endingProperly { _ = try options.send(.set(parameter, to: value)) } }
}

struct AnswerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "answer", abstract: "\(CommandName.answer.description.summary).")

  @OptionGroup var options: SocketOptions

  func run() throws { try endingProperly { _ = try options.send(.answer) } }
}

struct StopCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stop", abstract: "\(CommandName.stop.description.summary).")

  @OptionGroup var options: SocketOptions

  func run() throws { try endingProperly { _ = try options.send(.stop) } }
}

struct TapCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tap", abstract: "\(CommandName.tap.description.summary).")

  @OptionGroup var options: SocketOptions

  func run() throws { try endingProperly { _ = try options.send(.tap) } }
}
