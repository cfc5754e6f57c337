// SPDX-License-Identifier: Apache-2.0
// Tests of ALSAInput: sequencer events to MIDI messages.
import ALSAInput
import Music
import Testing

@Suite struct ChannelMessageTests {
  @Test("each kind of channel message becomes the bytes a keyboard sent")
  func kinds() {
    func message(_ kind: ChannelMessageKind, _ first: Int, _ second: Int) -> MIDIMessage? {
      MIDIMessage(sequencerType: kind.rawValue, channel: 2, first: first, second: second)
    }
    #expect(message(.noteOn, 60, 100) == MIDIMessage(0x92, 60, 100))
    #expect(message(.noteOn, 60, 0)?.meaning == .noteOff(Pitch(clamping: 60)))
    #expect(message(.noteOff, 60, 64) == MIDIMessage(0x82, 60, 64))
    #expect(message(.polyphonicPressure, 60, 5) == MIDIMessage(0xA2, 60, 5))
    #expect(message(.controlChange, 64, 127)?.meaning == .sustain(isDown: true))
    #expect(message(.programChange, 0, 12)?.meaning == .programChange(12))
    #expect(message(.channelPressure, 0, 33) == MIDIMessage(0xD2, 33))
    #expect(message(.pitchBend, 0, 0) == MIDIMessage(0xE2, 0, 64))
    #expect(message(.pitchBend, 0, -8192) == MIDIMessage(0xE2, 0, 0))
    #expect(message(.pitchBend, 0, 8191) == MIDIMessage(0xE2, 127, 127))
  }

  @Test("each message that gives time becomes the bytes of a MIDI clock, on no channel")
  func clocks() {
    func message(_ kind: ClockMessageKind, _ value: Int = 0) -> MIDIMessage? {
      MIDIMessage(sequencerType: kind.rawValue, channel: 99, first: -1, second: value)
    }
    #expect(message(.tick) == MIDIMessage(0xF8, 0) && message(.start) == MIDIMessage(0xFA, 0))
    #expect(message(.resume) == MIDIMessage(0xFB, 0) && message(.stop) == MIDIMessage(0xFC, 0))
    #expect(message(.songPosition, 300) == MIDIMessage(0xF2, 44, 2))
    #expect(message(.songPosition, 16384) == nil && message(.songPosition, -1) == nil)
    #expect(ClockMessageKind.allCases.allSatisfy { message($0)?.isSystem == true })
  }

  @Test("whatever a program puts into an event, what comes out is a message of MIDI or nothing", arguments: 0..<10)
  func fuzz(seed: UInt64) {
    var random = RandomSource(seed: seed)
    let kinds = Set(ChannelMessageKind.allCases.map(\.rawValue))
    for _ in 0..<5000 {
      let type = UInt8.random(in: 0...255, using: &random)
      let values = (0..<2).map { _ in Int32(truncatingIfNeeded: random.next() >> (random.next() % 40)) }
      let channel = UInt8.random(in: 0...20, using: &random)
      let message = MIDIMessage(sequencerType: type, channel: channel, first: Int(values[0]), second: Int(values[1]))
      guard let message else { continue }
      if message.isSystem {
        #expect(ClockMessageKind(rawValue: type) != nil && message.data1 < 0x80 && message.data2 < 0x80)
        continue
      }
      #expect(kinds.contains(type) && channel < 16)
      #expect((0x80..<0xF0).contains(message.status) && message.data1 < 0x80 && message.data2 < 0x80)
      #expect(message.channel.index == channel)
    }
  }
}
