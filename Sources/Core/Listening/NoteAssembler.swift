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
    let channel = message.channel
    let pedal = Key(keyboard: keyboard, channel: channel.index, pitch: 0)
    switch message.meaning {
    case .noteOn(let pitch, let velocity):
      let note = PlayedNote(pitch: pitch, velocity: velocity, channel: channel, onset: now, duration: .zero)
      return press(note, keyboard)
    case .noteOff(let pitch):
      return release(Key(keyboard: keyboard, channel: channel.index, pitch: pitch.number), pedal, at: now)
    case .sustain(let isDown):
      guard isDown else { return lift(pedal, at: now) }
      if pedals.count < Self.capacity { pedals.insert(pedal) }
      return []
    case .allNotesOff:
      pedals.remove(pedal)
      return end(keys { $0.keyboard == keyboard && $0.channel == channel.index }, at: now)
    case .controlChange, .programChange, .other: return []
    }
  }

  private mutating func press(_ note: PlayedNote, _ keyboard: UInt32) -> [Change] {
    let key = Key(keyboard: keyboard, channel: note.channel.index, pitch: note.pitch.number)
    let ended = end([key], at: note.onset)
    guard held.count < Self.capacity else { return ended }
    held[key] = Held(note: note, isKeyUp: false)
    return ended + [.began(note)]
  }

  private mutating func release(_ key: Key, _ pedal: Key, at now: Instant) -> [Change] {
    guard pedals.contains(pedal) else { return end([key], at: now) }
    held[key]?.isKeyUp = true
    return []
  }

  private mutating func lift(_ pedal: Key, at now: Instant) -> [Change] {
    guard pedals.remove(pedal) != nil else { return [] }
    return end(
      keys { $0.keyboard == pedal.keyboard && $0.channel == pedal.channel && held[$0]?.isKeyUp == true }, at: now)
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
