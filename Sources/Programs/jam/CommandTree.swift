// SPDX-License-Identifier: Apache-2.0
// Programs/jam: all its commands, for the test that manual, completions and table agree.
import ArgumentParser

package enum CommandTree {
  /// Every command that does something, as it is typed after `jam`: "style use".
  package static var commands: [String] { leaves(of: Jam.self) }

  /// What a shell reads to complete command lines.
  package static func completions(for shell: CompletionShell) -> String { Jam.completionScript(for: shell) }

  private static func leaves(of command: any ParsableCommand.Type) -> [String] {
    let configuration = command.configuration
    let children = configuration.subcommands
    return children.flatMap { child in
      let name = child._commandName
      let below = leaves(of: child)
      return below.isEmpty ? [name] : below.map { "\(name) \($0)" }
    }
  }
}
