// SPDX-License-Identifier: Apache-2.0
// Tests of Core/Listening: notes from messages.
import Listening
import Music
import Testing

@Suite struct NoteAssemblerTests {
  static func at(_ milliseconds: Int64) -> Instant { Instant(nanoseconds: milliseconds * 1_000_000) }
  static let c4 = Pitch(60)!
  static let loud = Velocity(100)!

  static func durations(_ changes: [NoteAssembler.Change]) -> [Duration] {
    changes.compactMap { if case .ended(let note) = $0 { note.duration } else { nil } }
  }

  @Test("a note lasts from its key's press to its release")
  func keys() {
    var assembler = NoteAssembler()
    #expect(assembler.hear(.noteOn(Self.c4, Self.loud), keyboard: 1, at: Self.at(0)).count == 1)
    #expect(!assembler.isSilent)
    let ended = assembler.hear(.noteOff(Self.c4), keyboard: 1, at: Self.at(70))
    #expect(Self.durations(ended) == [.milliseconds(70)])
    #expect(assembler.isSilent)
  }

  @Test("velocity 0 releases")
  func velocityZero() {
    var assembler = NoteAssembler()
    _ = assembler.hear(.noteOn(Self.c4, Self.loud), keyboard: 1, at: Self.at(0))
    #expect(assembler.hear(MIDIMessage(0x90, 60, 0), keyboard: 1, at: Self.at(5)).count == 1)
    #expect(assembler.isSilent)
  }

  @Test("the pedal keeps released notes sounding until it is lifted, and a held key beyond it")
  func pedal() {
    var assembler = NoteAssembler()
    _ = assembler.hear(.controlChange(64, 127), keyboard: 1, at: Self.at(0))
    _ = assembler.hear(.noteOn(Self.c4, Self.loud), keyboard: 1, at: Self.at(10))
    _ = assembler.hear(.noteOn(Pitch(64)!, Self.loud), keyboard: 1, at: Self.at(10))
    #expect(assembler.hear(.noteOff(Self.c4), keyboard: 1, at: Self.at(20)).isEmpty)
    let lifted = assembler.hear(.controlChange(64, 0), keyboard: 1, at: Self.at(500))
    #expect(Self.durations(lifted) == [.milliseconds(490)])
    #expect(!assembler.isSilent)
    _ = assembler.hear(.noteOff(Pitch(64)!), keyboard: 1, at: Self.at(600))
    #expect(assembler.isSilent)
  }

  @Test("a pedal alone is not silence")
  func pedalAlone() {
    var assembler = NoteAssembler()
    _ = assembler.hear(.controlChange(64, 127), keyboard: 1, at: Self.at(0))
    #expect(!assembler.isSilent)
  }

  @Test("a key struck again ends its former note first")
  func restrike() {
    var assembler = NoteAssembler()
    _ = assembler.hear(.noteOn(Self.c4, Self.loud), keyboard: 1, at: Self.at(0))
    let changes = assembler.hear(.noteOn(Self.c4, Self.loud), keyboard: 1, at: Self.at(30))
    #expect(changes.count == 2)
    #expect(Self.durations(changes) == [.milliseconds(30)])
  }

  @Test("an unplugged keyboard releases its own keys and pedals, and no other's")
  func unplugged() {
    var assembler = NoteAssembler()
    for keyboard in [1, 2] as [UInt32] {
      _ = assembler.hear(.noteOn(Self.c4, Self.loud), keyboard: keyboard, at: Self.at(0))
      _ = assembler.hear(.controlChange(64, 127), keyboard: keyboard, at: Self.at(1))
    }
    #expect(Self.durations(assembler.lose(keyboard: 1, at: Self.at(9))) == [.milliseconds(9)])
    #expect(!assembler.isSilent)
    _ = assembler.lose(keyboard: 2, at: Self.at(9))
    #expect(assembler.isSilent)
  }

  @Test("a pedal holds the notes of its own keyboard and channel only")
  func pedalOfItsOwn() {
    var assembler = NoteAssembler()
    let second = Channel(1)!
    _ = assembler.hear(.controlChange(64, 127), keyboard: 1, at: Self.at(0))
    for (keyboard, channel) in [(1, second), (2, .first)] as [(UInt32, Channel)] {
      _ = assembler.hear(.noteOn(Self.c4, Self.loud, channel), keyboard: keyboard, at: Self.at(0))
      let ended = assembler.hear(.noteOff(Self.c4, channel), keyboard: keyboard, at: Self.at(50))
      #expect(Self.durations(ended) == [.milliseconds(50)])
    }
  }

