// SPDX-License-Identifier: Apache-2.0
// Programs/jamd, TOML: numbers and truth values.

enum TOMLScalar {
  /// Nil when `text` is no number and no truth value.
  static func value(_ text: String) -> ConfigurationValue? {
    switch text {
    case "true": .flag(true)
    case "false": .flag(false)
    case "inf", "+inf": .number(.infinity)
    case "-inf": .number(-.infinity)
    case "nan", "+nan", "-nan": .number(.nan)
    default: integer(text).map { .whole($0) } ?? float(text).map { .number($0) }
    }
  }

  private static func integer(_ text: String) -> Int? {
    for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] where text.hasPrefix(prefix) {
      let digits = text.dropFirst(2)
      guard digits.first != "+", digits.first != "-" else { return nil }
      return joined(digits) { $0.isHexDigit }.flatMap { Int($0, radix: radix) }
    }
    return joined(unsigned(text), where: isDigit).flatMap { digits in
      hasLeadingZero(digits) ? nil : Int((text.hasPrefix("-") ? "-" : "") + digits)
    }
  }

  private static func float(_ text: String) -> Double? {
    let parts = unsigned(text).split(maxSplits: 1, omittingEmptySubsequences: false) { $0 == "e" || $0 == "E" }
    let mantissa = parts[0].split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2 || mantissa.count == 2 else { return nil }
    guard let whole = joined(mantissa[0], where: isDigit), !hasLeadingZero(whole) else { return nil }
    var written = whole
    if mantissa.count == 2 {
      guard let fraction = joined(mantissa[1], where: isDigit) else { return nil }
      written += "." + fraction
    }
    if parts.count == 2 {
      guard let exponent = joined(unsigned(parts[1]), where: isDigit) else { return nil }
      written += (parts[1].hasPrefix("-") ? "e-" : "e") + exponent
    }
    return Double((text.hasPrefix("-") ? "-" : "") + written)
  }

  private static func unsigned(_ text: some StringProtocol) -> Substring {
    Substring(text.hasPrefix("+") || text.hasPrefix("-") ? text.dropFirst() : text[...])
  }

  /// The digits without the underscores between them; nil unless there are digits and each underscore is between two.
  private static func joined(_ text: Substring, where isDigit: (Character) -> Bool) -> String? {
    let groups = text.split(separator: "_", omittingEmptySubsequences: false)
    guard groups.allSatisfy({ !$0.isEmpty && $0.allSatisfy(isDigit) }) else { return nil }
    return groups.joined()
  }

  private static func isDigit(_ character: Character) -> Bool { ("0"..."9").contains(character) }

  private static func hasLeadingZero(_ digits: String) -> Bool { digits.count > 1 && digits.hasPrefix("0") }

  /// 1979-05-27..., or 07:32:00...; no setting is one, so nobody looks closer.
  static func isDateOrTime(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    func isDigits(_ range: Range<Int>) -> Bool {
      bytes.count >= range.upperBound && bytes[range].allSatisfy { (48...57).contains($0) }
    }
    if isDigits(0..<4), bytes.count >= 10, bytes[4] == UInt8(ascii: "-") {
      return isDigits(5..<7) && bytes[7] == UInt8(ascii: "-") && isDigits(8..<10)
    }
    return isDigits(0..<2) && bytes.count >= 8 && bytes[2] == UInt8(ascii: ":") && isDigits(3..<5)
  }
}
