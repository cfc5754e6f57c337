// SPDX-License-Identifier: Apache-2.0
// Core/Listening: where a phrase ends.
import Music

/// How long a silence ends a phrase.
public struct SegmenterSettings: Hashable, Sendable {
  /// No silence shorter than this ends a phrase, every silence longer than `longest` does.
  public var shortest: Duration
  public var longest: Duration
  /// Between them: this many median inter-onset intervals of the phrase.
  public var factor: Double
  /// A phrase of so many notes ends without a silence, so that memory stays bounded.
  public var capacity: Int

  public init(
    shortest: Duration = .milliseconds(250), longest: Duration = .milliseconds(1500), factor: Double = 2,
    capacity: Int = 4096
  ) {
    self.shortest = shortest
    self.longest = max(shortest, longest)
    self.factor = factor
    self.capacity = max(1, capacity)
  }
}

/// Collects notes into a phrase and says when it is over: every key and pedal up, and silence for a threshold that
/// follows the player.
///
/// The threshold counts from the last release. It is `factor` median inter-onset intervals, within the bounds; the end is
/// then moved to the nearest whole number of those intervals after the last onset that keeps to the bounds, because that
/// is where the next note would be expected. Onsets within `chordSpread` of each other count as one.
///
/// Adding a note is O(log n) amortised, asking for the deadline O(1).
public struct PhraseSegmenter: Sendable {
  public static let chordSpread = Duration.milliseconds(30)

  private let settings: SegmenterSettings
  private var ended: [PlayedNote] = []
  private var onsets: [Instant] = []
  private var lastRelease: Instant?
  private var sounding = 0

  public init(_ settings: SegmenterSettings = SegmenterSettings()) { self.settings = settings }

  public var isEmpty: Bool { ended.isEmpty && sounding == 0 }

  /// When the phrase in progress ends if nothing more is played; nil while something sounds or nothing was played.
  /// `isSilent` says whether every key and pedal is up.
  public func deadline(isSilent: Bool) -> Instant? {
    guard isSilent, sounding == 0, let release = lastRelease, let onset = onsets.last, !ended.isEmpty else {
      return nil
    }
    return release + silence(after: onset, release)
  }

  public mutating func began(_ note: PlayedNote) {
    sounding += 1
    if let last = onsets.last, note.onset - last < Self.chordSpread { return }
    onsets.append(note.onset)
  }

  /// Gives the phrase when it has reached its capacity.
  public mutating func ended(_ note: PlayedNote) -> Phrase? {
    sounding = max(0, sounding - 1)
    ended.append(note)
    lastRelease = max(lastRelease ?? note.release, note.release)
    return ended.count >= settings.capacity ? finish() : nil
  }

  /// The phrase so far; begins a new one. Notes that still sound belong to the new one.
  public mutating func finish() -> Phrase? {
    defer { self = PhraseSegmenter(settings, sounding: sounding) }
    return Phrase(ended)
  }

  public mutating func forget() { self = PhraseSegmenter(settings) }

  private init(_ settings: SegmenterSettings, sounding: Int) {
    self.settings = settings
    self.sounding = sounding
  }

  /// The silence after `release` that ends the phrase.
  private func silence(after onset: Instant, _ release: Instant) -> Duration {
    guard let unit = medianInterOnsetInterval else { return (settings.shortest + settings.longest) / 2 }
    let wanted = min(settings.longest, max(settings.shortest, unit * settings.factor))
    let held = release - onset
    let steps = ((held + wanted) / unit).rounded()
    let aligned = unit * steps - held
    return (settings.shortest...settings.longest).contains(aligned) ? aligned : wanted
  }

  /// Nil for fewer than two onsets.
  private var medianInterOnsetInterval: Duration? {
    guard onsets.count > 1 else { return nil }
    let recent = onsets.suffix(65)
    let intervals = zip(recent.dropFirst(), recent).map { $0 - $1 }.sorted()
    return max(.milliseconds(1), intervals[intervals.count / 2])
  }
}
