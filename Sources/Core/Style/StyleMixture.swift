// SPDX-License-Identifier: Apache-2.0
// Core/Style: styles and the player, mixed.
import Music

/// Any number of styles and the player's own model, each with its weight, which may move in the course of a continuation.
public struct StyleMixture: Sendable {
  /// A weight that goes in a straight line from one value to another.
  struct Ramp: Hashable, Sendable {
    let from: Double
    let to: Double
    /// Where it begins and ends, in beats of the continuation.
    let begin: Double
    let end: Double

    func value(at position: Double) -> Double {
      if position >= end { return to }
      if position <= begin { return from }
      return from + (to - from) * (position - begin) / (end - begin)
    }
  }

  /// One source and its weight before and after a change.
  public struct Part: Sendable {
    public var style: Style
    public var before: Double
    public var after: Double

    public init(style: Style, before: Double, after: Double) {
      self.style = style
      self.before = before
      self.after = after
    }
  }

  /// `number` is the place among the parts it was made of: those without a weight are left out.
  let parts: [(style: Style, weight: Ramp, number: Int)]
  let playerWeight: Ramp
  /// More than eight successive events may come from one place of a piece.
  public var allowsCopies = false
  /// Without the guard against loops: for tests of what it is good for.
  package var allowsLoops = false

  /// Nil when a weight is negative or not finite, or when none is above zero. A part of weight 0 costs nothing.
  public init?(parts: [(style: Style, weight: Double)], playerWeight: Double) {
    self.init(
      parts: parts.map { Part(style: $0.style, before: $0.weight, after: $0.weight) },
      player: (playerWeight, playerWeight), moving: .zero, to: .zero)
  }

  /// The weights go from `before` to `after` in a straight line between two positions of the continuation, and are looked
  /// up anew for every decision (when, how high, how many, how long, how loud). A part costs nothing where its
  /// weight is 0. Where nobody had a weight before, those after count from the beginning. Nil when a weight is negative or
  /// not finite, or none is above zero after.
  public init?(parts: [Part], player: (before: Double, after: Double), moving begin: Beats, to end: Beats) {
    let hadWeights = parts.contains { !($0.before == 0) } || !(player.before == 0)
    let before = hadWeights ? parts.map(\.before) + [player.before] : parts.map(\.after) + [player.after]
    let after = parts.map(\.after) + [player.after]
    guard (before + after).allSatisfy({ $0.isFinite && $0 >= 0 }), after.contains(where: { $0 > 0 }),
      begin.count.isFinite, end.count.isFinite
    else { return nil }
    let (begin, end) = (begin.count, max(begin.count, end.count))
    self.parts = zip(parts, before).enumerated().filter { $1.0.after > 0 || $1.1 > 0 }.map { number, part in
      (part.0.style, Ramp(from: part.1, to: part.0.after, begin: begin, end: end), number)
    }
    playerWeight = Ramp(from: before[before.count - 1], to: player.after, begin: begin, end: end)
  }

  /// Continues `request.context`: notes in score order, beat 0 at the first onset, at least one. Deterministic for the
  /// state of `random`. No pitch outside the range; each other constraint of the request holds wherever a more important
  /// one leaves it a pitch.
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

/// Successive events that stand like that in a piece that a style has learned.
public struct CopiedRun: Hashable, Sendable {
  public var events: Int
  /// The style's place among the parts that the mixture was made of.
  public var style: Int
}

/// A continuation and how it came about.
public struct Continuation: Hashable, Sendable {
  /// A wish of the request that could not be fulfilled, from the least important on.
  public enum Wish: UInt8, Hashable, Sendable, CaseIterable {
    /// No more than eight successive events from one place of a piece.
    case originality
    /// The lower hand stays below the upper one.
    case voices
    case harmony, allowed, ending, given
  }

  /// In score order.
  public var notes: [Note]
  /// How often a wish had to be dropped for a note.
  public var dropped: [Wish: Int]
  /// The most successive events of one hand that stand like that in a piece; nil where none are more than may be copied.
  public var copied: CopiedRun?
  /// How many times a viewpoint of a style or of the player was asked.
  public var consultations: Int
}
