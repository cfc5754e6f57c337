// SPDX-License-Identifier: Apache-2.0
// Core/Style: the mixture's probabilities of one property of an event.
import Music

/// Asks every viewpoint of every source about one property. Working memory for one continuation; not thread safe.
struct Predictor {
  private let mixture: StyleMixture
  private var distribution = SymbolDistribution()

  init(_ mixture: StyleMixture) { self.mixture = mixture }

  /// The event to predict, and what precedes it.
  struct Place {
    var event: EventBytes
    var events: [EventBytes]
    /// Key number of the event before; -1 without one.
    var former: Int
  }

  /// Combines what all sources say of `targets` into `combination`; `symbol` names the symbol of an outcome for a target,
  /// 0...255, where 0 stands for the end of an onset group or for nothing.
  mutating func predict(
    _ targets: [Viewpoint.Target], _ place: Place, player: borrowing PlayerModel, into combination: inout Combination,
    symbol: (Viewpoint.Target, Int) -> Int
  ) {
    combination.begin()
    for part in mixture.parts {
      combination.beginSource()
      for (viewpoint, counts) in zip(part.style.viewpoints, part.style.counts) where targets.contains(viewpoint.target)
      {
        consult(viewpoint, counts, place, &combination, symbol)
      }
      combination.add(weight: part.weight)
    }
    if mixture.playerWeight > 0, player.notesHeld > 0 {
      combination.beginSource()
      for number in player.viewpoints.indices where targets.contains(player.viewpoints[number].target) {
        consult(player.viewpoints[number], player.counts[number], place, &combination, symbol)
      }
      combination.add(weight: mixture.playerWeight)
    }
    combination.finish()
  }

  private mutating func consult<Counts: ContextCounts>(
    _ viewpoint: Viewpoint, _ counts: Counts, _ place: Place, _ combination: inout Combination,
    _ symbol: (Viewpoint.Target, Int) -> Int
  ) {
    guard counts.count > 0 else { return }
    let target = viewpoint.target
    if target == .interval && place.former < 0 || target == .tonal && place.event[.key] == 0 { return }
    let key = viewpoint.key(of: place.event, at: place.events.count, after: place.events)
    distribution.predict(key, orders: viewpoint.context.count, from: counts)
    // Absolute pitch is a matter of instrument and register rather than of style.
    let exponent = target == .pitch ? 0.25 : target == .tonal ? 0.5 : 1
    combination.multiply(distribution, exponent: exponent) { symbol(target, $0) }
  }
}
