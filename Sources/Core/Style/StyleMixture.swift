// SPDX-License-Identifier: Apache-2.0
// Core/Style: styles and the player, mixed.
import Music

/// Any number of styles and the player's own model, each with its weight.
public struct StyleMixture: Sendable {
  let parts: [(style: Style, weight: Double)]
  let playerWeight: Double
  /// More than eight successive events may come from one place of a piece.
  public var allowsCopies = false

  /// Nil when a weight is negative or not finite, or when none is above zero. A part of weight 0 costs nothing.
  public init?(parts: [(style: Style, weight: Double)], playerWeight: Double) {
    let weights = parts.map(\.weight) + [playerWeight]
    guard weights.allSatisfy({ $0.isFinite && $0 >= 0 }), weights.contains(where: { $0 > 0 }) else { return nil }
    self.parts = parts.filter { $0.weight > 0 }
    self.playerWeight = playerWeight
  }

  /// Continues `request.context`: notes in score order, beat 0 at the first onset, at least one. Deterministic for the
  /// state of `random`. No pitch outside the range; the last onset's highest note on one of the endings where the range
  /// holds one.
  public func continuation(
    of request: ContinuationRequest, player: borrowing PlayerModel, using random: inout RandomSource
  ) -> [Note] {
    compose(request, player: player, using: &random).notes
  }

  /// `continuation`, with an account of what it cost.
  public func compose(
    _ request: ContinuationRequest, player: borrowing PlayerModel, using random: inout RandomSource
  ) -> Continuation {
    var composer = Composer(mixture: self, request: request)
    return composer.compose(player: player, using: &random)
  }
}

/// A continuation and how it came about.
public struct Continuation: Hashable, Sendable {
  /// A wish of the request that could not be fulfilled, from the least important on.
  public enum Wish: UInt8, Hashable, Sendable, CaseIterable {
    case originality, ending
  }

  /// In score order.
  public var notes: [Note]
  /// How often a wish had to be dropped for a note.
  public var dropped: [Wish: Int]
}
