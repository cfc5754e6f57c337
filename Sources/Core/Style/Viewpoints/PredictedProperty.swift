// SPDX-License-Identifier: Apache-2.0
// Core/Style: the statistical model. What of an event is predicted, and where in music it can be asked.
import Music

/// A property of events that is predicted on its own, by all viewpoints of its targets together.
public enum PredictedProperty: String, Hashable, Sendable, CaseIterable {
  /// When the next event comes.
  case rhythm
  /// Its highest note.
  case pitch
  /// The notes below, one after the other.
  case chord
  case duration
  /// The mean duration of the notes below.
  case lowDuration
  case velocity
  /// From the grid to the onset.
  case deviation
  /// How loud the notes below are.
  case balance
  /// From the highest note's onset to the lowest note's.
  case spread

  public var targets: [Viewpoint.Target] {
    switch self {
    case .rhythm: [.interOnset]
    case .pitch: [.interval, .tonal, .pitch]
    case .chord: [.gap]
    case .duration: [.duration]
    case .lowDuration: [.lowDuration]
    case .velocity: [.velocity]
    case .deviation: [.deviation]
    case .balance: [.balance]
    case .spread: [.spread]
    }
  }

  var outcomes: Int {
    switch self {
    case .rhythm: RhythmClass.lengths.count
    case .pitch, .chord: 128
    case .duration, .lowDuration: Expression.articulations.count
    case .velocity: Expression.velocity.count
    case .deviation: Expression.deviation.count
    case .balance: Expression.balance.count
    case .spread: Expression.spread.count
    }
  }

  /// What stands for `outcome` in the contexts of `target`; outside 0...255 for nothing.
  func symbol(of outcome: Int, _ target: Viewpoint.Target, _ place: PropertyPlace) -> Int {
    switch target {
    case .interval: outcome - place.former + 128
    case .tonal: Int(EventBytes.tonal(of: outcome, key: place.event[.key]))
    case .gap: outcome
    case .duration, .lowDuration, .interOnset, .pitch, .velocity, .deviation, .balance, .spread: outcome + first
    }
  }

  /// The symbol of outcome 0.
  private var first: Int {
    switch self {
    case .duration, .lowDuration: Int(Expression.firstArticulation)
    case .chord: 0
    case .rhythm, .pitch, .velocity, .deviation, .balance, .spread: 1
    }
  }
}

/// One decision: the event as far as it is known, and what it turned out to be.
struct PropertyPlace {
  /// Only what a viewpoint of the property may see is to be looked at.
  var event: EventBytes
  var index: Int
  /// Key number of the event before; -1 without one.
  var former: Int
  var outcome: Int

  func isKnown(_ target: Viewpoint.Target) -> Bool {
    switch target {
    case .interval: former >= 0
    case .tonal: event[.key] != 0
    default: true
    }
  }
}

extension PredictedProperty {
  /// Every place in `sequence` where this is decided, in order. O(events).
  func places(in sequence: EventSequence) -> [PropertyPlace] {
    if self == .chord { return chordPlaces(in: sequence) }
    let events = sequence.bytes
    return events.indices.compactMap { index in
      let event = events[index]
      // All targets of a property tell the same; where there is nothing to tell the symbol is 0.
      let symbol = Int(self == .pitch ? event[.pitch] : event.symbol(of: targets[0]))
      guard symbol >= first, symbol - first < outcomes else { return nil }
      return PropertyPlace(event: event, index: index, former: Self.former(events, index), outcome: symbol - first)
    }
  }

  private func chordPlaces(in sequence: EventSequence) -> [PropertyPlace] {
    var places: [PropertyPlace] = []
    var next = 0
    for (index, event) in sequence.bytes.enumerated() {
      let former = Self.former(sequence.bytes, index)
      var cursor = event
      cursor[.gap] = 0
      cursor[.count] = 1
      cursor[.shapeSoFar] = 1
      for _ in 1..<max(1, Int(event[.size])) {
        let gap = sequence.gaps[next]
        next += 1
        places.append(PropertyPlace(event: cursor, index: index, former: former, outcome: Int(gap)))
        cursor.add(gap: gap)
      }
      places.append(PropertyPlace(event: cursor, index: index, former: former, outcome: 0))
    }
    return places
  }

  private static func former(_ events: [EventBytes], _ index: Int) -> Int {
    index > 0 ? Int(events[index - 1][.pitch]) - 1 : -1
  }
}
