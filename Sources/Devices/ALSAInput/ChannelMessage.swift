// SPDX-License-Identifier: Apache-2.0
// Devices/ALSAInput: sequencer events to MIDI messages, pure.
import Music

/// The kinds of channel message, by ALSA's numbers (`snd_seq_event_type`).
package enum ChannelMessageKind: UInt8, CaseIterable {
  case noteOn = 6
  case noteOff = 7
  case polyphonicPressure = 8
  case controlChange = 10
  case programChange = 11
  case channelPressure = 12
  case pitchBend = 13
}

/// The kinds of system message that give time, by ALSA's numbers, and their bytes.
package enum ClockMessageKind: UInt8, CaseIterable {
  case songPosition = 20
  case start = 30
  case resume = 31
  case stop = 32
  case tick = 36

  var status: UInt8 {
    switch self {
    case .songPosition: 0xF2
    case .start: 0xFA
    case .resume: 0xFB
    case .stop: 0xFC
    case .tick: 0xF8
    }
  }
}

extension MIDIMessage {
  /// What a sequencer event means in bytes; nil for every other event and for values that MIDI does not have (any
  /// program may put them into an event).
  ///
  /// `first` is the key or the controller, `second` the velocity or the value; a bend is -8192...8191. A song position is
  /// `second`, 0...16383.
  package init?(sequencerType: UInt8, channel: UInt8, first: Int, second: Int) {
    if let kind = ClockMessageKind(rawValue: sequencerType) {
      guard kind == .songPosition else {
        self = MIDIMessage(kind.status, 0)
        return
      }
      guard (0..<16384).contains(second) else { return nil }
      self = MIDIMessage(kind.status, UInt8(second & 0x7F), UInt8(second >> 7))
      return
    }
    guard let kind = ChannelMessageKind(rawValue: sequencerType), channel < 16 else { return nil }
    func byte(_ value: Int) -> UInt8? { (0..<128).contains(value) ? UInt8(value) : nil }
    func message(_ status: UInt8, _ first: Int, _ second: Int) -> MIDIMessage? {
      guard let first = byte(first), let second = byte(second) else { return nil }
      return MIDIMessage(status | channel, first, second)
    }
    let bytes =
      switch kind {
      case .noteOn: message(0x90, first, second)
      case .noteOff: message(0x80, first, second)
      case .polyphonicPressure: message(0xA0, first, second)
      case .controlChange: message(0xB0, first, second)
      case .programChange: message(0xC0, second, 0)
      case .channelPressure: message(0xD0, second, 0)
      case .pitchBend: Self.bend(second).flatMap { message(0xE0, $0 & 0x7F, $0 >> 7) }
      }
    guard let bytes else { return nil }
    self = bytes
  }

  private static func bend(_ value: Int) -> Int? { (-8192...8191).contains(value) ? value + 8192 : nil }
}
