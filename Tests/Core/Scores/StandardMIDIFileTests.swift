// SPDX-License-Identifier: Apache-2.0
// Tests of Core/Scores: Standard MIDI Files.
import Foundation
import Music
import Scores
import Testing

@Suite struct StandardMIDIFileTests {
  static let header: [UInt8] = [0x4D, 0x54, 0x68, 0x64, 0, 0, 0, 6, 0, 0, 0, 1, 0x01, 0xE0]

  static func file(_ track: [UInt8], header: [UInt8] = header) -> [UInt8] {
    header + Array("MTrk".utf8) + [0, 0, UInt8(track.count >> 8), UInt8(track.count & 0xFF)] + track
  }

  static func randomFile(_ random: inout RandomSource) -> StandardMIDIFile {
    let tracks = (0..<Int.random(in: 0...4, using: &random)).map { _ in
      var tick = 0
      return (0..<Int.random(in: 0...60, using: &random)).map { _ in
        tick += Int.random(in: 0...20_000, using: &random)
        return StandardMIDIFile.TimedEvent(tick: tick, randomEvent(&random))
      }
    }
    return StandardMIDIFile(
      format: tracks.count == 1 ? .singleTrack : .simultaneousTracks,
      division: .ticksPerQuarter(Int.random(in: 1...32767, using: &random)), tracks: tracks)
  }

  static func randomEvent(_ random: inout RandomSource) -> StandardMIDIFile.Event {
    let bytes = (0..<Int.random(in: 0...200, using: &random)).map { _ in UInt8.random(in: 0...127, using: &random) }
    switch Int.random(in: 0..<6, using: &random) {
    case 0: return .meta(UInt8.random(in: 0...0x2E, using: &random), bytes)
    case 1: return .systemExclusive([0xF0] + bytes)
    default:
      let status = UInt8.random(in: 0x80...0xEF, using: &random)
      let hasTwo = status & 0xF0 != 0xC0 && status & 0xF0 != 0xD0
      let data = (UInt8.random(in: 0...127, using: &random), UInt8.random(in: 0...127, using: &random))
      return .message(MIDIMessage(status, data.0, hasTwo ? data.1 : 0))
    }
  }

  @Test("what is written is read back, event for event")
  func roundTrip() throws {
    var random = RandomSource(seed: 1)
    for _ in 0..<300 {
      let file = Self.randomFile(&random)
      #expect(try StandardMIDIFile(parsing: file.encoded()) == file)
    }
  }

  @Test("running status repeats the status, and meta events end it")
  func runningStatus() throws {
    let track: [UInt8] = [0, 0x90, 60, 64, 10, 62, 65, 5, 0xFF, 0x01, 1, 0x41, 0, 0x80, 60, 0, 0, 0xFF, 0x2F, 0]
    let file = try StandardMIDIFile(parsing: Self.file(track))
    #expect(file.tracks[0].map(\.tick) == [0, 10, 15, 15])
    #expect(file.tracks[0][1].event == .message(MIDIMessage(0x90, 62, 65)))
    let stray: [UInt8] = [0, 0x90, 60, 64, 5, 0xFF, 0x01, 0, 0, 62, 65]
    #expect(throws: MIDIFileError(.strayData, at: 31)) { try StandardMIDIFile(parsing: Self.file(stray)) }
  }

  @Test("a damaged file is refused with the byte at which it is damaged")
  func damage() {
    func error(_ bytes: [UInt8]) -> MIDIFileError? {
      do throws(MIDIFileError) { _ = try StandardMIDIFile(parsing: bytes) } catch { return error }
      return nil
    }
    #expect(error([]) == MIDIFileError(.notAMIDIFile, at: 0))
    #expect(error(Array("RIFF0000WAVE--".utf8)) == MIDIFileError(.notAMIDIFile, at: 0))
    #expect(error(Self.header) == MIDIFileError(.missingTracks(declared: 1, found: 0), at: 14))
    #expect(error(Self.file([0, 0x90, 60, 200])) == MIDIFileError(.dataOutOfRange(200), at: 25))
    #expect(error(Self.file([0, 0xF4])) == MIDIFileError(.unknownStatus(0xF4), at: 23))
    #expect(error(Self.file([0x80, 0x80, 0x80, 0x80, 0])) == MIDIFileError(.longVariableLength, at: 22))
    #expect(error(Self.file([0, 0x90, 60])) == MIDIFileError(.truncated(expected: 1), at: 25))
    var zero = Self.header
    zero[12...13] = [0, 0]
    #expect(error(Self.file([], header: zero)) == MIDIFileError(.invalidDivision(0), at: 12))
    var format3 = Self.header
    format3[9] = 3
    #expect(error(Self.file([], header: format3)) == MIDIFileError(.unknownFormat(3), at: 8))
  }

  @Test("a chunk that claims more than there is costs nothing but an error")
  func claims() {
    let bytes = Self.header + Array("MTrk".utf8) + [0xFF, 0xFF, 0xFF, 0xFF, 0, 0x90]
    #expect(throws: MIDIFileError(.truncated(expected: 0xFFFF_FFFF - 2), at: 22)) {
      try StandardMIDIFile(parsing: bytes)
    }
  }

  @Test("unknown chunks before a track are skipped, a longer header is read")
  func unknownChunks() throws {
    var header = Self.header
    header[7] = 8
    let extra: [UInt8] = [9, 9] + Array("XFIH".utf8) + [0, 0, 0, 3, 1, 2, 3]
    let bytes = header + extra + Self.file([0, 0x90, 60, 64]).dropFirst(14)
    #expect(try StandardMIDIFile(parsing: bytes).tracks.count == 1)
  }

  @Test("no mutation of a file crashes the reader, and whatever is read can be made a piece and a take")
  func fuzz() {
    var random = RandomSource(seed: 2)
    let rounds = ProcessInfo.processInfo.environment["JAMD_FUZZ"].flatMap { Int($0) } ?? 20_000
    var bytes = Self.randomFile(&random).encoded()
    var read = 0
    for round in 0..<rounds {
      if round % 50 == 0 { bytes = Self.randomFile(&random).encoded() }
      var mutated = bytes
      for _ in 0..<Int.random(in: 1...4, using: &random) where !mutated.isEmpty {
        let index = Int.random(in: 0..<mutated.count, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: mutated.remove(at: index)
        case 1: mutated.insert(UInt8.random(in: 0...255, using: &random), at: index)
        case 2: mutated.removeSubrange(index...)
        default: mutated[index] = UInt8.random(in: 0...255, using: &random)
        }
      }
      guard let file = try? StandardMIDIFile(parsing: mutated) else { continue }
      read += 1
      #expect(Piece(file).notes.allSatisfy { $0.duration > .zero })
      #expect(Take(file).tracks.allSatisfy { !$0.events.isEmpty })
    }
    #expect(read > rounds / 20)
  }

  @Test("every MIDI file of the corpora is read")
  func corpora() throws {
    let folder = Corpora.folder
    guard let files = FileManager.default.enumerator(atPath: folder)?.compactMap({ $0 as? String }), !files.isEmpty
    else { return print("skipped: no corpora at \(folder)") }
    for file in files where file.hasSuffix(".mid") {
      let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(file)")))
      let piece = Piece(try StandardMIDIFile(parsing: bytes))
      #expect(!piece.notes.isEmpty, "\(file)")
    }
  }
}

enum Corpora {
  static var folder: String {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "../../../../shared").path
    return (ProcessInfo.processInfo.environment["JAMD_SHARED"] ?? root) + "/corpora"
  }
}
