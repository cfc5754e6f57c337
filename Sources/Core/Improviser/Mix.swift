// SPDX-License-Identifier: Apache-2.0
// Core/Improviser: who takes part in the answers, and how much.
import Music
import Style

/// Any number of styles and the player, each with a share; shares add up to 1 at every moment, and move from one mix to
/// the next in a straight line over real time.
public struct Mix: Sendable {
  public struct Part: Sendable {
    /// Nil for the player.
    public var style: WeightedStyle?
    /// The share before the latest change, and after it.
    var former: Double
    public var share: Double

    public var name: String { style?.name ?? Mix.player }
  }

  /// The player's name in a mix. No style can be called so.
  public static let player = "me"

  public private(set) var parts: [Part]
  private var start = Instant.zero
  private var end = Instant.zero

  /// The player's share is of the whole, whatever the styles' weights add up to; weights that are not above zero count as
  /// none.
  public init(_ styles: [WeightedStyle], player: Double) {
    let shares = Self.shares(of: styles, player: player)
    parts = shares.map { Part(style: $0.style, former: $0.share, share: $0.share) }
  }

  /// Styles with a share now or later, and their final weights.
  public var styles: [WeightedStyle] {
    parts.compactMap { part in
      part.style.map { WeightedStyle(name: $0.name, style: $0.style, weight: part.share) }
    }
  }

  /// Styles that have a share at `instant` or go on to have one.
  public func names(at instant: Instant) -> [String] {
    parts.filter { $0.style != nil && max($0.share, share(of: $0, at: instant)) > 0 }.map(\.name)
  }

  /// Every part's share at `instant`, where it has one.
  public func shares(at instant: Instant) -> [MixShare] {
    parts.map { MixShare(name: $0.name, share: share(of: $0, at: instant)) }.filter { $0.share > 0 }
  }

  public func share(of part: Part, at instant: Instant) -> Double {
    if instant >= end { return part.share }
    if instant <= start { return part.former }
    return part.former + (part.share - part.former) * ((instant - start) / (end - start))
  }

  /// Moves to `styles` and `player`, beginning at `now` from the shares that were reached. Who has no share before and none
  /// after is dropped.
  public mutating func move(to styles: [WeightedStyle], player: Double, from now: Instant, over length: Duration) {
    var reached = parts.map { (part: $0, share: share(of: $0, at: now)) }
    var moved: [Part] = []
    for (style, share) in Self.shares(of: styles, player: player) {
      let index = reached.firstIndex { $0.part.isSame(as: style) }
      let former = index.map { reached.remove(at: $0).share } ?? 0
      moved.append(Part(style: style, former: former, share: share))
    }
    moved += reached.filter { $0.share > 0 }.map { Part(style: $0.part.style, former: $0.share, share: 0) }
    if length <= .zero {
      moved = moved.filter { $0.share > 0 }.map { Part(style: $0.style, former: $0.share, share: $0.share) }
    }
    (parts, start, end) = (moved, now, now + max(.zero, length))
  }

  /// For a continuation that begins at `instant`; nil where nobody has a share.
  func mixture(from instant: Instant, at tempo: Tempo) -> StyleMixture? {
    let player = parts.first { $0.style == nil }
    return StyleMixture(
      parts: parts.compactMap { part in
        part.style.map { StyleMixture.Part(style: $0.style, before: part.former, after: part.share) }
      },
      player: (before: player?.former ?? 0, after: player?.share ?? 0),
      moving: tempo.beats(in: start - instant), to: tempo.beats(in: end - instant))
  }

  private static func shares(
    of styles: [WeightedStyle], player: Double
  ) -> [(style: WeightedStyle?, share: Double)] {
    let parts = styles.filter { $0.weight.isFinite && $0.weight > 0 }
    let sum = parts.reduce(0) { $0 + $1.weight }
    let player = min(1, max(0, player))
    let own = sum > 0 ? player : player > 0 ? 1 : 0
    return parts.map { ($0, $0.weight / sum * (1 - own)) } + (own > 0 ? [(nil, own)] : [])
  }
}

/// A part's name and what it has of the whole, 0...1.
public struct MixShare: Hashable, Sendable {
  public var name: String
  public var share: Double

  public init(name: String, share: Double) {
    self.name = name
    self.share = share
  }
}

extension Mix.Part {
  /// The very same statistics, not only the same name: a style that was replaced by another of its name moves to it.
  fileprivate func isSame(as other: WeightedStyle?) -> Bool {
    style?.name == other?.name && style?.style === other?.style
  }
}
