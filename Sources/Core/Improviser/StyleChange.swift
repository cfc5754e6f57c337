// SPDX-License-Identifier: Apache-2.0
// Core/Improviser: a change of style as a take's marker tells it, so that a replay makes it again.
import Scores

/// "style joplin 0.7+bach 0.3 now" or "mix joplin 0.6+bach 0.3+me 0.1 over 8.0": what was asked for, in words that give the
/// very same numbers back.
public struct StyleChange: Hashable, Sendable {
  public enum Kind: Hashable, Sendable {
    case use(Command.Moment)
    case mix(player: Double, over: Duration)
  }

  /// Styles and their weights.
  public let parts: [MixShare]
  public let kind: Kind

  public init(_ styles: [WeightedStyle], _ kind: Kind) {
    parts = styles.map { MixShare(name: $0.name, share: $0.weight) }
    self.kind = kind
  }

  public var marker: String {
    switch kind {
    case .use(let moment):
      let shares = parts.map { parts.count > 1 ? "\($0.name) \($0.share)" : $0.name }
      return "style \(shares.joined(separator: "+"))\(moment == .now ? " now" : "")"
    case .mix(let player, let length):
      let shares = (parts + [MixShare(name: Mix.player, share: player)]).map { "\($0.name) \($0.share)" }
      return "mix \(shares.joined(separator: "+")) over \(length.seconds)"
    }
  }

  /// Nil for any other marker.
  public init?(_ marker: Take.Marker) {
    var text = Substring(marker.text)
    if Self.take("style ", from: &text) {
      let isNow = text.hasSuffix(" now")
      parts = Self.shares(isNow ? text.dropLast(" now".count) : text)
      kind = .use(isNow ? .now : .nextPhrase)
      guard !parts.isEmpty else { return nil }
    } else if Self.take("mix ", from: &text), let length = Self.length(from: &text) {
      let shares = Self.shares(text)
      parts = shares.filter { $0.name != Mix.player }
      kind = .mix(player: shares.first { $0.name == Mix.player }?.share ?? 0, over: length)
      guard !shares.isEmpty else { return nil }
    } else {
      return nil
    }
  }

  /// What to ask the improviser for; `style` finds a style by its name.
  public func command<Failure: Error>(style: (String) throws(Failure) -> WeightedStyle) throws(Failure) -> Command {
    var styles: [WeightedStyle] = []
    for part in parts {
      var known = try style(part.name)
      known.weight = part.share
      styles.append(known)
    }
    switch kind {
    case .use(let moment): return .use(styles, moment)
    case .mix(let player, let length): return .mix(styles, player: player, over: length)
    }
  }

  private static func take(_ prefix: String, from text: inout Substring) -> Bool {
    guard text.hasPrefix(prefix) else { return false }
    text = text.dropFirst(prefix.count)
    return true
  }

  /// Takes " over 8.0" from the end.
  private static func length(from text: inout Substring) -> Duration? {
    let words = text.split(separator: " ", omittingEmptySubsequences: false)
    guard words.count > 2, words[words.count - 2] == "over", let seconds = Double(words[words.count - 1]),
      (0...86400).contains(seconds)
    else { return nil }
    text = text.dropLast(" over ".count + words[words.count - 1].count)
    return .seconds(seconds)
  }

  private static func shares(_ text: Substring) -> [MixShare] {
    text.split(separator: "+").map { part in
      let words = part.split(separator: " ")
      guard words.count > 1, let share = words.last.flatMap({ Double($0) }) else {
        return MixShare(name: String(part), share: 1)
      }
      return MixShare(name: words.dropLast().joined(separator: " "), share: share)
    }
  }
}
