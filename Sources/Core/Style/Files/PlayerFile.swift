// SPDX-License-Identifier: Apache-2.0
// Core/Style: a player's memory to bytes and back.
import Music

/// Why bytes are no player.
public enum PlayerFileError: Error, Hashable, Sendable, CustomStringConvertible {
  case notAPlayer
  case unknownVersion(UInt32)
  case damaged

  public var description: String {
    switch self {
    case .notAPlayer: "not a player of jamd (it has to begin with \"jamdplay\")"
    case .unknownVersion(let version): "player version \(version) is unknown; a newer jamd has written it"
    case .damaged: "the file is damaged: its checksum is wrong; restore it from a copy, or remove it to start anew"
    }
  }
}

/// "jamdplay", the version, a zero, a checksum of the rest, then the phrases: number of notes, key (tonic 0...11 and mode;
/// 255, 255 for none), and each note as pitch, velocity, onset and duration in beats. All little-endian.
extension PlayerMemory {
  private static let magic = Array("jamdplay".utf8)
  private static let version: UInt32 = 1
  private static let headerSize = 24

  /// Equal memories give equal bytes. O(notes).
  public func encoded() -> [UInt8] {
    var body = ByteWriter()
    for phrase in phrases {
      body.write(UInt32(phrase.notes.count))
      body.write(UInt8(phrase.key.map { UInt8($0.tonic.number) } ?? 255))
      body.write(UInt8(phrase.key.map(\.mode.rawValue) ?? 255))
      for note in phrase.notes {
        body.write(note.pitch.number)
        body.write(note.velocity.value)
        body.write(note.onset.count.bitPattern)
        body.write(note.duration.count.bitPattern)
      }
    }
    var file = ByteWriter(bytes: Self.magic)
    file.write(Self.version)
    file.write(UInt32(0))
    file.write(body.bytes.withUnsafeBytes(Checksum.of))
    return file.bytes + body.bytes
  }

  /// Any bytes give a memory or an error; of more than `capacity` notes the latest are taken. O(bytes).
  public init(decoding bytes: [UInt8], capacity: Int = PlayerModel.standardCapacity) throws(PlayerFileError) {
    guard bytes.count >= Self.headerSize, bytes.starts(with: Self.magic) else { throw .notAPlayer }
    var reader = Reader(bytes: bytes, offset: Self.magic.count)
    let version: UInt32 = reader.next() ?? 0
    guard version == Self.version else { throw .unknownVersion(version) }
    let _: UInt32? = reader.next()
    let checksum: UInt64? = reader.next()
    guard checksum == bytes[Self.headerSize...].withUnsafeBytes(Checksum.of) else { throw .damaged }
    self.init(capacity: capacity)
    while reader.offset < bytes.count {
      guard let phrase = reader.phrase() else { throw .damaged }
      learn(phrase.notes, key: phrase.key)
    }
  }

  /// `file` with the checksum that its content has: for tests of what comes behind the checksum.
  package static func sealed(_ file: [UInt8]) -> [UInt8] {
    guard file.count >= headerSize else { return file }
    var checksum = ByteWriter()
    checksum.write(file[headerSize...].withUnsafeBytes(Checksum.of))
    return file[..<(headerSize - 8)] + checksum.bytes + file[headerSize...]
  }

  private struct Reader {
    let bytes: [UInt8]
    var offset: Int

    mutating func next<Value: FixedWidthInteger>() -> Value? {
      let size = MemoryLayout<Value>.size
      guard bytes.count - offset >= size else { return nil }
      defer { offset += size }
      return bytes.withUnsafeBytes { Value(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: Value.self)) }
    }

    mutating func phrase() -> Phrase? {
      guard let count: UInt32 = next(), count > 0, let tonic: UInt8 = next(), let mode: UInt8 = next() else {
        return nil
      }
      let key = Mode(rawValue: mode).map { Key(tonic: PitchClass(Int(tonic)), mode: $0) }
      var notes: [Note] = []
      for _ in 0..<count {
        guard let note = note() else { return nil }
        notes.append(note)
      }
      return Phrase(notes: notes, key: key)
    }

    /// Nil for what nobody can have played.
    private mutating func note() -> Note? {
      guard let pitch: UInt8 = next(), let velocity: UInt8 = next(), let onset: UInt64 = next(),
        let duration: UInt64 = next(), let pitch = Pitch(Int(pitch)), let velocity = Velocity(Int(velocity))
      else { return nil }
      let (start, length) = (Double(bitPattern: onset), Double(bitPattern: duration))
      guard (0...1e6).contains(start), (0...1e6).contains(length) else { return nil }
      return Note(pitch: pitch, velocity: velocity, onset: Beats(start), duration: Beats(length))
    }
  }
}
