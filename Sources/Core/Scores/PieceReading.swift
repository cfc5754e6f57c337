// SPDX-License-Identifier: Apache-2.0
// Core/Scores: a Standard MIDI File as a piece.
import Music

extension Piece {
  /// What a musician would see in the file: a part for each track and channel with notes, tempo, keys and metres.
  ///
  /// Ticks become quarter-note beats; under SMPTE division a beat is half a second. The tracks of a format 2 file follow
  /// one another. A note that is never released ends with its track; a pitch struck again first ends. Percussion
  /// (channel 10) is left out unless `includesPercussion`. O(n log n).
  public init(_ file: StandardMIDIFile, includesPercussion: Bool = false) {
    let scale = file.beatsPerTick
    var reading = PieceReading(includesPercussion: includesPercussion)
    var offset = Beats.zero
    for (index, track) in file.tracks.enumerated() {
      reading.read(track, index: index, from: offset, beatsPerTick: scale)
      if file.format == .independentTracks { offset = offset + Beats(Double(track.last?.tick ?? 0) * scale) }
    }
    self = reading.piece(hasTempo: file.division.ticksPerSecond == nil)
  }
}

extension StandardMIDIFile {
  /// 120 beats a minute under SMPTE division.
  var beatsPerTick: Double {
    switch division {
    case .ticksPerQuarter(let ticks): 1 / Double(ticks)
    case .ticksPerFrame: 2 / (division.ticksPerSecond ?? 1)
    }
  }
}

/// Collects what stands in the tracks.
private struct PieceReading {
  private struct Held {
    var onset: Beats
    var velocity: Velocity
  }

  private let includesPercussion: Bool
  private var piece = Piece()
  private var tempos: [TempoMap.Change] = []
  private var held: [UInt16: Held] = [:]
  private var parts: [UInt8: Part] = [:]
  private var name = ""

  init(includesPercussion: Bool) { self.includesPercussion = includesPercussion }

  mutating func read(
    _ track: [StandardMIDIFile.TimedEvent], index: Int, from offset: Beats, beatsPerTick: Double
  ) {
    (held, parts, name) = ([:], [:], "")
    var now = offset
    for event in track {
      now = offset + Beats(Double(event.tick) * beatsPerTick)
      switch event.event {
      case .message(let message): read(message, at: now)
      case .meta(let type, let data): read(type, data, at: now, isFirstTrack: index == 0)
      case .systemExclusive: break
      }
    }
    for key in held.keys.sorted() { end(key, at: now) }
    for channel in parts.keys.sorted() {
      guard var part = parts[channel], !part.notes.isEmpty else { continue }
      part.name = name
      part.notes.sort(by: Note.inScoreOrder)
      piece.parts.append(part)
    }
  }

  func piece(hasTempo: Bool) -> Piece {
    var piece = piece
    piece.tempoMap = hasTempo ? TempoMap(tempos) : TempoMap()
    piece.keys.sort { $0.position < $1.position }
    piece.timeSignatures.sort { $0.position < $1.position }
    piece.markers.sort { $0.position < $1.position }
    return piece
  }

  // MARK: Messages

  private mutating func read(_ message: MIDIMessage, at now: Beats) {
    let channel = message.channel.index
    guard includesPercussion || channel != 9 else { return }
    switch message.meaning {
    case .noteOn(let pitch, let velocity):
      let key = UInt16(channel) << 7 | UInt16(pitch.number)
      end(key, at: now)
      held[key] = Held(onset: now, velocity: velocity)
    case .noteOff(let pitch): end(UInt16(channel) << 7 | UInt16(pitch.number), at: now)
    case .programChange(let program): parts[channel, default: Part(channel: message.channel)].program = Int(program)
    default: break
    }
  }

  private mutating func end(_ key: UInt16, at now: Beats) {
    guard let note = held.removeValue(forKey: key), now > note.onset else { return }
    let channel = UInt8(key >> 7)
    parts[channel, default: Part(channel: Channel(statusByte: channel))].notes.append(
      Note(
        pitch: Pitch(clamping: Int(key & 0x7F)), velocity: note.velocity, onset: note.onset, duration: now - note.onset)
    )
  }

  // MARK: Meta events; malformed ones are passed over

  private mutating func read(_ type: UInt8, _ data: [UInt8], at now: Beats, isFirstTrack: Bool) {
    switch type {
    case MetaType.trackName:
      name = String(decoding: data, as: UTF8.self)
      if isFirstTrack, piece.title.isEmpty { piece.title = name }
    case MetaType.marker: piece.markers.append(Positioned(position: now, value: String(decoding: data, as: UTF8.self)))
    case MetaType.tempo where data.count == 3: readTempo(data, at: now)
    case MetaType.timeSignature where data.count >= 2 && data[0] > 0 && data[1] <= 6:
      let signature = TimeSignature(beats: Int(data[0]), unit: 1 << Int(data[1]))
      piece.timeSignatures.append(Positioned(position: now, value: signature))
    case MetaType.keySignature where data.count == 2:
      let sharps = Int(Int8(bitPattern: data[0]))
      guard (-7...7).contains(sharps), data[1] <= 1 else { return }
      piece.keys.append(Positioned(position: now, value: Key(sharps: sharps, mode: data[1] == 1 ? .minor : .major)))
    default: break
    }
  }

  private mutating func readTempo(_ data: [UInt8], at now: Beats) {
    let microseconds = Int(data[0]) << 16 | Int(data[1]) << 8 | Int(data[2])
    guard microseconds > 0, let tempo = Tempo(beatsPerMinute: 60e6 / Double(microseconds)) else { return }
    tempos.append(TempoMap.Change(position: now, tempo: tempo))
  }
}
