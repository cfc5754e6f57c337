// SPDX-License-Identifier: Apache-2.0
// Core/Scores: a piece as a Standard MIDI File.
import Music

extension StandardMIDIFile {
  /// A format 1 file: a first track of title, tempo, keys, metres and markers, then one track for each part.
  /// Positions are rounded to ticks; the tempo to whole microseconds a beat, as the format has it. O(n log n).
  public init(_ piece: Piece, ticksPerQuarter: Int = 480) {
    let ticks = min(0x7FFF, max(1, ticksPerQuarter))
    func tick(_ position: Beats) -> Int { max(0, Int((position.count * Double(ticks)).rounded())) }
    var conductor: [TimedEvent] = [TimedEvent(tick: 0, .meta(MetaType.trackName, Array(piece.title.utf8)))]
    conductor += piece.tempoMap.changes.map { TimedEvent(tick: tick($0.position), Self.event(tempo: $0.tempo)) }
    conductor += piece.timeSignatures.map { TimedEvent(tick: tick($0.position), Self.event(timeSignature: $0.value)) }
    conductor += piece.keys.map { TimedEvent(tick: tick($0.position), Self.event(key: $0.value)) }
    conductor += piece.markers.map { TimedEvent(tick: tick($0.position), .meta(MetaType.marker, Array($0.value.utf8))) }
    let tracks = piece.parts.map { part in
      [TimedEvent(tick: 0, .meta(MetaType.trackName, Array(part.name.utf8)))]
        + (part.program.map {
          [TimedEvent(tick: 0, .message(MIDIMessage(0xC0 | part.channel.index, UInt8($0 & 0x7F))))]
        } ?? [])
        + Self.inOrder(part.notes.flatMap { Self.events(of: $0, on: part.channel, tick) })
    }
    self.init(
      format: .simultaneousTracks, division: .ticksPerQuarter(ticks), tracks: [Self.inOrder(conductor)] + tracks)
  }

  private static func events(of note: Note, on channel: Channel, _ tick: (Beats) -> Int) -> [TimedEvent] {
    let start = tick(note.onset)
    return [
      TimedEvent(tick: start, .message(.noteOn(note.pitch, note.velocity, channel))),
      TimedEvent(tick: max(start + 1, tick(note.end)), .message(.noteOff(note.pitch, channel))),
    ]
  }

  /// By tick, releases first, otherwise as they were.
  static func inOrder(_ events: [TimedEvent]) -> [TimedEvent] {
    events.enumerated().sorted { a, b in
      (a.element.tick, rank(a.element.event), a.offset) < (b.element.tick, rank(b.element.event), b.offset)
    }.map(\.element)
  }

  private static func rank(_ event: Event) -> Int {
    switch event {
    case .meta, .systemExclusive: 0
    case .message(let message): message.status & 0xF0 == 0x80 ? 1 : 2
    }
  }

  // MARK: Meta events

  private static func event(tempo: Tempo) -> Event {
    event(quarter: min(0xFF_FFFF, max(1, Int((60e6 / tempo.beatsPerMinute).rounded()))))
  }

  /// `quarter` is the length of a quarter note in microseconds, 1...0xFF_FFFF.
  static func event(quarter: Int) -> Event { .meta(MetaType.tempo, [16, 8, 0].map { UInt8(quarter >> $0 & 0xFF) }) }

  private static func event(timeSignature: TimeSignature) -> Event {
    let power = max(0, min(6, Int.bitWidth - 1 - max(1, timeSignature.unit).leadingZeroBitCount))
    return .meta(MetaType.timeSignature, [UInt8(clamping: timeSignature.beats), UInt8(power), 24, 8])
  }

  private static func event(key: Key) -> Event {
    let major = key.mode == .major ? key.tonic : key.tonic.transposed(by: 3)
    let sharps = (-5...6).first { Key(sharps: $0, mode: .major).tonic == major } ?? 0
    return .meta(MetaType.keySignature, [UInt8(bitPattern: Int8(sharps)), key.mode == .minor ? 1 : 0])
  }
}
