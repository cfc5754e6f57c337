// SPDX-License-Identifier: Apache-2.0
// Core/Style: pieces and phrases into event sequences.
import Music

/// Reads the event sequences of a piece's or a phrase's streams, each event from what lies before and at its onset.
struct EventReader {
  private let streams: [Stream]
  private let keys: [Positioned<UInt8>]
  private let metres: [Positioned<Double>]

  /// Every part is read as one stream, or as two where it holds both hands.
  init(_ piece: Piece) {
    let parts = piece.parts.flatMap { Streams.parted($0.notes) }
    let keys = piece.keys.map { Positioned(position: $0.position, value: $0.value.byte) }
    let metres = piece.timeSignatures.map { Positioned(position: $0.position, value: $0.value.bar.count) }
    self.init(parts, keys: keys, metres: metres)
  }

  /// A phrase without a metre: beat 0 counts as a downbeat of four beats.
  init(_ notes: [Note], key: Key?, bar: Beats? = nil) {
    let keys = key.map { [Positioned(position: Beats(-1e9), value: $0.byte)] } ?? []
    let metres = bar.map { [Positioned(position: Beats.zero, value: $0.count)] } ?? []
    self.init(Streams.parted(notes), keys: keys, metres: metres)
  }

  private init(_ parts: [[Note]], keys: [Positioned<UInt8>], metres: [Positioned<Double>]) {
    let byHeight = parts.enumerated().map { (height: Self.height($0.element), order: $0.offset, notes: $0.element) }
      .sorted { ($0.height, $1.order) > ($1.height, $0.order) }
    streams = byHeight.map { Streams.stream($0.notes) }
    self.keys = keys.isEmpty ? Self.trackedKeys(parts) : keys
    self.metres = metres
  }

  /// One sequence a stream, from the highest down.
  func sequences() -> [EventSequence] {
    var above = Ceiling()
    return streams.enumerated().map { number, stream in
      let role = Role(stream: number, of: streams.count)
      let sequence = self.sequence(stream, under: above, role)
      above.add(stream)
      return sequence
    }
  }

  private func sequence(_ stream: Stream, under ceiling: Ceiling, _ role: Role) -> EventSequence {
    var sequence = EventSequence(role: role)
    sequence.reserveCapacity(stream.groups.count)
    var ceiling = ceiling.walk()
    var keyIndex = 0
    var metreIndex = 0
    var interOnset: UInt8 = 0
    var grid = stream.isPlayed ? GridFollower(stream.groups) : nil
    var deviations: [Double?] = []
    for (index, group) in stream.groups.enumerated() {
      let position = Beats(group.onset + 1e-6)
      while keyIndex + 1 < keys.count, keys[keyIndex + 1].position <= position { keyIndex += 1 }
      while metreIndex + 1 < metres.count, metres[metreIndex + 1].position <= position { metreIndex += 1 }
      // What is played late on a beat is on the beat.
      let deviation = grid?.deviation(of: group.onset, interOnset: interOnset) ?? nil
      if stream.isPlayed { deviations.append(deviation) }
      var setting = setting(group.onset, keyIndex, metreIndex, above: ceiling.highest(at: group.onset))
      setting.barPosition -= deviation ?? 0
      let next = index + 1 < stream.groups.count ? stream.groups[index + 1].onset - group.onset : 0
      let nextInterOnset = RhythmClass.byte(of: next)
      let expression = group.expression(in: stream, next: next)
      sequence.append(group, interOnset: interOnset, nextInterOnset: nextInterOnset, expression, setting)
      interOnset = nextInterOnset
    }
    if stream.isPlayed { sequence.set(deviations) }
    return sequence
  }

  private func setting(_ onset: Double, _ keyIndex: Int, _ metreIndex: Int, above: Int?) -> EventSetting {
    let metre = metreIndex < metres.count ? metres[metreIndex] : Positioned(position: .zero, value: 4)
    let key = keyIndex < keys.count && keys[keyIndex].position.count <= onset + 1e-6 ? keys[keyIndex].value : 0
    return EventSetting(key: key, barPosition: onset - metre.position.count, bar: metre.value, above: above)
  }

  private static func height(_ notes: [Note]) -> Double {
    notes.reduce(0.0) { $0 + Double($1.pitch.number) } / Double(max(1, notes.count))
  }

  /// The key at every onset from the notes strictly before it.
  private static func trackedKeys(_ parts: [[Note]]) -> [Positioned<UInt8>] {
    var tracker = KeyTracker()
    var keys: [Positioned<UInt8>] = []
    let notes = parts.flatMap(\.self).sorted(by: Note.inScoreOrder)
    var heard = 0
    for note in notes {
      while heard < notes.count, notes[heard].onset < note.onset - Beats(Streams.window) {
        tracker.hear(Int(notes[heard].pitch.number))
        heard += 1
      }
      let byte = tracker.byte
      if keys.last?.value != byte, byte > 0 { keys.append(Positioned(position: note.onset, value: byte)) }
    }
    return keys
  }
}

extension OnsetGroup {
  /// All but the deviation; `next` is the interval to the next onset, 0 without one.
  fileprivate func expression(in stream: Stream, next: Double) -> ExpressionBytes {
    var bytes = ExpressionBytes()
    bytes.duration = Expression.lengthByte(of: duration, interOnset: next)
    bytes.velocity = stream.averageVelocity.map { Expression.velocity.byte(of: velocity - $0) } ?? 0
    guard pitches.count > 1 else { return bytes }
    bytes.lowDuration = Expression.lengthByte(of: lowDuration, interOnset: next)
    if stream.averageVelocity != nil { bytes.balance = Expression.balance.byte(of: balance) }
    if stream.isPlayed { bytes.spread = Expression.spread.byte(of: spread) }
    return bytes
  }
}

/// What sounds in the streams above.
private struct Ceiling {
  private var notes: [(onset: Double, end: Double, pitch: Int)] = []

  mutating func add(_ stream: Stream) {
    for group in stream.groups {
      notes.append((group.onset, group.onset + max(group.duration, Streams.window), group.pitches[0]))
    }
    notes.sort { ($0.onset, $0.pitch) < ($1.onset, $1.pitch) }
  }

  func walk() -> Walk { Walk(notes: notes) }

  /// Onsets must be asked for in order.
  struct Walk {
    let notes: [(onset: Double, end: Double, pitch: Int)]
    private var next = 0
    private var sounding: [(end: Double, pitch: Int)] = []

    init(notes: [(onset: Double, end: Double, pitch: Int)]) { self.notes = notes }

    mutating func highest(at onset: Double) -> Int? {
      while next < notes.count, notes[next].onset <= onset + Streams.window {
        sounding.append((notes[next].end, notes[next].pitch))
        next += 1
      }
      sounding.removeAll { $0.end <= onset + Streams.window }
      return sounding.lazy.map(\.pitch).max()
    }
  }
}