  @Test("a note that the pedal holds and that is struck again begins anew and ends with the pedal")
  func restrikeUnderPedal() {
    var assembler = NoteAssembler()
    _ = assembler.hear(.controlChange(64, 127), keyboard: 1, at: Self.at(0))
    _ = assembler.hear(.noteOn(Self.c4, Self.loud), keyboard: 1, at: Self.at(0))
    _ = assembler.hear(.noteOff(Self.c4), keyboard: 1, at: Self.at(10))
    let again = assembler.hear(.noteOn(Self.c4, Self.loud), keyboard: 1, at: Self.at(100))
    #expect(Self.durations(again) == [.milliseconds(100)])
    #expect(assembler.hear(.noteOff(Self.c4), keyboard: 1, at: Self.at(150)).isEmpty)
    let lifted = assembler.hear(.controlChange(64, 0), keyboard: 1, at: Self.at(200))
    #expect(Self.durations(lifted) == [.milliseconds(100)])
  }

  @Test("all notes off releases its channel's keys and pedal, and no other's")
  func allNotesOff() {
    var assembler = NoteAssembler()
    for channel in [Channel.first, Channel(5)!] {
      _ = assembler.hear(.controlChange(64, 127, channel), keyboard: 1, at: Self.at(0))
      _ = assembler.hear(.noteOn(Self.c4, Self.loud, channel), keyboard: 1, at: Self.at(0))
    }
    #expect(assembler.hear(.controlChange(123, 0), keyboard: 1, at: Self.at(40)).count == 1)
    #expect(!assembler.isSilent)
    #expect(assembler.hear(.controlChange(120, 0, Channel(5)!), keyboard: 1, at: Self.at(40)).count == 1)
    #expect(assembler.isSilent)
  }

  @Test("resetting the controllers lifts the pedal, and no key")
  func resetControllers() {
    var assembler = NoteAssembler()
    _ = assembler.hear(.controlChange(64, 127), keyboard: 1, at: Self.at(0))
    _ = assembler.hear(.noteOn(Self.c4, Self.loud), keyboard: 1, at: Self.at(0))
    _ = assembler.hear(.noteOn(Pitch(clamping: 64), Self.loud), keyboard: 1, at: Self.at(0))
    _ = assembler.hear(.noteOff(Self.c4), keyboard: 1, at: Self.at(10))
    #expect(assembler.hear(.controlChange(121, 0), keyboard: 1, at: Self.at(40)).count == 1)
    #expect(!assembler.isSilent)
  }

  @Test("releases of what is not held, controllers and clock are no changes")
  func harmless() {
    var assembler = NoteAssembler()
    for value in 0...127 as ClosedRange<UInt8> {
      #expect(assembler.hear(.noteOff(Self.c4), keyboard: 1, at: Self.at(0)).isEmpty)
      #expect(assembler.hear(.controlChange(1, value), keyboard: 1, at: Self.at(0)).isEmpty)
      #expect(assembler.hear(MIDIMessage(0xF8, 0), keyboard: 1, at: Self.at(0)).isEmpty)
      #expect(assembler.hear(MIDIMessage(0xE0, value, value), keyboard: 1, at: Self.at(0)).isEmpty)
    }
    #expect(assembler.isSilent)
  }

  @Test("a note may be held for hours")
  func hours() {
    var assembler = NoteAssembler()
    _ = assembler.hear(.noteOn(Self.c4, Self.loud), keyboard: 1, at: Self.at(0))
    let ended = assembler.hear(.noteOff(Self.c4), keyboard: 1, at: Self.at(36_000_000))
    #expect(Self.durations(ended) == [.seconds(36_000)])
  }

  @Test("however many keyboards hold keys, no more notes are held than the capacity")
  func capacity() {
    var assembler = NoteAssembler()
    var began = 0
    for keyboard in 0..<10_000 as Range<UInt32> {
      began += assembler.hear(.noteOn(Self.c4, Self.loud), keyboard: keyboard, at: Self.at(0)).count
    }
    #expect(began == NoteAssembler.capacity)
    #expect(assembler.releaseAll(at: Self.at(1)).count == NoteAssembler.capacity)
  }

  @Test("whatever comes in, every note that began ends exactly once")
  func everyNoteEnds() {
    var random = RandomSource(seed: 5)
    for _ in 0..<200 {
      var assembler = NoteAssembler()
      var (began, ended) = (0, 0)
      func count(_ changes: [NoteAssembler.Change]) {
        for change in changes { if case .began = change { began += 1 } else { ended += 1 } }
      }
      for step in 0..<500 as Range<Int64> {
        let message = MIDIMessage(
          UInt8.random(in: 0...255, using: &random), UInt8.random(in: 55...70, using: &random),
          UInt8.random(in: 0...127, using: &random))
        count(assembler.hear(message, keyboard: UInt32.random(in: 0...2, using: &random), at: Self.at(step)))
      }
      count(assembler.releaseAll(at: Self.at(1000)))
      #expect(began == ended)
      #expect(assembler.isSilent)
    }
  }
}
