// SPDX-License-Identifier: Apache-2.0
// Core/Style: against copying and against going round in circles.

/// No `Fingerprint.length` successive events of an answer stand like that in a piece of the mixture's styles, and no
/// pattern goes round and round.
struct Originality {
  private let styles: [Style]
  private let allowsCopies: Bool
  private let allowsLoops: Bool

  init(_ mixture: StyleMixture, allowsCopies: Bool) {
    styles = mixture.parts.map(\.style)
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
    guard index - start + 1 >= Fingerprint.length,
      let print = Fingerprint.ending(at: index, with: event, after: events)
    else { return false }
    return styles.contains { $0.contains(fingerprint: print) }
  }

  /// The most successive events from `start` on that stand like that in pieces of the styles, as far as fingerprints
  /// tell: 0 where none are as many as `Fingerprint.length`. O(events * log n).
  func longestRun(in events: [EventBytes], from start: Int) -> Int {
    var (run, longest) = (0, 0)
    for index in events.indices.dropFirst(start) {
      let isKnown = isKnown(events[index], at: index, after: events, from: start)
      run = isKnown ? max(run + 1, Fingerprint.length) : 0
      longest = max(longest, run)
    }
    return longest
  }
}

enum Loops {
  /// Patterns up to this length are watched.
  private static let longest = 8

  /// The pitches that would make the answer, which began at `start`, play a pattern a third time in a row, or one note a
  /// sixth time. O(1).
  static func continuations(of events: [EventBytes], from start: Int, interOnset: UInt8) -> [Int] {
    (1...longest).compactMap { length in
      // With the event to come, `repeats` times the pattern.
      let repeats = length == 1 ? 6 : 3
      let first = events.count - length * repeats + 1
      guard first > start, events[events.count - length][.interOnset] == interOnset else { return nil }
      for index in first..<(events.count - length) where !isSame(events[index], events[index + length]) { return nil }
      let interval = Int(events[events.count - length][.interval]) - 128
      return Int(events[events.count - 1][.pitch]) - 1 + interval
    }
  }

  private static func isSame(_ a: EventBytes, _ b: EventBytes) -> Bool {
    a[.interval] == b[.interval] && a[.interOnset] == b[.interOnset]
  }
}
