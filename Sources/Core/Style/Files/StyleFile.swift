// SPDX-License-Identifier: Apache-2.0
// Core/Style: the layout of style files (docs/style-format.md).

enum StyleFile {
  /// "JAMSTYLE"
  static let magic: [UInt8] = [0x4A, 0x41, 0x4D, 0x53, 0x54, 0x59, 0x4C, 0x45]
  static let version: UInt32 = 3
  /// Magic, version, number of sections, checksum of all that follows.
  static let headerSize = 24
  /// More would make prediction slow.
  static let highestViewpointCount = 256
  /// Identifier, reserved, offset, length.
  static let entrySize = 24

  enum Section: UInt32, CaseIterable {
    case information = 1
    case summary = 2
    case viewpoints = 3
    case fingerprints = 4
    case keys = 5
    case repeats = 6
    case tree = 7
    case bytes = 8

    var name: String { "\(self)" }
  }
}

/// Little-endian values, appended.
struct ByteWriter {
  var bytes: [UInt8] = []

  mutating func write<Value: FixedWidthInteger>(_ value: Value) {
    withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
  }

  mutating func write<Value: FixedWidthInteger>(_ values: [Value]) {
    bytes.reserveCapacity(bytes.count + values.count * MemoryLayout<Value>.size)
    for value in values { write(value) }
  }

  /// Length in bytes, then UTF-8.
  mutating func write(_ text: String) {
    write(UInt32(text.utf8.count))
    bytes.append(contentsOf: text.utf8)
  }
}

/// Little-endian values from a bounded stretch of memory; every read is checked.
struct ByteReader {
  let bytes: UnsafeRawBufferPointer
  private(set) var offset: Int
  let end: Int

  init(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) {
    self.bytes = bytes
    offset = range.lowerBound
    end = range.upperBound
  }

  var remaining: Int { end - offset }

  mutating func read<Value: FixedWidthInteger>(_ type: Value.Type = Value.self) throws(StyleFileError) -> Value {
    let size = MemoryLayout<Value>.size
    guard remaining >= size else { throw StyleFileError(.truncated(needed: size - remaining), at: offset) }
    defer { offset += size }
    return Value(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Value.self))
  }

  /// Allocates only what the bytes at hand can fill.
  mutating func read<Value: FixedWidthInteger>(_ count: Int, _ type: Value.Type) throws(StyleFileError) -> [Value] {
    let size = MemoryLayout<Value>.size
    guard count >= 0, count <= remaining / size else {
      throw StyleFileError(.truncated(needed: max(1, count &* size &- remaining)), at: offset)
    }
    defer { offset += count * size }
    let start = offset
    let source = bytes
    return [Value](unsafeUninitializedCapacity: count) { buffer, filled in
      for index in 0..<count {
        let value = source.loadUnaligned(fromByteOffset: start + index * size, as: Value.self)
        buffer.initializeElement(at: index, to: Value(littleEndian: value))
      }
      filled = count
    }
  }

  /// Values where they lie.
  mutating func view<Value: BitwiseCopyable>(
    _ count: Int, _ type: Value.Type
  ) throws(StyleFileError) -> UnsafeBufferPointer<Value> {
    let size = MemoryLayout<Value>.stride
    guard count <= remaining / size else {
      throw StyleFileError(.truncated(needed: max(1, count &* size &- remaining)), at: offset)
    }
    guard offset % MemoryLayout<Value>.alignment == 0 else {
      throw StyleFileError(.malformed("a section is not aligned"), at: offset)
    }
    defer { offset += count * size }
    let stretch = UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + count * size])
    return stretch.bindMemory(to: type)
  }

  mutating func readText() throws(StyleFileError) -> String {
    let count = Int(try read(UInt32.self))
    guard count <= remaining else { throw StyleFileError(.truncated(needed: count - remaining), at: offset) }
    defer { offset += count }
    guard let text = String(validating: bytes[offset..<offset + count], as: UTF8.self) else {
      throw StyleFileError(.malformed("a text is not UTF-8"), at: offset)
    }
    return text
  }

  /// A number of things of at least `size` bytes each.
  mutating func readCount(of size: Int) throws(StyleFileError) -> Int {
    let start = offset
    let count = Int(try read(UInt32.self))
    guard count <= remaining / max(1, size) else { throw StyleFileError(.truncated(needed: count), at: start) }
    return count
  }

  func finish(_ section: StyleFile.Section) throws(StyleFileError) {
    if remaining > 0 { throw StyleFileError(.malformed("\(section.name): bytes are left over"), at: offset) }
  }
}
