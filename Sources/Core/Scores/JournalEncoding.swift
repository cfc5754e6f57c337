// SPDX-License-Identifier: Apache-2.0
// Core/Scores: journal entries to bytes.
import Music

extension JournalEntry {
  /// One record: length of the payload (2 bytes), kind, a zero, checksum of everything else (4), time in nanoseconds (8),
  /// payload; all little-endian. O(payload).
  public func encoded() -> [UInt8] {
    let payload = event.payload
    var bytes: [UInt8] = []
    bytes.reserveCapacity(Journal.headerSize + payload.count)
    bytes.append(UInt16(payload.count))
    bytes += [event.kind.rawValue, 0]
    bytes.append(UInt32(0))
    bytes.append(UInt64(bitPattern: max(0, time.nanoseconds)))
    bytes += payload
    let checksum = CRC32.of(bytes[...])
    for byte in 0..<4 { bytes[4 + byte] = UInt8(truncatingIfNeeded: checksum >> (8 * UInt32(byte))) }
    return bytes
  }
}

extension JournalEntry.Event {
  enum Kind: UInt8 {
    case opened = 1
    case heard, named, gone, planned, cancelled, marker, alive, lost, closed, seated

    /// Lengths that a payload of this kind may have.
    var lengths: ClosedRange<Int> {
      switch self {
      case .opened: 9...9
      case .heard: 7...7
      case .named: 4...(4 + Journal.longestText)
      case .gone, .cancelled, .lost: 4...4
      case .planned: 22...23
      case .seated: 5...5
      case .marker: 0...Journal.longestText
      case .alive, .closed: 0...0
      }
    }
  }

  var kind: Kind {
    switch self {
    case .opened: .opened
    case .heard: .heard
    case .named: .named
    case .gone: .gone
    case .planned: .planned
    case .cancelled: .cancelled
    case .marker: .marker
    case .alive: .alive
    case .lost: .lost
    case .closed: .closed
    case .seated: .seated
    }
  }

  fileprivate var payload: [UInt8] {
    var bytes: [UInt8] = []
    switch self {
    case .opened(let wallClock, let answers):
      bytes.append(UInt64(bitPattern: wallClock))
      bytes.append(answers.index)
    case .heard(let message, let keyboard):
      bytes.append(keyboard)
      bytes += [message.status, message.data1, message.data2]
    case .named(let name, let keyboard):
      bytes.append(keyboard)
      bytes += Self.cut(name)
    case .gone(let number), .cancelled(let number), .lost(let number): bytes.append(number)
    case .planned(let pitch, let velocity, let onset, let duration, let generation, let seat):
      bytes.append(generation)
      bytes += [pitch.number, velocity.value]
      bytes.append(UInt64(bitPattern: max(0, onset.nanoseconds)))
      bytes.append(UInt64(bitPattern: max(0, duration.nanoseconds)))
      bytes.append(seat)
    case .seated(let keyboard, let seat):
      bytes.append(keyboard)
      bytes.append(seat)
    case .marker(let text): bytes += Self.cut(text)
    case .alive, .closed: break
    }
    return bytes
  }

  /// As many whole characters as fit.
  private static func cut(_ text: String) -> [UInt8] {
    var bytes: [UInt8] = []
    for character in text {
      let next = Array(String(character).utf8)
      guard bytes.count + next.count <= Journal.longestText else { break }
      bytes += next
    }
    return bytes
  }
}

extension [UInt8] {
  fileprivate mutating func append(_ value: some FixedWidthInteger) {
    Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
  }
}

/// CRC-32 (ISO 3309, as in gzip, RFC 1952 section 8). A torn or flipped record passes once in four thousand million.
enum CRC32 {
  private static let table: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { value, _ in value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1 }
  }

  /// Of a record, in which the checksum's own four bytes count as zero.
  static func of(_ record: ArraySlice<UInt8>) -> UInt32 {
    var value: UInt32 = 0xFFFF_FFFF
    let hole = (record.startIndex + 4)..<(record.startIndex + 8)
    for index in record.indices {
      let byte = hole.contains(index) ? 0 : record[index]
      value = table[Int(UInt8(truncatingIfNeeded: value) ^ byte)] ^ (value >> 8)
    }
    return ~value
  }
}
