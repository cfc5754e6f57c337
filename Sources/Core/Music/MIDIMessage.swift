// SPDX-License-Identifier: Apache-2.0
// Core/Music: values and units. A short message of MIDI 1.0.

/// The bytes of one channel voice message, or of a system message that gives time, as they come from a keyboard and as
/// they go to JACK. Trivial and of fixed size: the real-time thread passes it by value.
public struct MIDIMessage: Hashable, Sendable, BitwiseCopyable {
  public var status: UInt8
  public var data1: UInt8
  public var data2: UInt8

  /// Real-time safe.
  @_noLocks @_noAllocation
  public init(_ status: UInt8, _ data1: UInt8, _ data2: UInt8 = 0) {
    self.status = status
    self.data1 = data1
    self.data2 = data2
  }

  public static func noteOn(_ pitch: Pitch, _ velocity: Velocity, _ channel: Channel = .first) -> MIDIMessage {
    MIDIMessage(0x90 | channel.index, pitch.number, velocity.value)
  }

  public static func noteOff(_ pitch: Pitch, _ channel: Channel = .first) -> MIDIMessage {
    MIDIMessage(0x80 | channel.index, pitch.number, 64)
  }

  public static func controlChange(_ controller: UInt8, _ value: UInt8, _ channel: Channel = .first) -> MIDIMessage {
    MIDIMessage(0xB0 | channel.index, controller & 0x7F, value & 0x7F)
  }

  /// What a musician means by the bytes; `other` for everything that jamd has no use for.
  public enum Meaning: Hashable, Sendable {
    case noteOn(Pitch, Velocity)
    /// Also a note-on with velocity 0.
    case noteOff(Pitch)
    /// Reset all controllers (121) lifts the pedal, too (MIDI Recommended Practice RP-015).
    case sustain(isDown: Bool)
    /// All sound off (120) and all notes off with the mode messages that imply it (123...127).
    case allNotesOff
    case controlChange(controller: UInt8, value: UInt8)
    case programChange(UInt8)
    case other
  }

  /// Of no channel: clocks and their like.
  public var isSystem: Bool { @_noLocks @_noAllocation get { status >= 0xF0 } }

  /// Begins a note.
  public var isStrike: Bool { @_noLocks @_noAllocation get { status & 0xF0 == 0x90 && data2 > 0 } }

  /// Ends something: a note, a pedal, or all of a channel. Where messages are left out, these never are.
  public var isRelease: Bool {
    @_noLocks @_noAllocation get {
      switch status & 0xF0 {
      case 0x80: true
      case 0x90: data2 == 0
      case 0xB0: data1 == 64 ? data2 < 64 : data1 >= 120 && data1 != 122
      default: false
      }
    }
  }

  public var channel: Channel { Channel(statusByte: status) }

  /// Total: any three bytes have a meaning, malformed ones `other`.
  public var meaning: Meaning {
    guard data1 < 0x80, data2 < 0x80 else { return .other }
    let pitch = Pitch(clamping: Int(data1))
    switch (status & 0xF0, data1) {
    case (0x90, _): return Velocity(Int(data2)).map { .noteOn(pitch, $0) } ?? .noteOff(pitch)
    case (0x80, _): return .noteOff(pitch)
    case (0xB0, 64): return .sustain(isDown: data2 >= 64)
    case (0xB0, 121): return .sustain(isDown: false)
    case (0xB0, 120), (0xB0, 123...127): return .allNotesOff
    case (0xB0, _): return .controlChange(controller: data1, value: data2)
    case (0xC0, _): return .programChange(data1)
    default: return .other
    }
  }
}
