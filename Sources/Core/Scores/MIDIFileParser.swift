// SPDX-License-Identifier: Apache-2.0
// Core/Scores: bytes to a Standard MIDI File.
import Music

extension StandardMIDIFile {
  /// Reads a file's bytes. Unknown chunks are skipped, data after the last track is ignored, a header longer than known
  /// is accepted, end-of-track events are left out. O(n); allocates in proportion to the bytes that are there, whatever
  /// the lengths in the file claim.
  public init(parsing bytes: [UInt8]) throws(MIDIFileError) {
    var reader = ByteReader(bytes)
    let (format, declared, division) = try Self.header(&reader)
    var tracks: [[TimedEvent]] = []
    while !reader.isAtEnd, tracks.count < declared {
      let name = try reader.chunkName()
      let length = try reader.uint32()
      guard reader.remaining >= length else {
        throw MIDIFileError(.truncated(expected: length - reader.remaining), at: reader.offset)
      }
      if name == "MTrk" {
        var track = TrackParser(reader: reader.slice(length))
        tracks.append(try track.events())
      }
      reader.skip(length)
    }
    guard tracks.count == declared else {
      throw MIDIFileError(.missingTracks(declared: declared, found: tracks.count), at: reader.offset)
    }
    self.init(format: format, division: division, tracks: tracks)
  }

  private static func header(_ reader: inout ByteReader) throws(MIDIFileError) -> (Format, Int, Division) {
    guard reader.remaining >= 14, try reader.chunkName() == "MThd" else { throw MIDIFileError(.notAMIDIFile, at: 0) }
    let length = try reader.uint32()
    guard length >= 6 else { throw MIDIFileError(.shortHeader(length: length), at: 4) }
    let number = try reader.uint16()
    guard let format = Format(rawValue: UInt16(number)) else { throw MIDIFileError(.unknownFormat(number), at: 8) }
    let tracks = try reader.uint16()
    let division = try Self.division(try reader.uint16())
    guard reader.remaining >= length - 6 else {
      throw MIDIFileError(.truncated(expected: length - 6 - reader.remaining), at: reader.offset)
    }
    reader.skip(length - 6)
    return (format, tracks, division)
  }

  private static func division(_ word: Int) throws(MIDIFileError) -> Division {
    guard word & 0x8000 != 0 else {
      guard word > 0 else { throw MIDIFileError(.invalidDivision(word), at: 12) }
      return .ticksPerQuarter(word)
    }
    let frames = 256 - (word >> 8)
    guard [24, 25, 29, 30].contains(frames), word & 0xFF > 0 else {
      throw MIDIFileError(.invalidDivision(word), at: 12)
    }
    return .ticksPerFrame(framesPerSecond: frames, ticks: word & 0xFF)
  }
}

/// A cursor over bytes that knows its place in the file.
struct ByteReader {
  private let bytes: [UInt8]
  private(set) var offset: Int
  private let end: Int

  init(_ bytes: [UInt8]) { self.init(bytes, 0, bytes.count) }

  private init(_ bytes: [UInt8], _ offset: Int, _ end: Int) {
    self.bytes = bytes
    self.offset = offset
    self.end = end
  }

  var remaining: Int { end - offset }
  var isAtEnd: Bool { offset >= end }

  /// The next `length` bytes, which must be there.
  func slice(_ length: Int) -> ByteReader { ByteReader(bytes, offset, offset + length) }

  mutating func skip(_ count: Int) { offset += count }

  func peek() -> UInt8? { isAtEnd ? nil : bytes[offset] }

  mutating func byte() throws(MIDIFileError) -> UInt8 {
    guard !isAtEnd else { throw MIDIFileError(.truncated(expected: 1), at: offset) }
    offset += 1
    return bytes[offset - 1]
  }

  mutating func bytes(_ count: Int) throws(MIDIFileError) -> [UInt8] {
    guard remaining >= count else { throw MIDIFileError(.truncated(expected: count - remaining), at: offset) }
    offset += count
    return Array(bytes[offset - count..<offset])
  }

  mutating func uint16() throws(MIDIFileError) -> Int { Int(try byte()) << 8 | Int(try byte()) }
  mutating func uint32() throws(MIDIFileError) -> Int { try uint16() << 16 | uint16() }
  mutating func chunkName() throws(MIDIFileError) -> String { String(decoding: try bytes(4), as: UTF8.self) }

  /// At most four bytes of seven bits each.
  mutating func variableLength() throws(MIDIFileError) -> Int {
    let start = offset
    var value = 0
    for _ in 0..<4 {
      let next = try byte()
      value = value << 7 | Int(next & 0x7F)
      if next < 0x80 { return value }
    }
    throw MIDIFileError(.longVariableLength, at: start)
  }
}

/// One track chunk.
private struct TrackParser {
  private var reader: ByteReader
  private var tick = 0
  private var running: UInt8?

  init(reader: ByteReader) { self.reader = reader }

  /// Up to the end-of-track event, or the chunk's end where that is missing.
  mutating func events() throws(MIDIFileError) -> [StandardMIDIFile.TimedEvent] {
    var events: [StandardMIDIFile.TimedEvent] = []
    while !reader.isAtEnd {
      tick += try reader.variableLength()
      guard let event = try event() else { break }
      events.append(StandardMIDIFile.TimedEvent(tick: tick, event))
    }
    return events
  }

  /// Nil at the end of the track.
  private mutating func event() throws(MIDIFileError) -> StandardMIDIFile.Event? {
    let start = reader.offset
    guard let first = reader.peek() else { throw MIDIFileError(.truncated(expected: 1), at: start) }
    switch first {
    case 0xFF: return try meta()
    case 0xF0, 0xF7:
      running = nil
      reader.skip(1)
      return .systemExclusive([first] + (try reader.bytes(try reader.variableLength())))
    case 0xF1...0xFE: throw MIDIFileError(.unknownStatus(first), at: start)
    case 0x80...0xEF:
      running = first
      reader.skip(1)
      return .message(try message(first))
    default:
      guard let running else { throw MIDIFileError(.strayData, at: start) }
      return .message(try message(running))
    }
  }

  private mutating func meta() throws(MIDIFileError) -> StandardMIDIFile.Event? {
    running = nil
    reader.skip(1)
    let type = try reader.byte()
    let data = try reader.bytes(try reader.variableLength())
    return type == MetaType.endOfTrack ? nil : .meta(type & 0x7F, data)
  }

  private mutating func message(_ status: UInt8) throws(MIDIFileError) -> MIDIMessage {
    let data1 = try data()
    let hasTwo = status & 0xF0 != 0xC0 && status & 0xF0 != 0xD0
    return MIDIMessage(status, data1, hasTwo ? try data() : 0)
  }

  private mutating func data() throws(MIDIFileError) -> UInt8 {
    let byte = try reader.byte()
    guard byte < 0x80 else { throw MIDIFileError(.dataOutOfRange(byte), at: reader.offset - 1) }
    return byte
  }
}
