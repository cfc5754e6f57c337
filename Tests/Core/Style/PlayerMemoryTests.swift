// SPDX-License-Identifier: Apache-2.0
// Tests/Core/Style: what is kept of a player.
import Foundation
import Music
import Style
import Testing

@Suite struct PlayerMemoryTests {
  static func memory(phrases: Int, seed: UInt64, capacity: Int = PlayerModel.standardCapacity) -> PlayerMemory {
    var memory = PlayerMemory(capacity: capacity)
    for index in 0..<phrases {
      let piece = syntheticPiece(seed: seed + UInt64(index), onsets: 12)
      memory.learn(piece.notes, key: index % 3 == 0 ? nil : Key(tonic: PitchClass(index), mode: .minor))
    }
    return memory
  }

  @Test("what was saved is loaded again, exactly, and equal memories are equal bytes")
  func roundTrip() throws {
    for phrases in [0, 1, 40] {
      let memory = Self.memory(phrases: phrases, seed: 1)
      let bytes = memory.encoded()
      #expect(try PlayerMemory(decoding: bytes) == memory)
      #expect(try PlayerMemory(decoding: bytes).encoded() == bytes)
    }
  }

  @Test("the model learned again plays what the one that was there would have played")
  func model() {
    var model = PlayerModel()
    let memory = Self.memory(phrases: 30, seed: 2)
    for phrase in memory.phrases { model.learn(phrase.notes, key: phrase.key) }
    let call = memory.phrases[3].notes
    let request = ContinuationRequest(context: call, length: Beats(8))
    var (a, b) = (RandomSource(seed: 3), RandomSource(seed: 3))
    let mixture = StyleMixture(parts: [], playerWeight: 1)
    #expect(mixture != nil)
    let expected = mixture?.continuation(of: request, player: model, using: &a)
    #expect(expected?.isEmpty == false)
    #expect(mixture?.continuation(of: request, player: memory.model(), using: &b) == expected)
    #expect(memory.model().notesHeld == memory.notes)
  }

  @Test("beyond its capacity the oldest phrases go, and the latest stays whatever its length")
  func bounded() throws {
    let memory = Self.memory(phrases: 60, seed: 4, capacity: 200)
    #expect(memory.notes <= 200 && memory.notes == memory.phrases.reduce(0) { $0 + $1.notes.count })
    #expect(memory.phrases.last == Self.memory(phrases: 60, seed: 4).phrases.last)
    let small = try PlayerMemory(decoding: Self.memory(phrases: 60, seed: 4).encoded(), capacity: 200)
    #expect(small == memory)
    var tiny = PlayerMemory(capacity: 3)
    tiny.learn(syntheticPiece(seed: 1).notes, key: nil)
    #expect(tiny.notes == 3)
  }

  @Test("a player becomes a style of as many pieces as phrases")
  func style() throws {
    let memory = Self.memory(phrases: 12, seed: 5)
    let style = memory.style(StyleInformation(title: "Anna"))
    #expect(style.information.pieces == 12 && style.information.notes == memory.notes)
    #expect(try Style(decoding: style.encoded()).information == style.information)
  }

  @Test("another file, a later version and damage are each told apart")
  func refused() {
    var bytes = Self.memory(phrases: 3, seed: 6).encoded()
    #expect(throws: PlayerFileError.notAPlayer) { try PlayerMemory(decoding: Array(bytes.dropFirst())) }
    #expect(throws: PlayerFileError.damaged) { try PlayerMemory(decoding: Array(bytes.dropLast())) }
    bytes[8] = 9
    #expect(throws: PlayerFileError.unknownVersion(9)) { try PlayerMemory(decoding: bytes) }
  }

  @Test("no bytes crash the reader, also with a checksum that is right")
  func fuzz() throws {
    var random = RandomSource(seed: 7)
    let rounds = ProcessInfo.processInfo.environment["JAMD_FUZZ"].flatMap { Int($0) } ?? 10_000
    let original = Self.memory(phrases: 3, seed: 8)
    let bytes = original.encoded()
    for _ in 0..<rounds {
      var mutated = bytes
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        let index = Int.random(in: 0..<mutated.count, using: &random)
        switch Int.random(in: 0..<3, using: &random) {
        case 0: mutated.remove(at: index)
        case 1: mutated.removeSubrange(max(1, index)...)
        default: mutated[index] = UInt8.random(in: 0...255, using: &random)
        }
      }
      let sealed = PlayerMemory.sealed(mutated)
      for file in [mutated, sealed] {
        if let memory = try? PlayerMemory(decoding: file) { #expect(memory.notes <= file.count / 18) }
      }
    }
    #expect(try PlayerMemory(decoding: PlayerMemory.sealed(bytes)) == original)
  }
}
