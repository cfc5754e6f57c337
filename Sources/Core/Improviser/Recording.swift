// SPDX-License-Identifier: Apache-2.0
// Core/Improviser: a session's journal made into a take.
import Listening
import Music
import Scores

/// Collects the entries of a session; each costs O(1) amortised.
public struct Recording: Sendable {
  /// How long after the last entry a session that was cut off may have gone on: a writer tells at least so often that it
  /// is alive.
  public static let longestSilence = Duration.seconds(1)

  /// Milliseconds since 1970-01-01 UTC; nil where the journal does not tell.
  public private(set) var wallClock: Int64?
  /// The session ended in good order.
  public private(set) var isClosed = false
  /// The time of the last entry.
  public private(set) var end = Duration.zero
  var answerChannel = Channel(statusByte: 1)
  var players: [UInt32: Take.Track] = [:]
  var names: [UInt32: String] = [:]
  /// Channels that each keyboard has used: what an unplugged one has to be released on.
  private var channels: [UInt32: Set<UInt8>] = [:]
  private var markers: [Take.Marker] = []
  /// What jamd played, the channel of a note being the place in `answered` of whom it answers.
  private var performance = Performance()
  /// The players whom jamd has answered, in order; nil where keyboards are together.
  var answered: [UInt32?] = []
  private var seats: [UInt8: UInt32] = [:]

  public init() {}

  public init(_ contents: JournalContents) {
    for entry in contents.entries { take(entry) }
  }

  /// Nothing was played.
  public var isEmpty: Bool { players.isEmpty && performance.played.isEmpty }

  public mutating func take(_ entry: JournalEntry) {
    let time = entry.time
    end = max(end, time)
    switch entry.event {
    case .opened(let wallClock, let answers): (self.wallClock, answerChannel) = (wallClock, answers)
    case .heard(let message, let keyboard): append(message, keyboard, time)
    case .named(let name, let keyboard): names[keyboard] = name
    case .gone(let keyboard): release(keyboard, time)
    case .planned(let pitch, let velocity, let onset, let duration, let generation, let seat):
      let note = PlayedNote(
        pitch: pitch, velocity: velocity, channel: place(of: seats[seat]), onset: .zero + onset, duration: duration)
      performance.take(.play(note, Generation(generation)))
    case .cancelled(let generation): performance.take(.cancel(before: Generation(generation), at: .zero + time))
    case .marker(let text):
      if case .keyboards(.together) = Command(marker: text) { seats = [:] }
      markers.append(Take.Marker(time: time, text))
    case .lost(let count): markers.append(Take.Marker(time: time, "\(count) events lost: the disk did not take them"))
    case .seated(let keyboard, let seat): seats[seat] = keyboard
    case .alive: break
    case .closed: isClosed = true
    }
  }

  private mutating func append(_ message: MIDIMessage, _ keyboard: UInt32, _ time: Duration) {
    channels[keyboard, default: []].insert(message.channel.index)
    let number = players.keys.count { $0 != Keyboard.jack.number } + 1
    let track = Take.Track(name: keyboard == Keyboard.jack.number ? "Player (JACK)" : "Player \(number)")
    players[keyboard, default: track].events.append(Take.Event(time: time, message))
  }

  private mutating func release(_ keyboard: UInt32, _ time: Duration) {
    for channel in (channels[keyboard] ?? []).sorted() {
      append(.controlChange(123, 0, Channel(statusByte: channel)), keyboard, time)
    }
  }
}

// MARK: The take

extension Recording {
  /// Sessions with more notes have no beats: listening to them again would take too long.
  public static let mostNotesWithBeats = 200_000

  /// `take` with the beats of the player, as they are heard when the whole session is known. Seconds for an hour of music.
  public var takeWithBeats: Take {
    var take = take
    let notes = take.tracks.filter { !Take.isAnswer($0.name) }.flatMap(Self.notes)
    guard notes.count <= Self.mostNotesWithBeats else { return take }
    take.beats = PerformanceAnalysis(of: notes).beats.map { $0 - .zero }
    return take
  }

  private static func notes(of track: Take.Track) -> [PlayedNote] {
    var assembler = NoteAssembler()
    return track.events.flatMap { event in assembler.hear(event.message, keyboard: 0, at: .zero + event.time) }
      .compactMap { change in if case .ended(let note) = change { note } else { nil } }
  }

  /// Each keyboard and jamd on a track of its own; where it answered several players, jamd has one for each. What is still
  /// held is released in the end, and of a session that was cut off nothing is kept that was planned for later. O(n log n).
  public var take: Take {
    let tracks = players.sorted { $0.key < $1.key }.map { keyboard, track in named(released(track), keyboard) }
    return Take(
      title: "jamd session", tracks: tracks + answerTracks,
      markers: markers.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }
        .map(\.element))
  }

  private func named(_ track: Take.Track, _ keyboard: UInt32) -> Take.Track {
    guard let name = names[keyboard], !name.isEmpty else { return track }
    return Take.Track(name: "\(track.name): \(name)", events: track.events)
  }

  private func released(_ track: Take.Track) -> Take.Track {
    var held: Set<UInt16> = []
    for event in track.events {
      let key = UInt16(event.message.channel.index) << 7
      switch event.message.meaning {
      case .noteOn(let pitch, _): held.insert(key | UInt16(pitch.number))
      case .noteOff(let pitch): held.remove(key | UInt16(pitch.number))
      case .allNotesOff: held = held.filter { $0 & ~0x7F != key }
      default: break
      }
    }
    var track = track
    for key in held.sorted() {
      let message = MIDIMessage.noteOff(Pitch(clamping: Int(key & 0x7F)), Channel(statusByte: UInt8(key >> 7)))
      track.events.append(Take.Event(time: max(end, track.events.last?.time ?? end), message))
    }
    return track
  }

  var heardAnswers: [PlayedNote] {
    guard !isClosed else { return performance.played }
    let limit = Instant.zero + end + Self.longestSilence
    return performance.played.filter { $0.onset < limit }.map { note in
      var note = note
      note.duration = min(note.duration, limit - note.onset)
      return note
    }
  }
}
