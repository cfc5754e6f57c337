// SPDX-License-Identifier: Apache-2.0
// Core/Scores: a Standard MIDI File to bytes.
import Music

extension StandardMIDIFile {
  /// The file's bytes; the same file always gives the same bytes. Without running status, for readers that cannot do it.
  /// Delta times above 2^28-1 ticks (the format's limit) are bridged by empty text events. O(n).
  public func encoded() -> [UInt8] {
    var bytes = Array("MThd".utf8) + Self.uint32(6) + Self.uint16(Int(format.rawValue)) + Self.uint16(tracks.count)
    bytes += Self.uint16(divisionWord)
    for track in tracks {
      let data = Self.encoded(track)
      bytes += Array("MTrk".utf8) + Self.uint32(data.count) + data
    }
    return bytes
  }

  private var divisionWord: Int {
    switch division {
    case .ticksPerQuarter(let ticks): min(0x7FFF, max(1, ticks))
    case .ticksPerFrame(let frames, let ticks): (256 - frames) << 8 | min(255, max(1, ticks))
    }
  }

  private static func encoded(_ track: [TimedEvent]) -> [UInt8] {
    var bytes: [UInt8] = []
    var tick = 0
    for event in track {
      bytes += delta(max(0, event.tick - tick))
      tick = max(tick, event.tick)
      bytes += encoded(event.event)
    }
    return bytes + [0, 0xFF, MetaType.endOfTrack, 0]
  }

  private static func encoded(_ event: Event) -> [UInt8] {
    switch event {
    case .message(let message):
      let kind = message.status & 0xF0
      let data = [message.data1 & 0x7F, message.data2 & 0x7F]
      return [message.status | 0x80] + data.prefix(kind == 0xC0 || kind == 0xD0 ? 1 : 2)
    case .meta(let type, let data): return [0xFF, type & 0x7F] + variableLength(data.count) + data
    case .systemExclusive(let data):
      return [data.first ?? 0xF7] + variableLength(max(0, data.count - 1)) + data.dropFirst()
    }
  }

  private static func delta(_ ticks: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    var rest = ticks
    while rest > longestDelta {
      bytes += variableLength(longestDelta) + [0xFF, MetaType.text, 0]
      rest -= longestDelta
    }
    return bytes + variableLength(rest)
  }

  private static let longestDelta = 0x0FFF_FFFF

  private static func variableLength(_ value: Int) -> [UInt8] {
    var bytes = [UInt8(value & 0x7F)]
    var rest = value >> 7
    while rest > 0 {
      bytes.append(UInt8(rest & 0x7F) | 0x80)
      rest >>= 7
    }
    return bytes.reversed()
  }

  private static func uint16(_ value: Int) -> [UInt8] { [UInt8(value >> 8 & 0xFF), UInt8(value & 0xFF)] }
  private static func uint32(_ value: Int) -> [UInt8] { uint16(value >> 16 & 0xFFFF) + uint16(value & 0xFFFF) }
}
