// SPDX-License-Identifier: Apache-2.0
// Tests/Core/Scores: the journal of a session.
import Foundation
import Music
import Scores
import Testing

@Suite struct JournalTests {
  static func randomEvent(_ random: inout RandomSource) -> JournalEntry.Event {
    let number = UInt32.random(in: 0...UInt32.max, using: &random)
    func byte(_ range: ClosedRange<UInt8>) -> UInt8 { UInt8.random(in: range, using: &random) }
    switch Int.random(in: 0..<10, using: &random) {
    case 0:
      return .opened(
        wallClock: Int64.random(in: 0...1 << 50, using: &random), answers: Channel(statusByte: byte(0...15)))
    case 1: return .heard(MIDIMessage(byte(0x80...0xEF), byte(0...127), byte(0...127)), keyboard: number)
    case 2: return .named("Bühne 88 \(number)", keyboard: number)
    case 3: return .gone(keyboard: number)
    case 4:
      return .planned(
        pitch: Pitch(clamping: Int(byte(0...127))), velocity: Velocity(clamping: Int(byte(1...127))),
        onset: .microseconds(20 * Int(number)), duration: .milliseconds(1 + Int(byte(0...255))), generation: number,
        seat: byte(0...7))
    case 5: return .cancelled(before: number)
    case 6: return .marker(String(repeating: "é", count: Int(byte(0...255))))
    case 7: return .lost(number)
    case 8: return .seated(keyboard: number, seat: byte(0...7))
    default: return Bool.random(using: &random) ? .alive : .closed
    }
  }

  static func randomEntries(_ count: Int, _ random: inout RandomSource) -> [JournalEntry] {
    (0..<count).map { index in JournalEntry(time: .microseconds(20 * 997 * index), randomEvent(&random)) }
  }

  static func file(_ entries: [JournalEntry]) -> [UInt8] { Journal.start + entries.flatMap { $0.encoded() } }

  @Test("what was written is read again, exactly")
  func roundTrip() throws {
    var random = RandomSource(seed: 1)
    let entries = Self.randomEntries(2000, &random)
    let contents = try Journal.read(Self.file(entries))
    #expect(contents == JournalContents(entries: entries, damagedBytes: 0))
  }

  @Test("a file torn off at any byte gives every entry before the tear")
  func tornAnywhere() throws {
    var random = RandomSource(seed: 2)
    let entries = Self.randomEntries(40, &random)
    let bytes = Self.file(entries)
    var ends: [Int] = []
    for entry in entries { ends.append((ends.last ?? Journal.start.count) + entry.encoded().count) }
    for length in 0...bytes.count {
      let contents = try Journal.read(Array(bytes[..<length]))
      #expect(contents.entries == Array(entries[..<ends.count { $0 <= length }]))
    }
  }

  @Test("a damaged byte costs the one entry that it belongs to")
  func damagedAnywhere() throws {
    var random = RandomSource(seed: 3)
    let entries = Self.randomEntries(30, &random)
    let bytes = Self.file(entries)
    for index in Journal.start.count..<bytes.count {
      var damaged = bytes
      damaged[index] ^= UInt8.random(in: 1...255, using: &random)
      let contents = try Journal.read(damaged)
      #expect(contents.entries.count == entries.count - 1)
      #expect(contents.damagedBytes > 0)
    }
  }

  @Test("a journal whose start is damaged has all its records; only a version that a newer jamd may write is refused")
  func damagedStart() throws {
    var random = RandomSource(seed: 8)
    let entries = Self.randomEntries(30, &random)
    let bytes = Self.file(entries)
    for bit in 0..<(8 * Journal.start.count) where bit / 8 != 8 {
      var damaged = bytes
      damaged[bit / 8] ^= 1 << (bit % 8)
      #expect(try Journal.read(damaged) == JournalContents(entries: entries, damagedBytes: Journal.start.count))
    }
    let zeros = [UInt8](repeating: 0, count: Journal.start.count)
    #expect(try Journal.read(zeros + bytes.dropFirst(Journal.start.count)).entries == entries)
    #expect(try Journal.read(Array(bytes.dropFirst(3))).entries == entries)
    var newer = bytes
    newer[8] = 3
    #expect(throws: JournalError.unknownVersion(3)) { try Journal.read(newer) }
  }

