// SPDX-License-Identifier: Apache-2.0
// Control/Protocol: Open Sound Control 1.0 (Wright, "The Open Sound Control 1.0 Specification", 2002): values to bytes.

/// An address and its arguments.
public struct OSCMessage: Hashable, Sendable {
  public enum Argument: Hashable, Sendable {
    case int(Int32)
    case float(Float)
    case text(String)
    case flag(Bool)
    /// Of a type that jamd has no use for.
    case other
  }

  /// Begins with a slash.
  public var address: String
  public var arguments: [Argument]

  public init(_ address: String, _ arguments: [Argument] = []) {
    self.address = address
    self.arguments = arguments
  }

  /// One packet. The same message always gives the same bytes; `other` is left out.
  public func encoded() -> [UInt8] {
    var tags = ","
    var data: [UInt8] = []
    for argument in arguments {
      switch argument {
      case .int(let value):
        tags += "i"
        data += Self.bytes(UInt32(bitPattern: value))
      case .float(let value):
        tags += "f"
        data += Self.bytes(value.bitPattern)
      case .text(let text):
        tags += "s"
        data += Self.padded(text)
      case .flag(let value): tags += value ? "T" : "F"
      case .other: break
      }
    }
    return Self.padded(address) + Self.padded(tags) + data
  }

  private static func bytes(_ value: UInt32) -> [UInt8] { withUnsafeBytes(of: value.bigEndian) { Array($0) } }

  /// Without zeros inside, with one to four behind.
  private static func padded(_ text: String) -> [UInt8] {
    let bytes = text.utf8.filter { $0 != 0 }
    return bytes + [UInt8](repeating: 0, count: 4 - bytes.count % 4)
  }
}
