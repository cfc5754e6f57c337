// SPDX-License-Identifier: Apache-2.0
// Tests of Devices/JACKOutput: what is played while the server stands still.
import JACKOutput
import Music
import RealTime
import Testing

@Suite struct HeldBackTests {
  private func left(_ messages: [MIDIMessage]) -> (heard: [MIDIMessage], unheard: UInt64) {
    var heldBack = HeldBack()
    var unheard: UInt64 = 0
    for message in messages {
      unheard += heldBack.add(StageEvent(frame: .immediate, message: message, part: .player))
    }
    let heard = heldBack.takeAll().map(\.message)
    #expect(heldBack.takeAll().isEmpty)
    return (heard, unheard)
  }

  private func on(_ key: UInt8, _ channel: UInt8 = 0) -> MIDIMessage { MIDIMessage(0x90 | channel, key, 90) }
  private func off(_ key: UInt8, _ channel: UInt8 = 0) -> MIDIMessage { MIDIMessage(0x80 | channel, key, 64) }
  private func control(_ number: UInt8, _ value: UInt8) -> MIDIMessage { MIDIMessage(0xB0, number, value) }

  @Test("a key that is down in the end is struck, one that was let go of only ends")
  func keys() {
    #expect(left([on(60), on(62), off(60), on(60, 1)]) == ([on(62), off(60), on(60, 1)], 1))
    #expect(left([off(60), on(60), MIDIMessage(0x90, 60, 0)]) == ([MIDIMessage(0x90, 60, 0)], 1))
    #expect(left([off(60), on(60)]) == ([off(60), on(60)], 0), "what sounded before ends before it is struck anew")
    #expect(left([on(60), on(60), off(60)]) == ([off(60)], 2))
  }

  @Test("of controllers and wheels the latest counts, and a pedal that went up in between has gone up")
  func controllers() {
    #expect(left([control(1, 3), control(2, 9), control(1, 7)]) == ([control(2, 9), control(1, 7)], 0))
    #expect(left([control(64, 127), control(64, 0)]) == ([control(64, 0)], 0))
    #expect(left([control(64, 0), control(64, 127)]) == ([control(64, 0), control(64, 127)], 0))
    let bends = [MIDIMessage(0xE0, 1, 2), MIDIMessage(0xE0, 5, 64)]
    #expect(left(bends) == ([bends[1]], 0))
  }

  @Test("all notes off ends the strikes of its channel")
  func allNotesOff() {
    #expect(left([on(60), on(62), on(60, 1), control(123, 0)]) == ([on(60, 1), control(123, 0)], 2))
  }

  @Test(
    "however much is played, no more than two messages for each key and controller are kept, and every key ends up as it is"
  )
  func bounded() {
    var random = RandomSource(seed: 4)
    var heldBack = HeldBack()
    var down: Set<UInt8> = []
    for _ in 0..<20_000 {
      let key = UInt8(random.next() % 20)
      let isDown = random.next() % 2 == 0
      if isDown { down.insert(key) } else { down.remove(key) }
      _ = heldBack.add(StageEvent(frame: .immediate, message: isDown ? on(key) : off(key), part: .player))
    }
    let events = heldBack.takeAll()
    #expect(events.count <= 40)
    #expect(Set(events.map(\.message).filter(\.isStrike).map(\.data1)) == down)
  }
}
