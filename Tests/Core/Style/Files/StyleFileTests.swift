// SPDX-License-Identifier: Apache-2.0
// Tests of Core/Style: style files, sound and otherwise.
import Foundation
import Music
import Style
import Testing

@Suite struct StyleFileTests {
  @Test("a style survives its file bit for bit")
  func roundTrip() throws {
    let style = syntheticStyle(seeds: 0..<6)
    let bytes = style.encoded()
    let again = try Style(decoding: bytes)
    #expect(again.encoded() == bytes)
    #expect(again.information == style.information)
    #expect(again.summary == style.summary)
    #expect(again.viewpoints == style.viewpoints)
    // Aligned or not, the memory of others serves as well.
    for shift in 0..<2 {
      let memory = Memory(bytes, shift: shift)
      #expect(try Style(mapping: memory.bytes, keptBy: memory).encoded() == bytes)
    }
  }

  @Test("a style is read in pieces of any length, and one that ends early is refused")
  func pieces() throws {
    let bytes = syntheticStyle(seeds: 0..<2).encoded()
    for step in [1, 977, 1 << 20] {
      for missing in [0, 1, bytes.count / 2, bytes.count] {
        let end = bytes.count - missing
        var offset = 0
        func read(_ buffer: UnsafeMutableRawBufferPointer) -> Int {
          let count = min(step, buffer.count, end - offset)
          buffer.copyBytes(from: bytes[offset..<offset + count])
          offset += count
          return count
        }
        let style = Result { () throws(StyleFileError) in try Style(count: bytes.count, reading: read) }
        if missing == 0 {
          #expect(try style.get().encoded() == bytes)
        } else {
          #expect(throws: StyleFileError.self) { try style.get() }
        }
      }
    }
    #expect(throws: StyleFileError(.notAStyle, at: 0)) { try Style(count: 0) { _ in -1 } }
    #expect(throws: StyleFileError(.notAStyle, at: 0)) { try Style(count: 100) { _ in -1 } }
    #expect(throws: StyleFileError(.notAStyle, at: 0)) { try Style(count: 100) { _ in 200 } }
  }

  @Test("every truncation is refused")
  func truncation() {
    let bytes = syntheticStyle(seeds: 0..<1).encoded()
    for count in stride(from: 0, to: bytes.count, by: 97) {
      #expect(throws: StyleFileError.self) { try Style(decoding: Array(bytes.prefix(count))) }
    }
  }

  @Test("newer, older and other files are refused with the reason")
  func reasons() {
    var newer = syntheticStyle(seeds: 0..<1).encoded()
    newer[8] = 200
    #expect(throws: StyleFileError(.newer(version: 200), at: 8)) { try Style(decoding: newer) }
    newer[8] = 1
    #expect(throws: StyleFileError(.older(version: 1), at: 8)) { try Style(decoding: newer) }
    #expect(throws: StyleFileError(.notAStyle, at: 0)) { try Style(decoding: Array("MThd".utf8)) }
    #expect(throws: StyleFileError(.notAStyle, at: 0)) { try Style(decoding: []) }
    var damaged = syntheticStyle(seeds: 0..<1).encoded()
    damaged[damaged.count / 2] ^= 4
    #expect(throws: StyleFileError(.checksum, at: 16)) { try Style(decoding: damaged) }
  }

  /// The checksum is made right again, so that the mutations reach every check behind it. `JAMD_FUZZ` sets the number.
  @Test("mutated files with a right checksum are refused or usable, and never crash")
  func fuzz() {
    let rounds = ProcessInfo.processInfo.environment["JAMD_FUZZ"].flatMap { Int($0) } ?? 4_000
    let sound = syntheticStyle(seeds: 0..<1).encoded()
    var random = RandomSource(seed: 7)
    var usable = 0
    for round in 0..<rounds {
      // Behind the tables at the front a mutation is seldom refused: what is there is checked when it is used.
      let bytes = FileMutation.mutated(sound, behindTables: round % 2 == 1, using: &random)
      guard let style = try? Style(decoding: bytes) else { continue }
      usable += 1
      if usable % 4 == 0 { play(style, seed: UInt64(usable)) }
    }
    #expect(usable > 0 && usable < rounds)
  }

  private func play(_ style: Style, seed: UInt64) {
    var random = RandomSource(seed: seed)
    let mixture = StyleMixture(parts: [(style, 1)], playerWeight: 0)
    let request = ContinuationRequest(context: syntheticPhrase(seed: seed), length: Beats(3))
    let notes = mixture?.continuation(of: request, player: PlayerModel(), using: &random) ?? []
    #expect(!notes.isEmpty)
  }
}

/// Stands for a mapped file.
private final class Memory: @unchecked Sendable {
  let bytes: UnsafeRawBufferPointer
  private let whole: UnsafeMutableRawBufferPointer

  init(_ content: [UInt8], shift: Int) {
    whole = .allocate(byteCount: content.count + shift, alignment: 16)
    UnsafeMutableRawBufferPointer(rebasing: whole[shift...]).copyBytes(from: content)
    bytes = UnsafeRawBufferPointer(rebasing: whole[shift...])
  }

  deinit { whole.deallocate() }
}

/// Mutations of a file that keep its checksum right.
enum FileMutation {
  /// Most of the structure is in the first 400 bytes, the tables.
  static func mutated(_ sound: [UInt8], behindTables: Bool, using random: inout RandomSource) -> [UInt8] {
    var bytes = sound
    for _ in 0...Int.random(in: 0..<(behindTables ? 40 : 4), using: &random) {
      let range = behindTables ? 400..<bytes.count : 12..<(random.uniform() < 0.7 ? min(bytes.count, 400) : bytes.count)
      let offset = Int.random(in: range, using: &random)
      switch Int.random(in: 0..<(behindTables ? 3 : 4), using: &random) {
      case 0: bytes[offset] = UInt8.random(in: 0...255, using: &random)
      case 1: bytes[offset] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      case 2: for index in offset..<min(bytes.count, offset + 8) { bytes[index] = 0xFF }
      default: bytes.removeSubrange(offset..<min(bytes.count, offset + Int.random(in: 1..<64, using: &random)))
      }
      if bytes.count < 64 { return bytes }
    }
    let checksum = checksum(Array(bytes[24...]))
    for index in 0..<8 { bytes[16 + index] = UInt8(truncatingIfNeeded: checksum >> UInt64(8 * index)) }
    return bytes
  }

  /// As docs/style-format.md describes it, written a second time from that description.
  static func checksum(_ bytes: [UInt8]) -> UInt64 {
    func mixed(_ hash: UInt64, _ word: UInt64) -> UInt64 {
      let product = (hash ^ word) &* 0x100_0000_01b3
      return product ^ (product >> 29)
    }
    let basis: UInt64 = 0xcbf2_9ce4_8422_2325
    var lanes = [basis, basis + 1, basis + 2, basis + 3]
    let blocks = bytes.count / 32
    for word in 0..<(blocks * 4) {
      let value = (0..<8).reduce(UInt64(0)) { $0 | UInt64(bytes[word * 8 + $1]) << UInt64(8 * $1) }
      lanes[word % 4] = mixed(lanes[word % 4], value)
    }
    let hash = lanes.reduce(mixed(basis, UInt64(bytes.count)), mixed)
    return bytes[(blocks * 32)...].reduce(hash) { mixed($0, UInt64($1)) }
  }
}
