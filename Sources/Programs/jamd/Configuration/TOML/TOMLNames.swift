// SPDX-License-Identifier: Apache-2.0
// Programs/jamd, TOML: which names are taken. A table or a key is defined once.

struct TOMLNames {
  private enum Kind {
    /// A value, or an inline table: nothing can be added.
    case closed
    /// Made by its own header.
    case header
    /// Made by a header of something below it.
    case above
    /// Made by a dotted key.
    case dotted
  }

  private var kinds: [[String]: Kind] = [:]

  mutating func addHeader(_ path: [String], at line: Int) throws(TOMLError) {
    for length in 1..<path.count {
      let prefix = Array(path[..<length])
      if kinds[prefix] == .closed { throw Self.taken(prefix, line) }
      kinds[prefix] = kinds[prefix] ?? .above
    }
    guard kinds[path] == nil || kinds[path] == .above else { throw Self.taken(path, line) }
    kinds[path] = .header
  }

  /// `section` is the path of the table that the pair stands in.
  mutating func add(_ pair: TOMLPair, below section: [String] = [], at line: Int) throws(TOMLError) {
    let path = section + pair.key
    for length in (section.count + 1)..<max(path.count, section.count + 1) {
      let prefix = Array(path[..<length])
      guard kinds[prefix] == nil || kinds[prefix] == .dotted else { throw Self.taken(prefix, pair.line) }
      kinds[prefix] = .dotted
    }
    guard kinds[path] == nil else { throw Self.taken(path, pair.line) }
    kinds[path] = .closed
  }

  private static func taken(_ path: [String], _ line: Int) -> TOMLError {
    TOMLError(line: line, message: "\(path.joined(separator: ".").prefix(64)) is there twice")
  }
}
