// SPDX-License-Identifier: Apache-2.0
// Programs/jamd: one TOML file applied to a configuration.
import ControlProtocol
import TOMLKit

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
  private var lines: ConfigurationLines?

  init(text: String, file: String) {
    self.text = text
    self.file = file
  }

  mutating func apply(to configuration: inout Configuration) {
    // The parser takes a C string and would stop at a NUL without a word.
    guard !text.utf8.contains(0) else { return add(nil, "it holds a NUL byte: it is no text file") }
    if let mistake = ConfigurationLines.fatalMistake(in: text) { return add(mistake.line, mistake.message) }
    do {
      let root = try TOMLTable(string: text)
      lines = ConfigurationLines(text)
      for name in root.keys.sorted() { read(section: name, root[name], into: &configuration) }
    } catch let error as TOMLParseError {
      add(error.source.begin.line, "\(error.description.prefix(200))")
    } catch {
      add(nil, "\(error)")
    }
  }

  private mutating func read(
    section: String, _ value: (any TOMLValueConvertible)?, into configuration: inout Configuration
  ) {
    guard ConfigurationKey.sections.contains(where: { $0.name == section }) else { return addUnknown(section: section) }
    guard let table = value?.table else {
      return add(
        line(of: section), "\"\(section)\" is a section: write [\(section)] on a line of its own and its keys below")
    }
    for name in table.keys.sorted() {
      guard let key = ConfigurationKey.named("\(section).\(name)") else {
        addUnknown(key: name, in: section)
        continue
      }
      let value = ConfigurationValue(table[name])
      if let problem = key.kind.problem(with: value) {
        add(line(of: key.path), "\(key.path): \(problem)")
      } else {
        key.write(&configuration, value)
      }
    }
  }

  private mutating func addUnknown(section: String) {
    let line = line(of: section)
    if let key = ConfigurationKey.all.first(where: { $0.name == section }) {
      return add(line, "\"\(section)\" belongs below [\(key.section)]")
    }
    let names = ConfigurationKey.sections.map(\.name)
    add(line, "there is no section [\(Self.shown(section))]\(Self.hint(section, names))")
  }

  private mutating func addUnknown(key name: String, in section: String) {
    let line = line(of: "\(section).\(name)")
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

  private func line(of path: String) -> Int? { lines?.line(of: path) }

  private mutating func add(_ line: Int?, _ message: String) {
    problems.append(ConfigurationProblem(file: file, line: line, message: message))
  }
}

extension ConfigurationValue {
  init(_ value: (any TOMLValueConvertible)?) {
    guard let value else {
      self = .other("nothing")
      return
    }
    switch value.tomlValue.type {
    case .bool: self = value.bool.map { .flag($0) } ?? .other("nothing")
    case .int: self = value.int.map { .whole($0) } ?? .other("nothing")
    case .double: self = value.double.map { .number($0) } ?? .other("nothing")
    case .string: self = value.string.map { .text($0) } ?? .other("nothing")
    case .array: self = .list(value.array.map { array in array.map { ConfigurationValue($0) } } ?? [])
    case .table: self = .other("a table")
    case .date, .time, .dateTime: self = .other("a date or a time")
    }
  }
}
