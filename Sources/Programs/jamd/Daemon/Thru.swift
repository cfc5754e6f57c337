// SPDX-License-Identifier: Apache-2.0
// Programs/jamd, THINKING: what the player plays, passed on at once.
import Improviser
import Music
import RealTime

/// Turns a keyboard's messages into events of the player's part, and remembers what each keyboard holds so that an
/// unplugged one leaves nothing sounding. Pure; O(1) a message.
package struct Thru {
  private struct Held {
    var keys: Set<UInt16> = []
    var pedals: Set<UInt8> = []
  }

  private var held: [Keyboard: Held] = [:]

  package init() {}

  /// To be played as soon as possible. Nil for what the improviser's commands use (Program Change) or nobody.
  package mutating func event(for message: MIDIMessage, from keyboard: Keyboard) -> StageEvent? {
    let channel = message.channel.index
    switch message.meaning {
    case .noteOn(let pitch, _): held[keyboard, default: Held()].keys.insert(Self.key(channel, pitch))
    case .noteOff(let pitch): held[keyboard]?.keys.remove(Self.key(channel, pitch))
    case .sustain(let isDown) where isDown: held[keyboard, default: Held()].pedals.insert(channel)
    case .sustain: held[keyboard]?.pedals.remove(channel)
    case .allNotesOff: forget(channel, of: keyboard)
    case .controlChange: break
    case .programChange: return nil
    case .other where message.status & 0xF0 == 0xE0: break
    case .other: return nil
    }
    return StageEvent(frame: .immediate, message: message, part: .player)
  }

  /// The keys of a channel; its pedal stays down.
  private mutating func forget(_ channel: UInt8, of keyboard: Keyboard) {
    guard let keys = held[keyboard]?.keys else { return }
    held[keyboard]?.keys = keys.filter { UInt8($0 >> 7) != channel }
  }

  /// What releases everything that `keyboard` holds, in a fixed order.
  package mutating func releases(of keyboard: Keyboard) -> [StageEvent] {
    guard let held = held.removeValue(forKey: keyboard) else { return [] }
    let keys = held.keys.sorted().map { key in
      MIDIMessage.noteOff(Pitch(clamping: Int(key & 0x7F)), Channel(statusByte: UInt8(key >> 7)))
    }
    let pedals = held.pedals.sorted().map { MIDIMessage.controlChange(64, 0, Channel(statusByte: $0)) }
    return (keys + pedals).map { StageEvent(frame: .immediate, message: $0, part: .player) }
  }

  private static func key(_ channel: UInt8, _ pitch: Pitch) -> UInt16 { UInt16(channel) << 7 | UInt16(pitch.number) }
}
