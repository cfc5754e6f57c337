// SPDX-License-Identifier: Apache-2.0
// Core/Style: against copying and against going round in circles.

/// No `Fingerprint.length` successive events of an answer stand like that in a piece of the mixture's styles, and no
/// pattern goes round and round.
struct Originality {
  private let styles: [Style]
  /// Of each of `styles` its place among the parts that the mixture was made of.
  private let numbers: [Int]
  private let allowsCopies: Bool
  private let allowsLoops: Bool

  init(_ mixture: StyleMixture, allowsCopies: Bool) {
    styles = mixture.parts.map(\.style)
    numbers = mixture.parts.map(\.number)
    self.allowsCopies = allowsCopies
    allowsLoops = mixture.allowsLoops
  }

  /// `Loops.continuations` where there is a guard against them.
  func loops(of events: [EventBytes], from start: Int, interOnset: UInt8) -> [Int] {
    allowsLoops ? [] : Loops.continuations(of: events, from: start, interOnset: interOnset)
  }

  /// Whether `event`, put at `index` after `events`, completes a run of events from `start` on that a style knows.
  func isCopy(_ event: EventBytes, at index: Int, after events: [EventBytes], from start: Int) -> Bool {
    !allowsCopies && isKnown(event, at: index, after: events, from: start)
  }

  private func isKnown(_ event: EventBytes, at index: Int, after events: [EventBytes], from start: Int) -> Bool {
    guard let print = Self.print(event, at: index, after: events, from: start) else { return false }
    return styles.contains { $0.contains(fingerprint: print) }
  }

  /// Of the `Fingerprint.length` events that end with `event`; nil before there are so many from `start` on.
  private static func print(_ event: EventBytes, at index: Int, after events: [EventBytes], from start: Int) -> UInt32?
  {
    index - start + 1 >= Fingerprint.length ? Fingerprint.ending(at: index, with: event, after: events) : nil
  }

  /// The most successive events from `start` on that stand like that in pieces of one style, as far as fingerprints tell,
  /// and the style's place in the mixture; nil where none are as many as `Fingerprint.length`. O(events * styles * log n).
  func longestRun(in events: [EventBytes], from start: Int) -> CopiedRun? {
    let prints = events.indices.dropFirst(start).map { Self.print(events[$0], at: $0, after: events, from: start) }
    var longest: CopiedRun?
    for (number, style) in styles.enumerated() {
      var run = 0
      for print in prints {
        run = print.map(style.contains(fingerprint:)) == true ? max(run + 1, Fingerprint.length) : 0
        if run > longest?.events ?? 0 { longest = CopiedRun(events: run, style: numbers[number]) }
      }
    }
    return longest
  }
}

enum Loops {
  /// Patterns up to this length are watched.
  private static let longest = 8

  /// The pitches that would make the answer, which began at `start`, play a pattern a third time in a row, or one note a
  /// sixth time in whatever rhythm. O(1).
  static func continuations(of events: [EventBytes], from start: Int, interOnset: UInt8) -> [Int] {
    (1...longest).compactMap { length in
      // With the event to come, `repeats` times the pattern.
      let repeats = length == 1 ? 6 : 3
      let first = events.count - length * repeats + 1
      guard first > start, length == 1 || events[events.count - length][.interOnset] == interOnset else { return nil }
      for index in first..<(events.count - length) where !isSame(events[index], events[index + length], length) {
        return nil
      }
      let interval = Int(events[events.count - length][.interval]) - 128
      // A scale is no circle.
      guard length > 1 || interval == 0 || isInOneRhythm(events[first...]) else { return nil }
      return Int(events[events.count - 1][.pitch]) - 1 + interval
    }
  }

  private static func isInOneRhythm(_ events: ArraySlice<EventBytes>) -> Bool {
    events.allSatisfy { $0[.interOnset] == events[events.startIndex][.interOnset] }
  }

  private static func isSame(_ a: EventBytes, _ b: EventBytes, _ length: Int) -> Bool {
    a[.interval] == b[.interval] && (length == 1 || a[.interOnset] == b[.interOnset])
  }
}
