// SPDX-License-Identifier: Apache-2.0
// Core/Listening, whole pieces: a performance as what keys do.
import Music

/// Presses and releases of notes in order of time, releases first, to be passed on up to a moment.
struct KeyEvents: Sendable {
  struct Event: Sendable {
    var at: Instant
    var note: PlayedNote
    var isPress: Bool
  }

  private let events: [Event]
  private var next = 0

  init(_ notes: [PlayedNote]) {
    let events = notes.flatMap { note in
      [Event(at: note.onset, note: note, isPress: true), Event(at: note.release, note: note, isPress: false)]
    }
    self.events = events.enumerated().sorted { a, b in
      if a.element.at != b.element.at { return a.element.at < b.element.at }
      return a.element.isPress == b.element.isPress ? a.offset < b.offset : !a.element.isPress
    }.map(\.element)
  }

  mutating func pass(until limit: Instant, _ body: (Event) -> Void) {
    while next < events.count, events[next].at < limit {
      body(events[next])
      next += 1
    }
  }

  mutating func pass(until limit: Instant, into tracker: inout ChordTracker) {
    while next < events.count, events[next].at < limit {
      let event = events[next]
      if event.isPress {
        tracker.press(event.note.pitch, event.note.velocity, at: event.at)
      } else {
        tracker.release(event.note.pitch, at: event.at)
      }
      next += 1
    }
  }
}
