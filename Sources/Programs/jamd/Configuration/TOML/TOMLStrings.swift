// SPDX-License-Identifier: Apache-2.0
// Programs/jamd, TOML: the four kinds of strings, and keys.

extension TOMLCursor {
  var isAtString: Bool { current == UInt8(ascii: "\"") || current == UInt8(ascii: "'") }

  /// Any string. The cursor is at its first quotation mark.
  mutating func readString() throws(TOMLError) -> String {
    if skip("\"\"\"") { return try readMultiLine(quote: UInt8(ascii: "\"")) }
    if skip("'''") { return try readMultiLine(quote: UInt8(ascii: "'")) }
    return try readSingleLine()
  }

  private mutating func readSingleLine() throws(TOMLError) -> String {
    let quote = current
    advance()
    var text: [UInt8] = []
    while let byte = current, byte != UInt8(ascii: "\n") {
      if byte == quote {
        advance()
        return String(decoding: text, as: UTF8.self)
      }
      if byte == UInt8(ascii: "\\"), quote == UInt8(ascii: "\"") {
        text += try readEscape()
      } else {
        text.append(byte)
        advance()
      }
    }
    throw error("a text does not end on its line: its closing quotation mark is missing")
  }

  private mutating func readMultiLine(quote: UInt8) throws(TOMLError) -> String {
    let start = line
    var text: [UInt8] = []
    if !skip("\r\n") { _ = skip("\n") }
    while let byte = current {
      if byte == quote, peek(1) == quote, peek(2) == quote {
        // Up to two quotation marks may stand right before the closing three.
        let run = (3..<5).first { peek($0) != quote } ?? 5
        text += Array(repeating: quote, count: run - 3)
        advance(run)
        return String(decoding: text, as: UTF8.self)
      }
      if byte == UInt8(ascii: "\\"), quote == UInt8(ascii: "\"") {
        if !skipEscapedLineEnd() { text += try readEscape() }
      } else {
        text.append(byte)
        advance()
      }
    }
    throw TOMLError(line: start, message: "a text over several lines is not closed")
  }

  /// A backslash at the end of a line swallows all blanks and line ends up to the next character.
  private mutating func skipEscapedLineEnd() -> Bool {
    var ahead = self
    ahead.advance()
    ahead.skipBlanks()
    guard ahead.isAt("\n") || ahead.isAt("\r\n") else { return false }
    _ = ahead.take { " \t\r\n".utf8.contains($0) }
    self = ahead
    return true
  }

  private mutating func readEscape() throws(TOMLError) -> [UInt8] {
    advance()
    guard let byte = current else { throw error("a text ends in a backslash") }
    let simple: [UInt8: UInt8] = [0x62: 8, 0x74: 9, 0x6E: 10, 0x66: 12, 0x72: 13, 0x22: 0x22, 0x5C: 0x5C]
    if let meant = simple[byte] {
      advance()
      return [meant]
    }
    guard byte == UInt8(ascii: "u") || byte == UInt8(ascii: "U") else {
      throw error("a backslash cannot stand before \(shown); write \\\\ for a backslash itself")
    }
    let length = byte == UInt8(ascii: "u") ? 4 : 8
    advance()
    var digits: [UInt8] = []
    while digits.count < length, let digit = current, Self.isHexadecimal(digit) {
      digits.append(digit)
      advance()
    }
    let value = UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
    guard digits.count == length, let scalar = value.flatMap(Unicode.Scalar.init) else {
      throw error("\\u needs the 4 and \\U the 8 hexadecimal digits of a character")
    }
    return Array(String(Character(scalar)).utf8)
  }

  private static func isHexadecimal(_ byte: UInt8) -> Bool {
    (48...57).contains(byte) || (65...70).contains(byte & 0xDF)
  }

  /// The parts of a bare, quoted or dotted key.
  mutating func readKey() throws(TOMLError) -> [String] {
    var parts: [String] = []
    repeat {
      guard parts.count < 32 else { throw error("a name has more than 32 parts") }
      skipBlanks()
      if isAtString {
        if isAt("\"\"\"") || isAt("'''") { throw error("a key cannot go over several lines") }
        parts.append(try readSingleLine())
      } else {
        let bare = take(while: Self.isBare)
        guard !bare.isEmpty else { throw error("a name was expected, not \(shown)") }
        parts.append(String(decoding: bare, as: UTF8.self))
      }
      skipBlanks()
    } while skip(".")
    return parts
  }

  private static func isBare(_ byte: UInt8) -> Bool {
    (48...57).contains(byte) || (65...90).contains(byte & 0xDF) && byte >= 65 || byte == 0x5F || byte == 0x2D
  }
}
