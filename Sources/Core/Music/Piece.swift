// SPDX-License-Identifier: Apache-2.0
// Core/Music: values and units. A whole piece, as a score holds it.

/// A tempo for every beat: piecewise constant, as Standard MIDI Files have it.
public struct TempoMap: Hashable, Sendable {
  public struct Change: Hashable, Sendable {
    public var position: Beats
    public var tempo: Tempo

    public init(position: Beats, tempo: Tempo) {
      self.position = position
      self.tempo = tempo
    }
  }

  /// In order of position; the first stands at beat 0. Of several changes at one position the last given counts.
  public let changes: [Change]
  private let starts: [Double]

  public init(_ given: [Change] = []) {
    var changes = [Change(position: .zero, tempo: .standard)]
    let ordered = given.enumerated().sorted { ($0.element.position, $0.offset) < ($1.element.position, $1.offset) }
    for change in ordered.map(\.element) {
      let change = Change(position: max(.zero, change.position), tempo: change.tempo)
      if changes[changes.count - 1].position == change.position { changes.removeLast() }
      changes.append(change)
    }
    var starts = [0.0]
    for (change, next) in zip(changes, changes.dropFirst()) {
      let seconds = (next.position - change.position).count * 60 / change.tempo.beatsPerMinute
      starts.append(starts[starts.count - 1] + seconds)
    }
    self.changes = changes
    self.starts = starts
  }

  public init(constant tempo: Tempo) { self.init([Change(position: .zero, tempo: tempo)]) }

  /// O(log changes).
  public func tempo(at position: Beats) -> Tempo { changes[index { $0.position <= position }].tempo }

  /// Real time from beat 0 to `position`. O(log changes).
  public func time(at position: Beats) -> Duration {
    let i = index { $0.position <= position }
    let seconds = (position - changes[i].position).count * 60 / changes[i].tempo.beatsPerMinute
    return .seconds(starts[i] + seconds)
  }

  /// The beat at `time` after beat 0. O(log changes).
  public func position(at time: Duration) -> Beats {
    let seconds = time.seconds
    var low = 0
    var high = starts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if starts[middle] <= seconds { low = middle } else { high = middle }
    }
    return changes[low].position + Beats((seconds - starts[low]) * changes[low].tempo.beatsPerMinute / 60)
  }

  private func index(where holds: (Change) -> Bool) -> Int {
    var low = 0
    var high = changes.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if holds(changes[middle]) { low = middle } else { high = middle }
    }
    return low
  }
}

/// `beats` notes of length 1/`unit` to the bar.
public struct TimeSignature: Hashable, Sendable {
  public var beats: Int
  public var unit: Int

  public init(beats: Int, unit: Int) {
    self.beats = beats
    self.unit = unit
  }

  /// The length of a bar in quarter-note beats.
  public var bar: Beats { Beats(Double(beats * 4) / Double(unit)) }

  public static let common = TimeSignature(beats: 4, unit: 4)
}

/// Something that takes effect at a position and lasts until the next of its kind.
public struct Positioned<Value: Hashable & Sendable>: Hashable, Sendable {
  public var position: Beats
  public var value: Value

  public init(position: Beats, value: Value) {
    self.position = position
    self.value = value
  }
}

/// One instrument's or one hand's notes, in score order.
public struct Part: Hashable, Sendable {
  public var name: String
  public var channel: Channel
  /// General MIDI program 0...127 where one is given.
  public var program: Int?
  public var notes: [Note]

  public init(name: String = "", channel: Channel = .first, program: Int? = nil, notes: [Note] = []) {
    self.name = name
    self.channel = channel
    self.program = program
    self.notes = notes
  }
}

/// A piece of music as read from a score: what styles are learned from and what answers are written as.
public struct Piece: Hashable, Sendable {
  public var title: String
  public var parts: [Part]
  public var tempoMap: TempoMap
  /// In order of position.
  public var keys: [Positioned<Key>]
  /// In order of position.
  public var timeSignatures: [Positioned<TimeSignature>]
  /// Rehearsal marks, phrase marks and the like, in order of position.
  public var markers: [Positioned<String>]

  public init(
    title: String = "", parts: [Part] = [], tempoMap: TempoMap = TempoMap(), keys: [Positioned<Key>] = [],
    timeSignatures: [Positioned<TimeSignature>] = [], markers: [Positioned<String>] = []
  ) {
    self.title = title
    self.parts = parts
    self.tempoMap = tempoMap
    self.keys = keys
    self.timeSignatures = timeSignatures
    self.markers = markers
  }

  /// All parts' notes together, in score order. O(n log n).
  public var notes: [Note] { parts.flatMap(\.notes).sorted(by: Note.inScoreOrder) }
}
