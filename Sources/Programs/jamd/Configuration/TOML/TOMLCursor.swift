// SPDX-License-Identifier: Apache-2.0
// Programs/jamd, TOML: a place in a document.

/// Why a text is no TOML document, and where; lines count from 1.
struct TOMLError: Error, Hashable, Sendable {
  let line: Int
  let message: String
}

/// Walks over the bytes of a document and knows the line.
struct TOMLCursor {
  private let bytes: [UInt8]
  private var position = 0
  private(set) var line = 1

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// Nil at the end.
  var current: UInt8? { peek(0) }

  func peek(_ distance: Int) -> UInt8? {
    position + distance < bytes.count ? bytes[position + distance] : nil
  }

  mutating func advance(_ count: Int = 1) {
    for _ in 0..<count where position < bytes.count {
      if bytes[position] == UInt8(ascii: "\n") { line += 1 }
      position += 1
    }
  }

  func isAt(_ text: StaticString) -> Bool {
    text.withUTF8Buffer { bytes[position...].prefix($0.count).elementsEqual($0) }
  }

  /// True when it was there.
  mutating func skip(_ text: StaticString) -> Bool {
    guard isAt(text) else { return false }
    advance(text.utf8CodeUnitCount)
    return true
  }

  /// The bytes from here on that satisfy `condition`, skipped.
  mutating func take(while condition: (UInt8) -> Bool) -> ArraySlice<UInt8> {
    let start = position
    while let byte = current, condition(byte) { advance() }
    return bytes[start..<position]
  }

  mutating func skipBlanks() { _ = take { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") } }

  /// Blanks, line ends and comments, as inside an array and between statements.
  mutating func skipBlanksAndLines() {
    while true {
      _ = take { " \t\r\n".utf8.contains($0) }
      guard current == UInt8(ascii: "#") else { return }
      _ = take { $0 != UInt8(ascii: "\n") }
    }
  }

  /// After a statement only blanks and a comment may stand before the end of the line.
  mutating func endLine() throws(TOMLError) {
    skipBlanks()
    if current == UInt8(ascii: "#") { _ = take { $0 != UInt8(ascii: "\n") } }
    _ = skip("\r")
    guard current == nil || skip("\n") else { throw error("there is something left over: \(shown)") }
  }

  /// What stands here, for an error's text.
  var shown: String {
    guard current != nil, current != UInt8(ascii: "\n"), current != UInt8(ascii: "\r") else {
      return "the end of the line"
    }
    let rest = bytes[position...].prefix(24).prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
    return String(decoding: rest, as: UTF8.self)
  }

  func error(_ message: String) -> TOMLError { TOMLError(line: line, message: message) }
}
