// SPDX-License-Identifier: Apache-2.0
// Core/Scores: a session as it was played, message by message.
import Music

/// Raw messages with their times, on named tracks: what the daemon records and what a replay plays.
public struct Take: Hashable, Sendable {
  public struct Event: Hashable, Sendable {
    /// From the start of the take.
    public var time: Duration
    public var message: MIDIMessage

    public init(time: Duration, _ message: MIDIMessage) {
      self.time = time
      self.message = message
    }
  }

  public struct Marker: Hashable, Sendable {
    public var time: Duration
    public var text: String

    public init(time: Duration, _ text: String) {
      self.time = time
      self.text = text
    }
  }

  public struct Track: Hashable, Sendable {
    public var name: String
    /// In order of time.
    public var events: [Event]

    public init(name: String, events: [Event] = []) {
      self.name = name
      self.events = events
    }
  }

  public var title: String
  public var tracks: [Track]
  /// In order of time.
  public var markers: [Marker]
  /// When the player's beats were, as they were heard; rising. They are written as a tempo map, and are not read again: a
  /// take that was read is written with the tempo map that it had, as long as nobody sets them.
  public var beats: [Duration] = [] { didSet { map = nil } }
  /// Of the file that it was read from, if a take has written that.
  private var map: TickMap?

  /// Whether it was read from a file that a take has written, of what was heard.
  var isRecorded: Bool { map != nil }

  public init(title: String = "", tracks: [Track] = [], markers: [Marker] = []) {
    self.title = title
    self.tracks = tracks
    self.markers = markers
  }

  /// Times are multiples of it.
  public static let timeStep = Duration.microseconds(20)

  /// Times of a take that `file` wrote come back exactly; those of any other file through its tempo map, to the nearest
  /// `timeStep`. Tracks without messages are left out.
  public init(_ file: StandardMIDIFile) {
    let map = Piece(file).tempoMap
    let scale = file.beatsPerTick
    func time(_ tick: Int) -> Duration {
      let seconds = map.time(at: Beats(Double(tick) * scale)).seconds
      return Self.timeStep * Int((seconds / Self.timeStep.seconds).rounded())
    }
    self.init()
    self.map = TickMap(file)
    for track in file.tracks { read(track, time) }
    markers.sort { $0.time < $1.time }
  }

  private mutating func read(_ track: [StandardMIDIFile.TimedEvent], _ time: (Int) -> Duration) {
    var result = Track(name: "")
    for event in track {
      switch event.event {
      case .message(let message): result.events.append(Event(time: time(event.tick), message))
      case .meta(MetaType.trackName, let data): result.name = String(decoding: data, as: UTF8.self)
      case .meta(MetaType.marker, let data):
        markers.append(Marker(time: time(event.tick), String(decoding: data, as: UTF8.self)))
      default: break
      }
    }
    if !result.events.isEmpty { tracks.append(result) } else if title.isEmpty { title = result.name }
  }

  /// A format 1 file with a first track of title, tempo map and markers. Times are rounded to `timeStep`; messages at one
  /// time keep their order. O(n log beats).
  public var file: StandardMIDIFile {
    let map = map ?? TickMap(beats: beats.map(Self.microseconds))
    func tick(_ time: Duration) -> Int { map.tick(max(0, Self.microseconds(time))) }
    func named(_ name: String) -> StandardMIDIFile.TimedEvent {
      .init(tick: 0, .meta(MetaType.trackName, Array(name.utf8)))
    }
    let tempi = map.segments.map { segment in
      StandardMIDIFile.TimedEvent(tick: segment.tick, StandardMIDIFile.event(quarter: segment.quarter))
    }
    let marks = markers.map { marker in
      StandardMIDIFile.TimedEvent(tick: tick(marker.time), .meta(MetaType.marker, Array(marker.text.utf8)))
    }
    let conductor = (tempi + marks).enumerated().sorted { ($0.element.tick, $0.offset) < ($1.element.tick, $1.offset) }
    let tracks = tracks.map { track in
      [named(track.name)] + track.events.map { .init(tick: tick($0.time), .message($0.message)) }
    }
    return StandardMIDIFile(
      format: .simultaneousTracks, division: .ticksPerQuarter(TickMap.ticksPerQuarter),
      tracks: [[named(title)] + conductor.map(\.element)] + tracks)
  }

  /// To the nearest `timeStep`.
  private static func microseconds(_ time: Duration) -> Int { Int((time / timeStep).rounded()) * 20 }
}

extension Take {
  /// The name of the track of what jamd played; all other tracks are players'.
  public static let answerTrack = "jamd"

  /// Of what jamd played to one of several players.
  public static func answerTrack(to player: String) -> String { "\(answerTrack): \(player)" }

  /// Whether a track of this name has what jamd played.
  public static func isAnswer(_ name: String) -> Bool { name == answerTrack || name.hasPrefix("\(answerTrack): ") }
}

extension Take.Track {
  /// Notes as messages on one channel; `time` places an instant on the take's clock. Releases before what is struck at the
  /// same moment. O(n log n).
  public init(name: String, notes: [PlayedNote], channel: Channel, time: (Instant) -> Duration) {
    let messages = notes.flatMap { note in
      [
        (Take.Event(time: time(note.onset), .noteOn(note.pitch, note.velocity, channel)), 1),
        (Take.Event(time: time(note.release), .noteOff(note.pitch, channel)), 0),
      ]
    }
    let ordered = messages.enumerated().sorted { a, b in
      (a.element.0.time, a.element.1, a.offset) < (b.element.0.time, b.element.1, b.offset)
    }
    self.init(name: name, events: ordered.map(\.element.0))
  }
}
