// SPDX-License-Identifier: Apache-2.0
// Tests of Programs/jamd: what the player plays, passed on.
import Improviser
import Music
import Testing
import jamd

@Suite struct ThruTests {
  static let c4 = Pitch(clamping: 60)

  @Test("an unplugged keyboard's keys and pedals are released, and no other's")
  func unplugged() {
    var thru = Thru()
    let (one, two) = (Keyboard(1), Keyboard(2))
    _ = thru.event(for: .noteOn(Self.c4, .standard), from: one)
    _ = thru.event(for: .noteOn(Pitch(clamping: 64), .standard, Channel(3)!), from: one)
    _ = thru.event(for: .controlChange(64, 127), from: one)
    _ = thru.event(for: .noteOn(Pitch(clamping: 67), .standard), from: two)
    let released = thru.releases(of: one).map(\.message)
    #expect(released == [.noteOff(Self.c4), .noteOff(Pitch(clamping: 64), Channel(3)!), .controlChange(64, 0)])
    #expect(thru.releases(of: one).isEmpty)
    #expect(thru.releases(of: two).count == 1)
  }

  @Test("what is released by itself is not released again")
  func released() {
    var thru = Thru()
    let keyboard = Keyboard(1)
    for message in [
      MIDIMessage.noteOn(Self.c4, .standard), .noteOff(Self.c4), .controlChange(64, 127), .controlChange(64, 0),
    ] { _ = thru.event(for: message, from: keyboard) }
    #expect(thru.releases(of: keyboard).isEmpty)
  }

  @Test("all notes off lets go of its channel's keys alone, and resetting the controllers of its channel's pedal alone")
  func channelMessages() {
    var thru = Thru()
    let (keyboard, other) = (Keyboard(1), Channel(3)!)
    for channel in [Channel.first, other] {
      _ = thru.event(for: .noteOn(Self.c4, .standard, channel), from: keyboard)
      _ = thru.event(for: .controlChange(64, 127, channel), from: keyboard)
    }
    _ = thru.event(for: .controlChange(123, 0), from: keyboard)
    _ = thru.event(for: .controlChange(121, 0, other), from: keyboard)
    #expect(thru.releases(of: keyboard).map(\.message) == [.noteOff(Self.c4, other), .controlChange(64, 0)])
  }

  @Test("notes, controllers and bends pass at once; program changes and nonsense do not")
  func passes() {
    var thru = Thru()
    for message in [MIDIMessage.noteOn(Self.c4, .standard), .controlChange(1, 5), MIDIMessage(0xE0, 0, 64)] {
      let event = thru.event(for: message, from: .jack)
      #expect(event?.message == message && event?.frame == .immediate)
    }
    for message in [MIDIMessage(0xC0, 5), MIDIMessage(0xF8, 0), MIDIMessage(0x90, 200, 0)] {
      #expect(thru.event(for: message, from: .jack) == nil)
    }
  }
}
