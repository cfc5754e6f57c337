// SPDX-License-Identifier: Apache-2.0
// Control/Protocol: OSC packets from bytes.

/// Why a datagram is no OSC packet.
public struct OSCError: Error, Hashable, Sendable, CustomStringConvertible {
  public let description: String
}

extension OSCMessage {
  /// Bundles within bundles, at most.
  private static let deepest = 4

  /// The messages of a packet, those of a bundle in order and at once: what time it asks for is not looked at. Any bytes
  /// give messages or an error. O(bytes).
  public static func messages(in packet: some Collection<UInt8>) throws(OSCError) -> [OSCMessage] {
    var messages: [OSCMessage] = []
    try read(Array(packet)[...], depth: 0, into: &messages)
    return messages
  }

  private static func read(_ bytes: ArraySlice<UInt8>, depth: Int, into messages: inout [OSCMessage]) throws(OSCError) {
    guard bytes.starts(with: Array("#bundle\0".utf8)) else { return messages.append(try OSCMessage(bytes)) }
    guard depth < deepest else { throw OSCError(description: "bundles within bundles") }
    var reader = OSCReader(bytes: bytes)
    _ = try reader.take(16)
    while !reader.isAtEnd {
      let size = Int(try reader.number())
      try read(try reader.take(size), depth: depth + 1, into: &messages)
    }
  }

  private init(_ bytes: ArraySlice<UInt8>) throws(OSCError) {
    var reader = OSCReader(bytes: bytes)
    let address = try reader.text()
    guard address.hasPrefix("/") else { throw OSCError(description: "no OSC: an address begins with a slash") }
    // Senders of long ago leave the type tags out when there are no arguments.
    let tags = reader.isAtEnd ? "," : try reader.text()
    guard tags.hasPrefix(",") else { throw OSCError(description: "no type tags") }
    var arguments: [Argument] = []
    for tag in tags.utf8.dropFirst() { arguments.append(try reader.argument(tag)) }
    self.init(address, arguments)
  }
}

/// A cursor over big-endian data in steps of four bytes.
private struct OSCReader {
  var bytes: ArraySlice<UInt8>

  var isAtEnd: Bool { bytes.isEmpty }

  mutating func take(_ count: Int) throws(OSCError) -> ArraySlice<UInt8> {
    guard count >= 0, count <= bytes.count else { throw OSCError(description: "the packet ends too early") }
    defer { bytes = bytes.dropFirst(count) }
    return bytes.prefix(count)
  }

  mutating func number() throws(OSCError) -> UInt32 { try take(4).reduce(0) { $0 << 8 | UInt32($1) } }

  mutating func text() throws(OSCError) -> String {
    guard let end = bytes.firstIndex(of: 0) else { throw OSCError(description: "a text without an end") }
    let text = String(decoding: bytes[..<end], as: UTF8.self)
    let length = end - bytes.startIndex
    _ = try take(min(bytes.count, length + 4 - length % 4))
    return text
  }

  mutating func argument(_ tag: UInt8) throws(OSCError) -> OSCMessage.Argument {
    switch Character(Unicode.Scalar(tag)) {
    case "i": return .int(Int32(bitPattern: try number()))
    case "f": return .float(Float(bitPattern: try number()))
    case "s", "S": return .text(try text())
    case "T": return .flag(true)
    case "F": return .flag(false)
    case "h": return .int(Int32(clamping: Int64(bitPattern: try long())))
    case "d": return .float(Float(Double(bitPattern: try long())))
    case "t":
      _ = try take(8)
      return .other
    case "c", "r", "m":
      _ = try take(4)
      return .other
    case "b":
      let size = Int(try number())
      _ = try take(size)
      _ = try take(min(bytes.count, (4 - size % 4) % 4))
      return .other
    case "N", "I", "[", "]": return .other
    default: throw OSCError(description: "an argument of unknown type")
    }
  }

  private mutating func long() throws(OSCError) -> UInt64 { UInt64(try number()) << 32 | UInt64(try number()) }
}
