// SPDX-License-Identifier: Apache-2.0
// Programs/jamd: the daemon's command line.
import ArgumentParser
import Music

/// What `--demo` plays as its call.
package enum DemoOption: Hashable, Sendable, ExpressibleByArgument {
  case bundled
  case file(String)

  package init(argument: String) { self = .file(argument) }

  /// As the help shows it.
  package var description: String {
    switch self {
    case .bundled: "a call of its own"
    case .file(let path): path
    }
  }
}

extension DemoOption: CustomStringConvertible {}

/// The options of jamd. They override the configuration files.
///
/// A command only for its help; the program parses it and goes on by itself.
package struct Arguments: ParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "jamd",
    abstract: "Listen to a MIDI keyboard and answer in the style of an artist.",
    discussion: """
      Plug in a keyboard and play. When you stop, jamd answers; when you start again, it yields. It needs no options:
      keyboards come in through ALSA, sound goes out through JACK. See also: man jamd, man jamd.toml, jam --help.
      """)

  @Option(help: ArgumentHelp("Read this configuration and no other.", valueName: "file"), completion: .file())
  package var config: String?

  @Flag(help: "Check the configuration, print what is wrong with it or \"ok\", and leave.")
  package var check = false

  @Option(help: ArgumentHelp("The style to start with.", valueName: "name"))
  package var style: String?

  @Option(
    help: ArgumentHelp("Look for styles here first. May be given several times.", valueName: "dir"),
    completion: .directory)
  package var styles: [String] = []

  @Option(
    help: ArgumentHelp(
      "Who plays: what jamd has learned of each player is kept; \"\" keeps nothing.", valueName: "name"))
  package var player: String?

  @Option(help: ArgumentHelp("The seed of all chance: same playing, same seed, same answers.", valueName: "n"))
  package var seed: Int?

  @Option(help: ArgumentHelp("Keep sessions in this folder.", valueName: "dir"), completion: .directory)
  package var record: String?

  @Flag(name: .customLong("no-record"), help: "Do not keep sessions.")
  package var noRecord = false

  @Option(
    help: ArgumentHelp("Also write all that is played to this MIDI file.", valueName: "file"), completion: .file())
  package var take: String?

  @Option(help: ArgumentHelp("Write what is heard to this WAV file.", valueName: "file"), completion: .file())
  package var wav: String?

  @Option(
    defaultAsFlag: DemoOption.bundled,
    help: ArgumentHelp("Without a keyboard, play this call and answer it.", valueName: "midifile"),
    completion: .file(extensions: ["mid", "midi"]))
  package var demo: DemoOption?

  @Option(
    name: .customLong("quit-after"), help: ArgumentHelp("End by itself after so many seconds.", valueName: "seconds"))
  package var quitAfter: Double?

  @Flag(name: .customLong("start-jack"), help: "Start a JACK server if none is running, and stop it in the end.")
  package var startJACK = false

  @Option(name: .customLong("jack-server"), help: ArgumentHelp("The JACK server's name.", valueName: "name"))
  package var jackServer: String?

  @Option(
    help: ArgumentHelp("The way of playing to start with, as jam mode has it.", valueName: "name"),
    completion: .list(PlayingMode.allCases.map(\.rawValue)), transform: { try Self.named($0) })
  package var mode: PlayingMode?

  @Option(
    help: ArgumentHelp("Who is in front: lead or support.", valueName: "name"),
    completion: .list(Role.allCases.map(\.rawValue)), transform: { try Self.named($0) })
  package var role: Role?

  @Option(
    help: ArgumentHelp("Follow this chord chart: a file, or 12-bar-blues or ii-V-I.", valueName: "file"),
    completion: .file())
  package var chart: String?

  @Flag(help: "Let the answer play on when the player starts again.")
  package var overlap = false

  @Flag(name: .customLong("no-thru"), help: "Do not play what the player plays.")
  package var noThru = false

  @Flag(name: .customLong("midi-only"), help: "Make no sound, only send MIDI.")
  package var midiOnly = false

  @Option(help: ArgumentHelp("Where jam finds this jamd.", valueName: "path"), completion: .file())
  package var socket: String?

  @Flag(help: "Show the version.")
  package var version = false

  package init() {}

  private static func named<Value>(_ text: String, _: Value.Type = Value.self) throws -> Value
  where Value: RawRepresentable<String>, Value: CaseIterable {
    guard let value = Value(rawValue: text) else {
      throw ValidationError("\"\(text)\" is none of \(Value.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    return value
  }

  package func validate() throws {
    if let seed, seed < 0 { throw ValidationError("--seed has to be 0 or more") }
    if let quitAfter, !(quitAfter > 0 && quitAfter < 1e9) {
      throw ValidationError("--quit-after has to be more than 0 seconds and less than 1,000,000,000")
    }
    if let player, let problem = ConfigurationKind.playerName.problem(with: .text(player)) {
      throw ValidationError("--player: \(problem)")
    }
  }

  /// Takes over what was given; what was not stays as it was.
  package func apply(to configuration: inout Configuration) {
    configuration.style.name = style ?? configuration.style.name
    configuration.style.folders = styles + configuration.style.folders
    configuration.style.seed = seed ?? configuration.style.seed
    configuration.record.folder = record ?? configuration.record.folder
    configuration.jack.server = jackServer ?? configuration.jack.server
    configuration.control.socket = socket ?? configuration.control.socket
    configuration.player.name = player ?? configuration.player.name
    // A demo is nobody's playing.
    if demo != nil { configuration.player.name = "" }
    if startJACK { configuration.jack.startsServer = true }
    configuration.answer.mode = mode ?? configuration.answer.mode
    configuration.answer.role = role?.rawValue ?? configuration.answer.role
    configuration.answer.chart = chart ?? configuration.answer.chart
    if overlap { configuration.answer.overlap = true }
    if noRecord { configuration.record.isEnabled = false }
    if noThru { configuration.player.thru = false }
    if midiOnly { configuration.synth.isEnabled = false }
  }
}
