// SPDX-License-Identifier: Apache-2.0
// Programs/jamd, TOML: a whole document.

/// A TOML document (toml.io, v1.0.0) with the line of everything in it, in the order of the lines.
///
/// Lists of tables, `[[...]]`, are refused: jamd has none. Dates and times are recognised but not looked into. Parsing is
/// O(length); any bytes are safe.
package struct TOMLDocument: Sendable {
  /// A header: its path and its line.
  struct Header: Hashable, Sendable {
    let path: [String]
    let line: Int
  }

  private(set) var headers: [Header] = []
  private(set) var entries: [TOMLEntry] = []

  init(parsing text: String) throws(TOMLError) {
    let bytes = Array(text.utf8)
    try Self.refuseControlCharacters(bytes)
    var cursor = TOMLCursor(bytes)
    _ = cursor.skip("\u{FEFF}")
    var names = TOMLNames()
    var section: [String] = []
    while true {
      cursor.skipBlanksAndLines()
      guard cursor.current != nil else { return }
      let line = cursor.line
      if cursor.current == UInt8(ascii: "[") {
        section = try Self.readHeader(&cursor)
        try names.addHeader(section, at: line)
        headers.append(Header(path: section, line: line))
      } else {
        let pair = try cursor.readPair()
        try names.add(pair, below: section, at: line)
        entries += pair.flattened.map { TOMLEntry(path: section + $0.path, line: $0.line, value: $0.value) }
        if pair.flattened.isEmpty { headers.append(Header(path: section + pair.key, line: line)) }
      }
      try cursor.endLine()
    }
  }

  private static func readHeader(_ cursor: inout TOMLCursor) throws(TOMLError) -> [String] {
    if cursor.isAt("[[") {
      throw cursor.error("there are no lists of sections; write the section's name in single [ ]")
    }
    cursor.advance()
    let path = try cursor.readKey()
    guard cursor.skip("]") else { throw cursor.error("a ] was expected, not \(cursor.shown)") }
    return path
  }

  private static func refuseControlCharacters(_ bytes: [UInt8]) throws(TOMLError) {
    var line = 1
    for (index, byte) in bytes.enumerated() {
      let isLineEnd = byte == 13 && index + 1 < bytes.count && bytes[index + 1] == 10
      if byte == 10 { line += 1 }
      guard byte >= 32 && byte != 127 || byte == 9 || byte == 10 || isLineEnd else {
        throw TOMLError(line: line, message: "there is a control character: this is no text file")
      }
    }
  }
}

extension TOMLDocument {
  /// Whether `text` can be parsed, for tests.
  package static func isValid(_ text: String) -> Bool { (try? TOMLDocument(parsing: text)) != nil }

  /// The document in one line a key, in the order of the paths, for tests: `path<TAB>line<TAB>value`.
  package static func listing(_ text: String) -> [String]? {
    guard let document = try? TOMLDocument(parsing: text) else { return nil }
    return document.entries.map { "\($0.path.joined(separator: "."))\t\($0.line)\t\($0.value.toml)" }.sorted()
  }
}
