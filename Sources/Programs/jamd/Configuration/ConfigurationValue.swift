// SPDX-License-Identifier: Apache-2.0
// Programs/jamd: values of the configuration and what they may be.
import ControlProtocol
import Glibc

/// A value as a TOML file can hold it.
package enum ConfigurationValue: Hashable, Sendable {
  case flag(Bool)
  case whole(Int)
  case number(Double)
  case text(String)
  indirect case list([ConfigurationValue])
  /// A date, a time or a table.
  case other(String)

  /// As it is written in a TOML file.
  package var toml: String {
    switch self {
    case .flag(let flag): "\(flag)"
    case .whole(let whole): "\(whole)"
    case .number(let number): "\(number)"
    case .text(let text): "\"\(Self.escaped(text))\""
    case .list(let values): "[\(values.map(\.toml).joined(separator: ", "))]"
    case .other(let kind): kind
    }
  }

  private static func escaped(_ text: String) -> String {
    text.unicodeScalars.reduce(into: "") { escaped, scalar in
      switch scalar {
      case "\"", "\\": escaped += "\\\(scalar)"
      case _ where scalar.value < 32 || scalar.value == 127:
        let digits = String(scalar.value, radix: 16)
        escaped += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: escaped.unicodeScalars.append(scalar)
      }
    }
  }
}

/// What a key's value may be.
package enum ConfigurationKind: Hashable, Sendable {
  case flag
  case whole(ClosedRange<Int>)
  case number(ClosedRange<Double>)
  case text
  /// Absolute or from the home folder; empty for none.
  case path
  case paths
  case patterns
  case channels
  case sound
  case choice([String])
  case drawbars
  /// Of the Internet, in digits.
  case address
  /// Empty for nobody.
  case playerName
  /// As `path`, and short enough to be a socket's.
  case socketPath

  package var documentation: String {
    switch self {
    case .flag: "true or false"
    case .whole(let range) where range.upperBound == .max: "a whole number from \(range.lowerBound)"
    case .whole(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
    case .number(let range): "a number from \(range.lowerBound) to \(range.upperBound)"
    case .text: "a text"
    case .path: "a path that begins with / or ~/, or an empty text"
    case .paths: "a list of paths that begin with / or ~/"
    case .patterns: "a list of patterns with * and ?"
    case .channels: "a list of MIDI channels from 1 to 16"
    case .sound: "\"organ\", or the name or the number (0 to 127) of a General MIDI program"
    case .choice(let names): "one of " + names.map { "\"\($0)\"" }.joined(separator: ", ")
    case .address: "an IP address in digits"
    case .playerName: "a name of at most 64 bytes without / and without a dot or dash in front, or an empty text"
    case .socketPath: "a path of at most \(SocketPath.longest) bytes that begins with / or ~/, or an empty text"
    case .drawbars: "nine digits from 0 to 8, not all 0, with or without spaces"
    }
  }

  /// Why `value` cannot be used; nil when it can.
  package func problem(with value: ConfigurationValue) -> String? {
    if allows(value) { return nil }
    if self == .sound, case .text(let text) = value, let near = Configuration.Sound.suggestedName(for: text) {
      return "no sound is called \(value.toml); did you mean \"\(near)\"?"
    }
    return "it has to be \(documentation), not \(value.toml)"
  }

  private func allows(_ value: ConfigurationValue) -> Bool {
    switch (self, value) {
    case (.flag, .flag): true
    case (.whole(let range), .whole(let whole)): range.contains(whole)
    case (.number(let range), .number(let number)): range.contains(number)
    case (.number(let range), .whole(let whole)): range.contains(Double(whole))
    case (.text, .text(let text)): Self.isPrintable(text)
    case (.path, .text(let text)): text.isEmpty || Self.isPath(text)
    case (.paths, .list(let values)): values.allSatisfy { $0.text.map(Self.isPath) ?? false }
    case (.patterns, .list(let values)):
      values.allSatisfy { $0.text.map { !$0.isEmpty && Self.isPrintable($0) } ?? false }
    case (.channels, .list(let values)): values.allSatisfy { $0.whole.map((1...16).contains) ?? false }
    case (.sound, .text(let text)): Configuration.Sound(text) != nil
    case (.sound, .whole(let whole)): (0...127).contains(whole)
    case (.choice(let names), .text(let text)): names.contains(text)
    case (.drawbars, .text(let text)): Configuration.drawbars(text) != nil
    case (.address, .text(let text)): Self.isAddress(text)
    case (.playerName, .text(let text)): text.isEmpty || PlayerName(text) != nil
    case (.socketPath, .text(let text)):
      text.isEmpty || Self.isPath(text) && text.utf8.count <= SocketPath.longest
    default: false
    }
  }

  private static func isPath(_ text: String) -> Bool {
    (text.hasPrefix("/") || text.hasPrefix("~/")) && isPrintable(text)
  }

  private static func isAddress(_ text: String) -> Bool {
    var address = in6_addr()
    return inet_pton(AF_INET, text, &address) == 1 || inet_pton(AF_INET6, text, &address) == 1
  }

  private static func isPrintable(_ text: String) -> Bool { text.utf8.allSatisfy { $0 >= 32 && $0 != 127 } }
}

extension ConfigurationValue {
  var text: String? { if case .text(let text) = self { text } else { nil } }
  var whole: Int? { if case .whole(let whole) = self { whole } else { nil } }
  var flag: Bool? { if case .flag(let flag) = self { flag } else { nil } }
  var list: [ConfigurationValue]? { if case .list(let values) = self { values } else { nil } }

  /// A whole number is a number too.
  var number: Double? {
    switch self {
    case .number(let number): number
    case .whole(let whole): Double(whole)
    default: nil
    }
  }
}
