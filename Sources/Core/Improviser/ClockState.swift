// SPDX-License-Identifier: Apache-2.0
// Core/Improviser: what is known of a clock that somebody else keeps.
import Music

/// A clock from outside at the moment at which it is told: a MIDI clock, or JACK's transport. It gives the beat for as
/// long as it runs.
public enum ClockState: Hashable, Sendable {
  /// It stands `at` so many beats from the beginning of the piece now.
  case running(Tempo, at: Beats, in: TimeSignature?)
  /// By whoever leads: everybody stops.
  case stopped
  /// Gone without a stop: what is heard counts.
  case lost

  func grid(at now: Instant) -> BeatGrid? {
    guard case .running(let tempo, let position, let metre) = self else { return nil }
    return BeatGrid(tempo: tempo, anchor: now, origin: position, metre: metre)
  }

  /// The same clock, told so much later.
  public func later(by duration: Duration) -> ClockState {
    guard case .running(let tempo, let position, let metre) = self else { return self }
    return .running(tempo, at: position + tempo.beats(in: duration), in: metre)
  }
}

/// In words that give the very same state back.
extension ClockState: LosslessStringConvertible {
  /// Beats beyond which nobody counts: a year of them at 300 a minute.
  private static let farthest = 2e8

  public var description: String {
    switch self {
    case .running(let tempo, let position, let metre):
      "\(tempo.beatsPerMinute) at \(position.count)" + (metre.map { " in \($0.beats)/\($0.unit)" } ?? "")
    case .stopped: "stopped"
    case .lost: "lost"
    }
  }

  public init?(_ text: String) {
    let words = text.split(separator: " ")
    switch (words.first, words.count) {
    case ("stopped", 1): self = .stopped
    case ("lost", 1): self = .lost
    case (let tempo?, 3...5):
      guard words.count != 4, words[1] == "at", let tempo = Double(tempo).flatMap({ Tempo(beatsPerMinute: $0) }),
        let position = Double(words[2]), position.magnitude <= Self.farthest
      else { return nil }
      guard words.count == 5 else {
        self = .running(tempo, at: Beats(position), in: nil)
        return
      }
      guard words[3] == "in", let metre = Self.metre(words[4]) else { return nil }
      self = .running(tempo, at: Beats(position), in: metre)
    default: return nil
    }
  }

  private static func metre(_ text: Substring) -> TimeSignature? {
    let numbers = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
    guard numbers.count == 2, let beats = numbers[0], let unit = numbers[1],
      (1...64).contains(beats), (1...64).contains(unit)
    else { return nil }
    return TimeSignature(beats: beats, unit: unit)
  }
}
