// SPDX-License-Identifier: Apache-2.0
// Core/Listening: from messages to notes.
import Music

/// Pairs note-ons with what ends them: release, pedal, all-notes-off, an unplugged keyboard.
///
/// Every note that began ends exactly once; a key struck again while it sounds ends its former note first. A pedal holds
/// the notes of its own keyboard and channel. A value, O(1) a message but for releases of many notes at once.
public struct NoteAssembler: Sendable {
  /// More notes than this are never held at once, so that memory stays bounded; a note beyond them is not heard.
  public static let capacity = 2048

  /// Where a note is held: `keyboard` is any number that tells sources apart.
  struct Key: Hashable {
    var keyboard: UInt32
    var channel: UInt8
    var pitch: UInt8
  }

  private struct Held {
    var note: PlayedNote
    /// Released, but the pedal keeps it sounding.
    var isKeyUp: Bool
  }

  public enum Change: Hashable, Sendable {
    case began(PlayedNote)
    /// Its duration is known now.
    case ended(PlayedNote)
  }

  private var held: [Key: Held] = [:]
  private var pedals: Set<Key> = []

  public init() {}

  /// Nothing sounds and no pedal is down.
  public var isSilent: Bool { held.isEmpty && pedals.isEmpty }

  public mutating func hear(_ message: MIDIMessage, keyboard: UInt32, at now: Instant) -> [Change] {
    let channel = message.channel.index
    switch message.meaning {
    case .noteOn(let pitch, let velocity):
      let key = Key(keyboard: keyboard, channel: channel, pitch: pitch.number)
      let ended = end([key], at: now)
      guard held.count < Self.capacity else { return ended }
      let note = PlayedNote(pitch: pitch, velocity: velocity, channel: message.channel, onset: now, duration: .zero)
      held[key] = Held(note: note, isKeyUp: false)
      return ended + [.began(note)]
    case .noteOff(let pitch):
      let key = Key(keyboard: keyboard, channel: channel, pitch: pitch.number)
      guard held[key] != nil else { return [] }
      if pedals.contains(Key(keyboard: keyboard, channel: channel, pitch: 0)) {
        held[key]?.isKeyUp = true
        return []
      }
      return end([key], at: now)
    case .sustain(let isDown):
      let pedal = Key(keyboard: keyboard, channel: channel, pitch: 0)
      if isDown {
        if pedals.count < Self.capacity { pedals.insert(pedal) }
        return []
      }
      guard pedals.remove(pedal) != nil else { return [] }
      return end(keys { $0.keyboard == keyboard && $0.channel == channel && held[$0]?.isKeyUp == true }, at: now)
    case .allNotesOff:
      pedals.remove(Key(keyboard: keyboard, channel: channel, pitch: 0))
      return end(keys { $0.keyboard == keyboard && $0.channel == channel }, at: now)
    case .controlChange, .programChange, .other: return []
    }
  }

  /// An unplugged keyboard lets go of everything.
  public mutating func lose(keyboard: UInt32, at now: Instant) -> [Change] {
    pedals = pedals.filter { $0.keyboard != keyboard }
    return end(keys { $0.keyboard == keyboard }, at: now)
  }

  public mutating func releaseAll(at now: Instant) -> [Change] {
    pedals.removeAll()
    return end(keys { _ in true }, at: now)
  }

  /// In a fixed order, whatever the hash table's.
  private func keys(where condition: (Key) -> Bool) -> [Key] {
    held.keys.filter(condition).sorted { ($0.keyboard, $0.channel, $0.pitch) < ($1.keyboard, $1.channel, $1.pitch) }
  }

  private mutating func end(_ keys: [Key], at now: Instant) -> [Change] {
    keys.compactMap { key in
      guard var note = held.removeValue(forKey: key)?.note else { return nil }
      note.duration = max(.zero, now - note.onset)
      return .ended(note)
    }
  }
}
