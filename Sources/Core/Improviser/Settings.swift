// SPDX-License-Identifier: Apache-2.0
// Core/Improviser: how it is to play along.
import Listening
import Music
import Style

/// Values that make no sense are moved to the nearest that do.
public struct Settings: Hashable, Sendable {
  public let segmenter: SegmenterSettings
  /// Share of the player's own model in an answer, 0...1. At 0 nothing of the player is learned.
  public let playerWeight: Double
  /// From the decision to the answer's first onset, at most 20 ms.
  public let lead: Duration
  /// The answer plays on when the player starts again.
  public let overlap: Bool
  /// Above 1 bolder, below 1 more predictable.
  public let temperature: Double
  /// Each choice of an answer looks at no more than so many properties of what came before, 1...7: the higher, the
  /// closer to the style; the lower, the freer.
  public let order: Int
  /// Answers may have more than eight successive events from one place of a piece.
  public let allowsCopies: Bool
  /// The way of playing at the beginning.
  public let playing: PlayingSettings

  public init(
    segmenter: SegmenterSettings = SegmenterSettings(), playerWeight: Double = 0.3,
    lead: Duration = .milliseconds(10), overlap: Bool = false, temperature: Double = 1,
    order: Int = Viewpoint.highestOrder, allowsCopies: Bool = false,
    playing: PlayingSettings = PlayingSettings()
  ) {
    self.segmenter = segmenter
    self.playerWeight = playerWeight.isFinite ? min(1, max(0, playerWeight)) : 0.3
    self.lead = min(.milliseconds(20), max(.zero, lead))
    self.overlap = overlap
    self.temperature = temperature.isFinite ? min(100, max(0, temperature)) : 1
    self.order = min(Viewpoint.highestOrder, max(1, order))
    self.allowsCopies = allowsCopies
    self.playing = playing
  }
}
