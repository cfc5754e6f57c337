// SPDX-License-Identifier: Apache-2.0
// Control/Protocol: bytes into lines.

/// Cuts a stream of bytes into lines, and refuses lines that are too long before they fill the memory.
public struct LineFraming: Sendable {
  /// A line went on past the limit; the stream cannot be trusted any more.
  public struct LineTooLong: Error, Hashable, Sendable, CustomStringConvertible {
    public let limit: Int
    public var description: String { "a line of more than \(limit) bytes" }
  }

  /// Bytes a line may have, without its newline.
  public let limit: Int
  private var bytes: [UInt8] = []
  /// Where the first line that was not yet taken starts.
  private var start = 0
  /// No newline stands before this position, from `start` on.
  private var searched = 0

  public init(limit: Int) { self.limit = limit }

  /// Bytes that were not yet taken.
  public var pending: Int { bytes.count - start }

  public mutating func append(_ more: some Collection<UInt8>) {
    if start > 0 {
      bytes.removeFirst(start)
      searched -= start
      start = 0
    }
    bytes.append(contentsOf: more)
  }

  /// The next whole line without its newline (nor a carriage return before it); nil when there is none yet. Every byte
  /// is looked at once.
  public mutating func next() throws(LineTooLong) -> [UInt8]? {
    guard let end = bytes[searched...].firstIndex(of: UInt8(ascii: "\n")) else {
      searched = bytes.count
      guard pending <= limit else { throw LineTooLong(limit: limit) }
      return nil
    }
    guard end - start <= limit else { throw LineTooLong(limit: limit) }
    var line = bytes[start..<end]
    if line.last == UInt8(ascii: "\r") { line.removeLast() }
    start = end + 1
    searched = start
    return Array(line)
  }
}
