// SPDX-License-Identifier: Apache-2.0
// Programs/jam: all its commands, for the test that manual, completions and table agree.
import ArgumentParser
import ControlProtocol

package enum CommandTree {
  /// Every command that does something, as it is typed after `jam`: "style use".
  package static var commands: [String] { leaves(of: Jam.self) }

  /// Does what `jam` does with these words.
  package static func run(_ words: [String]) throws {
    var command = try Jam.parseAsRoot(words)
    try command.run()
  }

  /// What a shell reads to complete command lines.
  package static func completions(for shell: CompletionShell) -> String { Jam.completionScript(for: shell) }

  /// The first word that should be a subcommand and is none, and what may have been meant; nil where that is not what is
  /// wrong with `arguments`.
  package static func mistake(in arguments: [String]) -> String? {
    var command: any ParsableCommand.Type = Jam.self
    var typed = "jam"
    for word in arguments {
      let children = command.configuration.subcommands
      guard !word.hasPrefix("-"), word != "help", !children.isEmpty else { return nil }
      guard let child = children.first(where: { $0._commandName == word }) else {
        // A word may also be meant for the subcommand that need not be named.
        if let usual = command.configuration.defaultSubcommand, takes(word, usual) { return nil }
        let names = children.map { $0._commandName }
        let hint = suggestion(for: word, among: names).map { "did you mean \"\($0)\"?" }
        return "there is no \"\(typed) \(Printable.word(String(word.prefix(64))))\"; "
          + (hint ?? "there are \(names.joined(separator: ", "))")
      }
      command = child
      typed += " \(word)"
    }
    return nil
  }

  private static func takes(_ word: String, _ command: any ParsableCommand.Type) -> Bool {
    (try? command.parseAsRoot([word])) != nil
  }

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
