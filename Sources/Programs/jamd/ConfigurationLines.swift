// SPDX-License-Identifier: Apache-2.0
// Programs/jamd: the line on which each key of a TOML file stands. TOMLKit keeps none for what it could parse.

/// Lines of tables and keys in a TOML document that is known to be well-formed. O(length).
package struct ConfigurationLines {
  /// By dotted path.
  private var lines: [String: Int] = [:]

  /// Counted from 1; of the nearest table above when the key stands inside an inline table.
  package func line(of path: String) -> Int? {
    var path = Substring(path)
    while true {
      if let line = lines[String(path)] { return line }
      guard let dot = path.lastIndex(of: ".") else { return nil }
      path = path[..<dot]
    }
  }

  package init(_ document: String) {
    var scanner = TOMLScanner(bytes: Array(document.utf8))
    var section: [String] = []
    while scanner.skipToStatement() {
      let line = scanner.line
      let isHeader = scanner.skipBrackets()
      let key = scanner.readKey()
      if isHeader { section = key }
      let path = (isHeader ? key : section + key).joined(separator: ".")
      if lines[path] == nil { lines[path] = line }
      scanner.skipStatement()
    }
  }
}

extension ConfigurationLines {
  /// The first of the mistakes that TOMLKit's parser (toml++ 3.4) does not refuse but aborts at, by failing an assertion:
  /// a header without a key, `[=]`, and a brace that closes a bracket, `a = [}]`.
  ///
  /// Up to the first mistake in a document the scanner and that parser agree on where statements and strings begin, and
  /// the parser does not go beyond it.
  static func fatalMistake(in document: String) -> (line: Int, message: String)? {
    var scanner = TOMLScanner(bytes: Array(document.utf8))
    while scanner.skipToStatement() {
      let line = scanner.line
      if scanner.skipBrackets() {
        guard scanner.isAtKeyOrEndOfHeader() else { return (line, "the name of a section has to follow the \"[\"") }
      }
      guard scanner.skipStatement() else { return (scanner.line, "a bracket or brace is closed that was not opened") }
    }
    return nil
  }
}

/// Walks over a well-formed TOML document (toml.io, v1.0.0); over any other without crashing.
private struct TOMLScanner {
  let bytes: [UInt8]
  private var position = 0
  private(set) var line = 1

  init(bytes: [UInt8]) { self.bytes = bytes }

  private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func advance() {
    if current == UInt8(ascii: "\n") { line += 1 }
    position += 1
  }

  /// False at the end.
  mutating func skipToStatement() -> Bool {
    while let byte = current {
      switch byte {
      case UInt8(ascii: "#"): skipLine()
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"), UInt8(ascii: "\n"): advance()
      default: return true
      }
    }
    return false
  }

  /// True when the statement is the header of a table.
  mutating func skipBrackets() -> Bool {
    guard current == UInt8(ascii: "[") else { return false }
    while current == UInt8(ascii: "[") { advance() }
    return true
  }

  mutating func isAtKeyOrEndOfHeader() -> Bool {
    while current == UInt8(ascii: " ") || current == UInt8(ascii: "\t") { advance() }
    switch current {
    case nil, UInt8(ascii: "]"), UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "_"), UInt8(ascii: "-"):
      return true
    case let byte?: return (48...57).contains(byte) || (65...90).contains(byte & 0xDF)
    }
  }

  /// The parts of a dotted key.
  mutating func readKey() -> [String] {
    var parts: [String] = []
    while let byte = current {
      switch byte {
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "."): advance()
      case UInt8(ascii: "\""), UInt8(ascii: "'"):
        let start = position
        skipString()
        parts.append(String(decoding: bytes[start..<position].dropFirst().dropLast(), as: UTF8.self))
      case UInt8(ascii: "="), UInt8(ascii: "]"), UInt8(ascii: "\n"), UInt8(ascii: "#"): return parts
      default: parts.append(readBareKey())
      }
    }
    return parts
  }

  private mutating func readBareKey() -> String {
    let start = position
    while let byte = current, !" \t.=]\r\n#\"'".utf8.contains(byte) { advance() }
    if position == start { advance() }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  /// To the end of the line that ends the statement; arrays and multi-line strings go over several. False, and no
  /// further, at a bracket that closes none of its kind inside a value.
  @discardableResult
  mutating func skipStatement() -> Bool {
    var open: [UInt8] = []
    while let byte = current {
      switch byte {
      case UInt8(ascii: "\n") where open.isEmpty: return true
      case UInt8(ascii: "#"): skipLine()
      case UInt8(ascii: "\""), UInt8(ascii: "'"): skipString()
      case UInt8(ascii: "["), UInt8(ascii: "{"):
        open.append(byte)
        advance()
      case UInt8(ascii: "]"), UInt8(ascii: "}"):
        // The opening ones stand two places before the closing ones in ASCII.
        if let last = open.popLast(), last != byte - 2 { return false }
        advance()
      default: advance()
      }
    }
    return true
  }

  private mutating func skipLine() {
    while let byte = current, byte != UInt8(ascii: "\n") { advance() }
  }

  private mutating func skipString() {
    guard let quote = current else { return }
    let isMultiline = bytes[position...].prefix(3).elementsEqual([quote, quote, quote])
    for _ in 0..<(isMultiline ? 3 : 1) { advance() }
    while let byte = current {
      if !isMultiline, byte == UInt8(ascii: "\n") { return }
      if byte == UInt8(ascii: "\\"), quote == UInt8(ascii: "\"") {
        advance()
      } else if byte == quote, !isMultiline || bytes[position...].prefix(3).elementsEqual([quote, quote, quote]) {
        // A multi-line string may end in up to two quotes of its own: the last three of a run close it.
        for _ in 0..<(isMultiline ? 3 : 1) { advance() }
        while isMultiline, current == quote { advance() }
        return
      }
      advance()
    }
  }
}
