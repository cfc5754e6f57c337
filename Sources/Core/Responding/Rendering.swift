// SPDX-License-Identifier: Apache-2.0
// Core/Responding: from a continuation to notes in real time.
import Music

extension Answer {
  /// No more notes than this sound at once: where one more begins, the oldest ends.
  public static let voices = 16
  /// No note is shorter, but where its own pitch is struck again.
  static let shortestNote = Duration.milliseconds(20)
  /// Beyond these a model has gone astray, in beats: such an onset is left out, such a note is shortened.
  static let lastOnset = 256.0
  static let longestNote = 32.0

  /// Notes of a continuation in real time: in order of onset, the first exactly at `start`, never the same pitch twice at
  /// once, every duration above zero. Notes whose numbers make no sense are left out. O(n (log n + `voices`)).
  public func render(_ notes: [Note], from start: Instant, tempo: Tempo, channel: Channel = .first) -> [PlayedNote] {
    let sane = notes.filter { (0...Self.lastOnset).contains($0.onset.count) && $0.duration.count > 0 }
    let first = sane.map(\.onset).min() ?? .zero
    var played = sane.map { note in
      let duration = tempo.duration(of: min(Beats(Self.longestNote), note.duration))
      return PlayedNote(
        pitch: note.pitch, velocity: note.velocity, channel: channel,
        onset: start + tempo.duration(of: note.onset - first), duration: max(Self.shortestNote, duration))
    }.sorted(by: PlayedNote.inPlayedOrder)
    Self.separatePitches(&played)
    played.removeAll { $0.duration <= .zero }
    Self.limitVoices(&played)
    return played.filter { $0.duration > .zero }
  }

  /// A pitch struck again ends first.
  private static func separatePitches(_ notes: inout [PlayedNote]) {
    var latest = [Int?](repeating: nil, count: 128)
    for index in notes.indices {
      let pitch = Int(notes[index].pitch.number)
      if let former = latest[pitch] { end(&notes[former], before: notes[index].onset) }
      latest[pitch] = index
    }
  }

  private static func limitVoices(_ notes: inout [PlayedNote]) {
    var sounding: [Int] = []
    for index in notes.indices {
      let onset = notes[index].onset
      sounding.removeAll { notes[$0].release <= onset }
      if sounding.count == voices { end(&notes[sounding.removeFirst()], before: onset) }
      sounding.append(index)
    }
  }

  private static func end(_ note: inout PlayedNote, before instant: Instant) {
    note.duration = min(note.duration, instant - note.onset)
  }
}
