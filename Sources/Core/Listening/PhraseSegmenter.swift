// SPDX-License-Identifier: Apache-2.0
// Core/Listening: where a phrase ends.
import Music

/// Collects notes into a phrase and says when it is over: every key and pedal up, and silence for a threshold that
/// follows the player.
///
/// The rule. The unit is the median inter-onset interval of the phrase's last 65 onsets; onsets within `chordSpread` count
/// as one. The silence, counted from the last release, is to be `factor` units within `shortest...longest`. It is then
/// moved to the nearest silence within these bounds after which an answer, `anticipation` later, starts a whole number of
/// units after the last onset: where the player's next note would fall. Where the bounds leave room for no such moment (a
/// unit longer than their distance), and for a phrase of a single onset (`single`), nothing is moved.
///
/// A message costs O(1) but for sorting the phrase at its end; asking for the deadline is O(1).
public struct PhraseSegmenter: Sendable {
  public static let chordSpread = InterOnsetIntervals.chordSpread

  private let settings: SegmenterSettings
  /// The notes of the phrase in progress that have ended.
  public private(set) var ended: [PlayedNote] = []
  private var intervals = InterOnsetIntervals()
  /// Of the phrase in progress; nil before any.
  public private(set) var lastRelease: Instant?
  private var sounding = 0

  public init(_ settings: SegmenterSettings = SegmenterSettings()) { self.settings = settings }

  /// No phrase is in progress.
  public var isEmpty: Bool { ended.isEmpty && sounding == 0 }

  /// When the phrase in progress ends if nothing more is played; nil while something sounds or nothing was played.
  /// `isSilent` says whether every key and pedal is up.
  public func deadline(isSilent: Bool) -> Instant? {
    guard isSilent, sounding == 0, !ended.isEmpty, let onset = intervals.last, let release = lastRelease else {
      return nil
    }
    return release + silence(after: release - onset)
  }

  public mutating func began(_ note: PlayedNote) {
    sounding += 1
    intervals.add(note.onset)
  }

  /// Gives the older half of the notes that have ended when the phrase has reached its capacity; the phrase goes on with
  /// the rest.
  public mutating func ended(_ note: PlayedNote) -> Phrase? {
    sounding = max(0, sounding - 1)
    ended.append(note)
    lastRelease = max(lastRelease ?? note.release, note.release)
    guard ended.count >= settings.capacity else { return nil }
    ended.sort(by: PlayedNote.inPlayedOrder)
    let older = ended.prefix(ended.count / 2)
    defer { ended.removeFirst(older.count) }
    return Phrase(Array(older))
  }

  /// The phrase so far; begins a new one. Notes that still sound belong to the new one. Nil when none has ended.
  public mutating func finish() -> Phrase? {
    defer {
      let sounding = sounding
      forget()
      self.sounding = sounding
    }
    return Phrase(ended)
  }

  /// Drops the phrase in progress; notes that sound must be reported no more.
  public mutating func forget() { self = PhraseSegmenter(settings) }

  /// The silence that ends the phrase when the last onset was `held` before the last release.
  private func silence(after held: Duration) -> Duration {
    guard let unit = intervals.median else { return settings.single }
    let wanted = min(settings.longest, max(settings.shortest, .nanoseconds(unit) * settings.factor))
    let before = Double((held + settings.anticipation).nanoseconds)
    func units(_ silence: Duration) -> Double { (before + Double(silence.nanoseconds)) / Double(unit) }
    let least = units(settings.shortest).rounded(.up)
    let most = units(settings.longest).rounded(.down)
    guard least <= most else { return wanted }
    let count = min(most, max(least, units(wanted).rounded()))
    return min(settings.longest, max(settings.shortest, .nanoseconds(Int64(count * Double(unit) - before))))
  }
}
