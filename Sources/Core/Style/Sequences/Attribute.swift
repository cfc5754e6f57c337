// SPDX-License-Identifier: Apache-2.0
// Core/Style: what a viewpoint can see of an event.

/// One property of an event as a byte; 0 always means "there is none" (before the first event, no key known).
///
/// An event is an onset group: all notes of one stream that start together. Raw values stand in style files.
public enum Attribute: UInt8, Hashable, Sendable, CaseIterable {
  /// Inter-onset interval from the event before: a `RhythmClass`.
  case interOnset = 0
  /// Inter-onset interval to the event after.
  case nextInterOnset = 1
  /// Twelfth of the beat on which it starts.
  case beat = 2
  /// Quarter of a beat in the bar on which it starts.
  case bar = 3
  /// Melodic interval in semitones from the highest note of the event before to the highest of this, plus 128.
  case interval = 4
  /// The highest note's key number plus 1.
  case pitch = 5
  /// Semitones of the highest note above the tonic, 1...12 in major, 13...24 in minor.
  case degree = 6
  /// Direction and size of the melodic interval: 1...5 leap or step down, same, step or leap up.
  case contour = 7
  /// Number of notes, at most 15.
  case size = 8
  /// The notes below the highest, folded into a byte.
  case shape = 9
  /// The highest note's duration: `Expression.lengthByte`.
  case duration = 10
  /// The mean duration of the notes below it.
  case lowDuration = 11
  /// The highest note's: `Expression.velocity`.
  case velocity = 12
  /// Degree of the highest note that sounds in a stream above, 1...12.
  case above = 13
  /// The key: 1 plus tonic, plus 12 in minor.
  case key = 14
  /// Semitones of the highest note above the tonic nearest to C4, plus 128.
  case tonal = 15
  /// Within an onset group, from the top down: semitones between the last two notes, 0 after the first.
  case gap = 16
  /// Within an onset group: the notes so far, folded into a byte.
  case shapeSoFar = 17
  /// Within an onset group: the notes so far.
  case count = 18
  /// Semitones of the highest note above the first event's, plus 128; known in melodies only.
  case sinceFirst = 19
  /// From the grid to the onset: `Expression.deviation`.
  case deviation = 20
  /// From the highest note's onset to the lowest note's: `Expression.spread`.
  case spread = 21
  /// How loud the notes below the highest are: `Expression.balance`.
  case balance = 22
}

/// What a stream is in its piece. Models are kept apart by role: a bass line is not continued like a melody.
enum Role: Int, CaseIterable {
  case highest = 0
  case lowest = 1
  case inner = 2

  /// Of stream `number` of `count`, counted from the highest down.
  init(stream number: Int, of count: Int) {
    self = number == 0 ? .highest : number == count - 1 ? .lowest : .inner
  }
}

/// The attributes of one event, by raw value.
typealias EventBytes = SIMD32<UInt8>

extension SIMD32<UInt8> {
  subscript(attribute: Attribute) -> UInt8 {
    get { self[Int(attribute.rawValue)] }
    set { self[Int(attribute.rawValue)] = newValue }
  }
}
