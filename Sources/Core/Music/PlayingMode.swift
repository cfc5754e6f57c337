// SPDX-License-Identifier: Apache-2.0
// Core/Music: values and units. The ways of playing together, by the names that people use.

/// A way of playing with somebody. What each does is told in `Responding`.
public enum PlayingMode: String, Hashable, Sendable, CaseIterable {
  case answer, trade, accompany, imitate, transform
  case phraseMatch = "phrase-match"
  case morph

  /// Plays while the player plays, beat by beat; the others take turns with the player.
  public var playsAlong: Bool { self == .accompany || self == .phraseMatch }

  /// One sentence without a full stop, for help and documentation.
  public var explanation: String {
    switch self {
    case .answer: "call and response: answers each phrase, on the beat and with the feel of the call"
    case .trade: "trades bars: as many of yours, as many of jamd's, each turn exactly on a bar line"
    case .accompany: "comps while you play, on the beat and in the harmony, where you leave room"
    case .imitate: "gives each phrase back as it was: its timing, pitches and loudness"
    case .transform: "gives each phrase back varied: its rhythm divided or thinned, its melody turned or ornamented"
    case .phraseMatch: "takes up the rhythm of your bars while you play, on the notes of the chord"
    case .morph: "answers between the style and you, as the wheel or time moves it"
    }
  }
}

/// Who is in front.
public enum Role: String, Hashable, Sendable, CaseIterable {
  case lead, support
}
