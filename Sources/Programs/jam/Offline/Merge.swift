// SPDX-License-Identifier: Apache-2.0
// Programs/jam, offline: jam merge.
import ArgumentParser
import Style

struct Merge: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Put styles together.",
    discussion: "The outcome is exactly what learning from all their pieces at once would have given.")

  @Argument(help: ArgumentHelp("Two or more styles.", valueName: "style"), completion: .styles)
  var styles: [String]

  @Option(
    name: .shortAndLong, help: ArgumentHelp("The style file to write.", valueName: "name.style"), completion: .file())
  var output: String

  @Option(help: "What the style is called; otherwise its file's name.")
  var title: String?

  @Option(help: "Whose music it is; otherwise all artists.")
  var artist: String?

  @OptionGroup var options: StyleOptions

  func validate() throws {
    if styles.count < 2 { throw ValidationError("it takes two styles to merge") }
  }

  func run() throws {
    try endingProperly {
      let parts = try styles.map { try options.style(named: $0).style }
      func joined(_ texts: [String]) -> String { Set(texts.filter { !$0.isEmpty }).sorted().joined(separator: ", ") }
      var learner = StyleLearner(
        information: StyleInformation(
          title: title ?? StyleSearch.name(of: output), artist: artist ?? joined(parts.map(\.information.artist)),
          licence: joined(parts.map(\.information.licence))), viewpoints: parts[0].viewpoints)
      for (part, name) in zip(parts, styles) {
        do {
          try learner.merge(part)
        } catch {
          throw FileFailure.badData(path: name, reason: "\(error)")
        }
      }
      try Files.write(learner.style().encoded(), to: output)
    }
  }
}
