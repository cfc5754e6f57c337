// SPDX-License-Identifier: Apache-2.0
// Programs/jamd, TOML: values.

/// A key and its value, where it stands.
struct TOMLEntry: Hashable, Sendable {
  let path: [String]
  let line: Int
  let value: ConfigurationValue
}

/// What stands behind an equals sign.
enum TOMLContent {
  case value(ConfigurationValue)
  /// An inline table, flattened; paths are relative to it.
  case table([TOMLEntry])
}

extension TOMLCursor {
  /// Deeper nesting than any configuration has.
  private static let deepest = 32

  mutating func readContent(depth: Int = 0) throws(TOMLError) -> TOMLContent {
    guard depth < Self.deepest else { throw error("brackets are nested more than \(Self.deepest) deep") }
    switch current {
    case UInt8(ascii: "\""), UInt8(ascii: "'"): return .value(.text(try readString()))
    case UInt8(ascii: "["): return .value(try readArray(depth: depth))
    case UInt8(ascii: "{"): return .table(try readInlineTable(depth: depth))
    default: return .value(try readScalar())
    }
  }

  private mutating func readArray(depth: Int) throws(TOMLError) -> ConfigurationValue {
    let start = line
    advance()
    var values: [ConfigurationValue] = []
    while true {
      skipBlanksAndLines()
      if skip("]") { return .list(values) }
      guard current != nil else { throw TOMLError(line: start, message: "a list is not closed: its ] is missing") }
      switch try readContent(depth: depth + 1) {
      case .value(let value): values.append(value)
      case .table: values.append(.other("a table"))
      }
      skipBlanksAndLines()
      guard skip(",") || current == UInt8(ascii: "]") || current == nil else {
        throw error("a comma or ] was expected in a list, not \(shown)")
      }
    }
  }

  private mutating func readInlineTable(depth: Int) throws(TOMLError) -> [TOMLEntry] {
    advance()
    var entries: [TOMLEntry] = []
    var names = TOMLNames()
    skipBlanks()
    if skip("}") { return entries }
    repeat {
      let entry = try readPair(depth: depth + 1)
      try names.add(entry, at: line)
      entries += entry.flattened
      skipBlanks()
    } while skip(",")
    guard skip("}") else { throw error("a comma or } was expected in a table, not \(shown)") }
    return entries
  }

  /// `key = value`.
  mutating func readPair(depth: Int = 0) throws(TOMLError) -> TOMLPair {
    skipBlanks()
    let line = self.line
    let key = try readKey()
    guard skip("=") else {
      throw error("an = was expected behind \(key.joined(separator: ".").prefix(64)), not \(shown)")
    }
    skipBlanks()
    return TOMLPair(key: key, line: line, content: try readContent(depth: depth))
  }

  /// Numbers, truth values, dates and times.
  private mutating func readScalar() throws(TOMLError) -> ConfigurationValue {
    let line = self.line
    let token = take { byte in
      (48...57).contains(byte) || byte >= 65 && (65...90).contains(byte & 0xDF) || "_+-.:".utf8.contains(byte)
    }
    guard !token.isEmpty else { throw error("a value was expected, not \(shown)") }
    let text = String(decoding: token, as: UTF8.self)
    if let value = TOMLScalar.value(text) { return value }
    if TOMLScalar.isDateOrTime(text) {
      skipTimeAfterDate(text)
      return .other("a date or a time")
    }
    throw TOMLError(line: line, message: "\(text.prefix(64)) is no value; a text stands in quotation marks")
  }

  /// A blank may stand between a date and its time.
  private mutating func skipTimeAfterDate(_ date: String) {
    guard date.utf8.count == 10, current == UInt8(ascii: " "), let digit = peek(1), (48...57).contains(digit) else {
      return
    }
    advance()
    _ = take { (48...57).contains($0) || ":.+-Zz".utf8.contains($0) }
  }
}

/// A key with what it was given.
struct TOMLPair {
  let key: [String]
  let line: Int
  let content: TOMLContent

  /// One entry, or those of the inline table below the key.
  var flattened: [TOMLEntry] {
    switch content {
    case .value(let value): [TOMLEntry(path: key, line: line, value: value)]
    case .table(let entries): entries.map { TOMLEntry(path: key + $0.path, line: $0.line, value: $0.value) }
    }
  }
}