  @Test("zeros that a power cut leaves in the end are cut off")
  func zeros() throws {
    var random = RandomSource(seed: 4)
    let entries = Self.randomEntries(10, &random)
    let contents = try Journal.read(Self.file(entries) + [UInt8](repeating: 0, count: 300_000))
    #expect(contents == JournalContents(entries: entries, damagedBytes: 300_000))
    #expect(try Journal.read([0, 0, 0]).entries.isEmpty)
  }

  @Test("a journal of the first version, without seats, is read as before")
  func former() throws {
    var random = RandomSource(seed: 6)
    let entries = Self.randomEntries(50, &random).filter { entry in
      switch entry.event {
      case .planned, .seated: false
      default: true
      }
    }
    // A planned note as it was then: 22 bytes.
    let former: [UInt8] = [
      22, 0, 5, 0, 186, 76, 116, 106, 64, 66, 15, 0, 0, 0, 0, 0, 9, 0, 0, 0, 60, 80, 128, 132, 30, 0, 0, 0, 0, 0,
      192, 198, 45, 0, 0, 0, 0, 0,
    ]
    let old = Array("jamdjrnl".utf8) + [1, 0, 0, 0] + entries.flatMap { $0.encoded() } + former
    let contents = try Journal.read(old)
    #expect(contents.entries.prefix(entries.count) == entries[...])
    #expect(
      contents.entries.last?.event
        == .planned(
          pitch: Pitch(clamping: 60), velocity: Velocity(clamping: 80), onset: .milliseconds(2),
          duration: .milliseconds(3), generation: 9))
  }

  @Test("another file, or a journal of a later version, is refused")
  func refused() {
    #expect(throws: JournalError.notAJournal) { try Journal.read(Array("MThd is no journal".utf8)) }
    #expect(throws: JournalError.notAJournal) { try Journal.read(Array("MThd".utf8)) }
    #expect(throws: JournalError.unknownVersion(3)) { try Journal.read(Array("jamdjrnl".utf8) + [3, 0, 0, 0, 1]) }
  }

  @Test("texts of any length stay within a record, cut between characters")
  func longText() throws {
    let text = String(repeating: "👩‍👩‍👧", count: 200)
    let contents = try Journal.read(Self.file([JournalEntry(time: .zero, .marker(text))]))
    guard case .marker(let read)? = contents.entries.first?.event else { return #expect(Bool(false)) }
    #expect(
      text.hasPrefix(read) && read.utf8.count > Journal.longestText - 40 && read.utf8.count <= Journal.longestText)
  }

  @Test("no mutation of a journal crashes the reader, and what it gives are entries that can be written again")
  func fuzz() throws {
    var random = RandomSource(seed: 5)
    let rounds = ProcessInfo.processInfo.environment["JAMD_FUZZ"].flatMap { Int($0) } ?? 20_000
    var bytes: [UInt8] = []
    var (whole, read) = (0, 0)
    for round in 0..<rounds {
      if round % 50 == 0 {
        let entries = Self.randomEntries(12, &random)
        (bytes, whole) = (Self.file(entries), entries.count)
      }
      var mutated = bytes
      for _ in 0..<Int.random(in: 1...4, using: &random) where !mutated.isEmpty {
        let index = Int.random(in: 0..<mutated.count, using: &random)
        switch Int.random(in: 0..<5, using: &random) {
        case 0: mutated.remove(at: index)
        case 1: mutated.insert(UInt8.random(in: 0...255, using: &random), at: index)
        case 2: mutated.removeSubrange(index...)
        case 3: mutated.append(contentsOf: mutated[index...])
        default: mutated[index] = UInt8.random(in: 0...255, using: &random)
        }
      }
      guard let contents = try? Journal.read(mutated) else { continue }
      read += contents.entries.count
      #expect(contents.entries.count <= 2 * 16 * whole && contents.damagedBytes <= mutated.count)
      #expect(try Journal.read(Self.file(contents.entries)).entries == contents.entries)
    }
    #expect(read > rounds)
  }
}
