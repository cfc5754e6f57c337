// SPDX-License-Identifier: Apache-2.0
// Core/Improviser: what comes out of the improviser.
import Music

/// Counts answers, so that everything of a stale one can be cancelled by number.
public struct Generation: Hashable, Comparable, Sendable {
  public let number: UInt32

  public init(_ number: UInt32) { self.number = number }

  public static func < (a: Generation, b: Generation) -> Bool { a.number < b.number }
}

public enum Action: Hashable, Sendable {
  /// Sound this note; its release is part of it. Onsets of one generation come in order.
  case play(PlayedNote, Generation)
  /// From `at` on nothing of a generation before this one starts, and exactly its sounding notes are released.
  case cancel(before: Generation, at: Instant)
  case report(Report, at: Instant)
}

/// Successive events of an answer, more than may be copied, that stand like that in a piece that a style has learned.
public struct CopiedEvents: Hashable, Sendable, CustomStringConvertible {
  public var count: Int
  public var style: String

  public init(count: Int, style: String) {
    self.count = count
    self.style = style
  }

  public var description: String { "\(count) events in a row are as in a piece of \(style)" }
}

/// What happened, for status, `jam watch`, the log and the recorder.
public enum Report: Hashable, Sendable {
  /// Where keyboards are apart: what is told from now on is of this one's player, whose answers have this number as their
  /// channel.
  case seated(Keyboard, Channel)
  case phraseBegan
  case phraseEnded(Phrase, tempo: Tempo, key: Key?)
  /// The player's own model has learned the phrase that ended as these notes, in beats and without its swing, and holds
  /// `total` notes.
  case learned(notes: [Note], total: Int)
  /// `notes` is the whole answer as planned.
  case answered(notes: [PlayedNote], Generation, styles: [String], copied: CopiedEvents? = nil)
  /// A beat of playing along, as planned.
  case playedAlong(notes: [PlayedNote], Generation, styles: [String])
  case yielded(Generation)
  case modeChanged(PlayingMode)
  /// A controller of MIDI is this parameter's from now on.
  case controlLearned(Parameter, controller: UInt8)
  case stopped
  /// An answer was asked for while this mode plays along.
  case answersNothing(PlayingMode)
  case styleChanged([String])
  /// The shares that the mix now moves to.
  case mixed([MixShare], over: Duration)
  case panicked
}
