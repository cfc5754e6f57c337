// SPDX-License-Identifier: Apache-2.0
// Core/Scores: bytes to the entries of a journal, whatever became of them.
import Music

/// What could be read of a journal.
public struct JournalContents: Hashable, Sendable {
  public var entries: [JournalEntry]
  /// Bytes that hold no entry: a record torn off in the end, or what a failing disk left in between.
  public var damagedBytes: Int

  public init(entries: [JournalEntry] = [], damagedBytes: Int = 0) {
    self.entries = entries
    self.damagedBytes = damagedBytes
  }
}

/// Why bytes are no journal.
public enum JournalError: Error, Hashable, Sendable, CustomStringConvertible {
  case notAJournal
  case unknownVersion(UInt32)

  public var description: String {
    switch self {
    case .notAJournal: "not a journal of jamd (it does not begin with \"jamdjrnl\", and has no record of one)"
    case .unknownVersion(let version): "journal version \(version) is unknown; a newer jamd has written it"
    }
  }
}

extension Journal {
  /// Damage longer than this ends the reading, so that any file is read in time.
  static let longestGap = 1 << 16

  /// Reads every record that is whole. A torn one is cut off; one damaged in between is skipped; a damaged start does not
  /// matter as long as there are records. Bytes that end before the start does are an empty journal: the disk had no more.
  /// O(n), memory in proportion to what is there.
  public static func read(_ bytes: [UInt8]) throws(JournalError) -> JournalContents {
    guard bytes.count >= start.count else {
      guard start[..<8].starts(with: bytes.prefix(8)) || bytes.allSatisfy({ $0 == 0 }) else { throw .notAJournal }
      return JournalContents(damagedBytes: bytes.count)
    }
    let version = bytes.littleEndian(at: 8, as: UInt32.self)
    if bytes.starts(with: start[..<8]), versions.contains(version) { return records(bytes, from: start.count) }
    // A version that will ever be is a small number.
    if bytes.starts(with: start[..<8]), (1...255).contains(version) { throw .unknownVersion(version) }
    let contents = records(bytes, from: 0)
    guard !contents.entries.isEmpty else { throw .notAJournal }
    return contents
  }

  private static func records(_ bytes: [UInt8], from first: Int) -> JournalContents {
    var contents = JournalContents()
    var offset = first
    var gap = 0
    while offset < bytes.count, gap < longestGap {
      if let (entry, length) = record(bytes, at: offset) {
        contents.entries.append(entry)
        offset += length
        contents.damagedBytes += gap
        gap = 0
      } else {
        offset += 1
        gap += 1
      }
    }
    contents.damagedBytes += gap + (bytes.count - offset)
    return contents
  }

  /// The record that begins at `offset`, if a whole one does.
  private static func record(_ bytes: [UInt8], at offset: Int) -> (JournalEntry, length: Int)? {
    guard bytes.count - offset >= headerSize, bytes[offset + 3] == 0 else { return nil }
    let size = Int(bytes.littleEndian(at: offset, as: UInt16.self))
    guard let kind = JournalEntry.Event.Kind(rawValue: bytes[offset + 2]), kind.lengths.contains(size) else {
      return nil
    }
    let end = offset + headerSize + size
    guard end <= bytes.count, CRC32.of(bytes[offset..<end]) == bytes.littleEndian(at: offset + 4, as: UInt32.self)
    else { return nil }
    guard let time = duration(bytes, at: offset + 8) else { return nil }
    return event(kind, bytes[(offset + headerSize)..<end]).map { (JournalEntry(time: time, $0), end - offset) }
  }

  /// Nil for what no session lasts: more than 73 years.
  private static func duration(_ bytes: [UInt8], at offset: Int) -> Duration? {
    let nanoseconds = bytes.littleEndian(at: offset, as: UInt64.self)
    return nanoseconds <= UInt64(Int64.max / 4) ? .nanoseconds(Int64(nanoseconds)) : nil
  }

  private static func event(_ kind: JournalEntry.Event.Kind, _ slice: ArraySlice<UInt8>) -> JournalEntry.Event? {
    let payload = Array(slice)
    var number: UInt32 { payload.littleEndian(at: 0, as: UInt32.self) }
    switch kind {
    case .opened:
      let wallClock = Int64(bitPattern: payload.littleEndian(at: 0, as: UInt64.self))
      return .opened(wallClock: wallClock, answers: Channel(statusByte: payload[8]))
    case .heard: return .heard(MIDIMessage(payload[4], payload[5], payload[6]), keyboard: number)
    case .named: return .named(String(decoding: payload[4...], as: UTF8.self), keyboard: number)
    case .gone: return .gone(keyboard: number)
    case .planned: return planned(payload)
    case .cancelled: return .cancelled(before: number)
    case .marker: return .marker(String(decoding: payload, as: UTF8.self))
    case .alive: return .alive
    case .lost: return .lost(number)
    case .closed: return .closed
    case .seated: return .seated(keyboard: number, seat: payload[4])
    }
  }

  private static func planned(_ payload: [UInt8]) -> JournalEntry.Event? {
    guard let pitch = Pitch(Int(payload[4])), let velocity = Velocity(Int(payload[5])),
      let onset = duration(payload, at: 6), let duration = duration(payload, at: 14)
    else { return nil }
    let generation = payload.littleEndian(at: 0, as: UInt32.self)
    return .planned(
      pitch: pitch, velocity: velocity, onset: onset, duration: duration, generation: generation,
      seat: payload.count > 22 ? payload[22] : 0)
  }
}

extension [UInt8] {
  /// The bytes from `offset` on must be there.
  fileprivate func littleEndian<Value: FixedWidthInteger>(at offset: Int, as: Value.Type) -> Value {
    withUnsafeBytes { Value(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: Value.self)) }
  }
}
