// SPDX-License-Identifier: Apache-2.0
// Core/Scores: what a session's journal holds, one entry after the other.
import Music

/// Something that happened in a session, and when.
public struct JournalEntry: Hashable, Sendable {
  public enum Event: Hashable, Sendable {
    /// The first entry: when the session began, in milliseconds since 1970-01-01 UTC, and the channel of its answers.
    case opened(wallClock: Int64, answers: Channel)
    /// A keyboard sent a message; keyboard 0 is the JACK port.
    case heard(MIDIMessage, keyboard: UInt32)
    /// The name of a keyboard, for people.
    case named(String, keyboard: UInt32)
    /// Unplugged: what it held counts as released.
    case gone(keyboard: UInt32)
    /// A note of an answer as it was planned; its onset may lie ahead, counted like the entry's own time. `seat` is that of
    /// the player whom it answers.
    case planned(
      pitch: Pitch, velocity: Velocity, onset: Duration, duration: Duration, generation: UInt32, seat: UInt8 = 0)
    /// The player of this keyboard has this seat from now on, where keyboards are apart.
    case seated(keyboard: UInt32, seat: UInt8)
    /// From now on nothing of a generation before this one sounds.
    case cancelled(before: UInt32)
    /// For people, and for a replay: phrases, styles, modes, panic.
    case marker(String)
    /// Nothing happened, but the session goes on: what was planned up to here was played.
    case alive
    /// So many entries are missing here, because they could not be written in time.
    case lost(UInt32)
    /// The last entry of a session that ended in good order.
    case closed
  }

  /// From the start of the session; not negative.
  public var time: Duration
  public var event: Event

  public init(time: Duration, _ event: Event) {
    self.time = time
    self.event = event
  }
}

/// The journal of a session: an append-only file of checksummed records.
///
/// A writer appends `start` and then every entry's `encoded()`; whatever of that reaches the disk can be read.
public enum Journal {
  /// Journals of the first version have no seats.
  static let versions: ClosedRange<UInt32> = 1...2
  /// "jamdjrnl" and the version of the format.
  public static let start: [UInt8] = Array("jamdjrnl".utf8) + [2, 0, 0, 0]
  /// Bytes of the longest text; longer ones are cut.
  public static let longestText = 512

  static let headerSize = 16
}
