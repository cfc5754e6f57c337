// SPDX-License-Identifier: Apache-2.0
// Programs/jam: the tool, one file for each subcommand.
import ArgumentParser

@main
struct Jam: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "jam",
    abstract: "Steers a running jamd, and learns and tries styles without one.",
    discussion: """
      Without a subcommand: what jamd is doing.

      A style is named by its file, or by the name of a file without ".style" in $JAMD_STYLES, \
      $XDG_DATA_HOME/jamd/styles, /usr/local/share/jamd/styles or /usr/share/jamd/styles.
      """,
    groupedSubcommands: [
      CommandGroup(
        name: "With a running jamd",
        subcommands: [
          Status.self, StyleCommand.self, PlayerCommand.self, ModeCommand.self, RoleCommand.self, BarsCommand.self,
          CountInCommand.self, VariationCommand.self,
          ChartCommand.self, MorphCommand.self, SetCommand.self, AnswerCommand.self, StopCommand.self, TapCommand.self,
          MIDICommand.self, ClockCommand.self, TransportCommand.self, ConfigCommand.self, Panic.self, Watch.self,
        ]),
      CommandGroup(
        name: "Without one",
        subcommands: [
          Sessions.self, Learn.self, Merge.self, Inspect.self, Respond.self, ReplayCommand.self, Roll.self,
          Analyse.self,
          Evaluate.self,
          ReportCommand.self,
        ]),
    ],
    defaultSubcommand: Status.self)

  static func main() {
    StandardOutput.guardStreams()
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch {
      if let mistake = CommandTree.mistake(in: Array(CommandLine.arguments.dropFirst())) {
        printError("jam: \(mistake)\n")
        exit(withError: ExitCode(ExitStatus.usage.rawValue))
      }
      exit(withError: error)
    }
  }
}
