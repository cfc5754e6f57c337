// SPDX-License-Identifier: Apache-2.0
// Devices/JACKOutput: what is played while the server stands still.
import Music
import RealTime

/// The player's messages of a standstill, down to what they come to when it is over: a key that is down then is heard, one
/// that was let go of meanwhile is not; of controllers and wheels the latest counts. What ends something is always kept: it
/// may end what sounded before. A value; it holds two events at most for each key and controller, `add` is O(of them).
package struct HeldBack {
  private var events: [StageEvent] = []

  package init() {}

  /// How many notes of it will never be heard.
  package mutating func add(_ event: StageEvent) -> UInt64 {
    let message = event.message
    let strikes = events.count { $0.message.isStrike }
    events.removeAll { former in
      guard message.isRelease || !former.message.isRelease else { return false }
      return Self.slot(former.message) == Self.slot(message) || Self.endsAll(message, former.message)
    }
    let left = events.count { $0.message.isStrike }
    events.append(event)
    return UInt64(strikes - left)
  }

  package mutating func takeAll() -> [StageEvent] {
    guard !events.isEmpty else { return [] }
    defer { events = [] }
    return events
  }

  /// Messages with the same number say the same thing anew: status and first byte, a key's release as its strike; the
  /// status alone where the bytes are a value.
  private static func slot(_ message: MIDIMessage) -> Int {
    switch message.status & 0xF0 {
    case 0x80, 0x90: Int(0x90 | message.status & 0x0F) << 8 | Int(message.data1)
    case 0xA0, 0xB0: Int(message.status) << 8 | Int(message.data1)
    default: Int(message.status) << 8
    }
  }

  /// All notes of its channel end.
  private static func endsAll(_ message: MIDIMessage, _ former: MIDIMessage) -> Bool {
    guard case .allNotesOff = message.meaning else { return false }
    return former.isStrike && former.status & 0x0F == message.status & 0x0F
  }
}
