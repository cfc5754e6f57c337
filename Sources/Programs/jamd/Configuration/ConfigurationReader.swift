// SPDX-License-Identifier: Apache-2.0
// Programs/jamd: one TOML file applied to a configuration.
import ControlProtocol

/// One thing that is wrong with a configuration file.
package struct ConfigurationProblem: Error, Hashable, Sendable, CustomStringConvertible {
  package let file: String
  /// Counted from 1; nil when the file as a whole is meant.
  package let line: Int?
  package let message: String

  package var description: String { "\(file):\(line.map { "\($0):" } ?? "") \(message)" }
}

extension Configuration {
  /// Takes over what `text`, the content of `file`, says. What is wrong is left as it was and comes back as a problem, in
  /// the order of the lines. Any text is safe.
  package mutating func apply(_ text: String, file: String) -> [ConfigurationProblem] {
    var reader = ConfigurationReader(text: text, file: file)
    reader.apply(to: &self)
    return reader.problems.sorted { ($0.line ?? 0, $0.message) < ($1.line ?? 0, $1.message) }
  }
}

private struct ConfigurationReader {
  let text: String
  let file: String
  private(set) var problems: [ConfigurationProblem] = []
  /// Unknown sections and keys that were told already.
  private var told: Set<String> = []

  init(text: String, file: String) {
    self.text = text
    self.file = file
  }

  mutating func apply(to configuration: inout Configuration) {
    do throws(TOMLError) {
      let document = try TOMLDocument(parsing: text)
      for header in document.headers { check(header) }
      for entry in document.entries { read(entry, into: &configuration) }
    } catch {
      add(error.line, error.message)
    }
  }

  private mutating func check(_ header: TOMLDocument.Header) {
    if !Self.isSection(header.path[0]) {
      addUnknown(section: header.path[0], at: header.line)
    } else if header.path.count > 1 {
      addUnknown(key: header.path[1], in: header.path[0], at: header.line)
    }
  }

  private mutating func read(_ entry: TOMLEntry, into configuration: inout Configuration) {
    let section = entry.path[0]
    guard Self.isSection(section) else { return addUnknown(section: section, at: entry.line) }
    guard entry.path.count > 1 else {
      return add(
        entry.line, "\"\(section)\" is a section: write [\(section)] on a line of its own and its keys below")
    }
    guard entry.path.count == 2, let key = ConfigurationKey.named("\(section).\(entry.path[1])") else {
      return addUnknown(key: entry.path[1], in: section, at: entry.line)
    }
    if let problem = key.kind.problem(with: entry.value) {
      add(entry.line, "\(key.path): \(problem)")
    } else {
      key.write(&configuration, entry.value)
    }
  }

  private static func isSection(_ name: String) -> Bool {
    ConfigurationKey.sections.contains { $0.name == name }
  }

  private mutating func addUnknown(section: String, at line: Int) {
    guard told.insert(section).inserted else { return }
    if let key = ConfigurationKey.all.first(where: { $0.name == section }) {
      return add(line, "\"\(section)\" belongs below [\(key.section)]")
    }
    let names = ConfigurationKey.sections.map(\.name)
    add(line, "there is no section [\(Self.shown(section))]\(Self.hint(section, names))")
  }

  private mutating func addUnknown(key name: String, in section: String, at line: Int) {
    guard told.insert("\(section).\(name)").inserted else { return }
    if let elsewhere = ConfigurationKey.all.first(where: { $0.name == name }) {
      return add(line, "[\(section)] has no key \"\(name)\"; it belongs below [\(elsewhere.section)]")
    }
    let names = ConfigurationKey.all.filter { $0.section == section }.map(\.name)
    add(line, "[\(section)] has no key \"\(Self.shown(name))\"\(Self.hint(name, names))")
  }

  private static func hint(_ word: String, _ names: [String]) -> String {
    if let near = suggestion(for: word, among: names) { return "; did you mean \"\(near)\"?" }
    return "; there are \(names.joined(separator: ", "))"
  }

  private static func shown(_ name: String) -> String { String(name.prefix(64)) }

  private mutating func add(_ line: Int?, _ message: String) {
    problems.append(ConfigurationProblem(file: file, line: line, message: message))
  }
}
