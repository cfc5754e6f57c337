// SPDX-License-Identifier: Apache-2.0
// Core/Style: the mixture's probabilities of one property of an event.
import Music

/// Asks every viewpoint of every source about one property. Working memory for one continuation; not thread safe.
struct Predictor {
  /// Room for every pitch, class and gap.
  static let capacity = 128
  /// The player's model counts in full when it holds many more notes than this.
  private static let playerHalf = 50.0

  private let mixture: StyleMixture
  /// How many viewpoints of all sources were asked so far.
  private(set) var consultations = 0
  private var opinion = OutcomeDistribution(capacity: capacity, sampleLimit: 192)
  private var blend = Blend(capacity: capacity)

  /// No viewpoint looks at more of its context than `order` steps.
  private let order: Int

  init(_ mixture: StyleMixture, order: Int? = nil) {
    self.mixture = mixture
    self.order = max(0, order ?? Viewpoint.highestOrder)
  }

  /// The event to predict, and what precedes it: the first `index` of `events`.
  struct Place {
    var event: EventBytes
    var index: Int
    var events: [EventBytes]
    /// Key number of the event before; -1 without one.
    var former: Int
    var role: Role
    /// Beats from the beginning of the continuation.
    var position = 0.0

    func isKnown(_ target: Viewpoint.Target) -> Bool {
      switch target {
      case .interval: former >= 0
      case .tonal: event[.key] != 0
      default: true
      }
    }
  }

  /// The first `outcomes` of them answer the last `predict`.
  var probabilities: [Double] { blend.probabilities }
  /// False where no source knew anything, and the probabilities are all alike.
  var isInformed: Bool { blend.isInformed }

  /// Whether anybody in the mixture has learned anything of `target`. O(viewpoints).
  func knows(_ target: Viewpoint.Target, player: borrowing PlayerModel) -> Bool {
    let isKnown = mixture.parts.contains { part in
      part.style.numbers(of: target).contains { number in
        Role.allCases.contains { !part.style.counts[Stores.index(viewpoint: number, $0)].isEmpty }
      }
    }
    if isKnown { return true }
    guard player.notesHeld > 0 else { return false }
    for number in player.viewpoints.indices where player.viewpoints[number].target == target {
      for role in Role.allCases where !player.counts[Stores.index(viewpoint: number, role)].isEmpty { return true }
    }
    return false
  }

  /// `symbol` names the symbol of an outcome for a target; outside 0...255 for none.
  mutating func predict(
    _ targets: [Viewpoint.Target], _ place: Place, outcomes: Int, player: borrowing PlayerModel,
    symbol: (Viewpoint.Target, Int) -> Int
  ) {
    let known = targets.filter(place.isKnown)
    let maps = known.map { target in OutcomeMap(count: outcomes) { symbol(target, $0) } }
    blend.begin(outcomes: outcomes)
    for part in mixture.parts {
      let share = part.weight.value(at: place.position)
      guard share > 0 else { continue }
      let style = part.style
      blend.beginSource()
      for (target, map) in zip(known, maps) {
        let numbers = style.numbers(of: target)
        for number in numbers {
          let store = Stores.index(viewpoint: number, place.role) { !style.counts[$0].isEmpty }
          consult(style.viewpoints[number], style.counts[store], place, map, among: numbers.count)
        }
      }
      blend.endSource(share: share)
    }
    let playerShare = mixture.playerWeight.value(at: place.position)
    if playerShare > 0, player.notesHeld > 0 {
      blend.beginSource()
      for (target, map) in zip(known, maps) {
        let numbers = player.viewpoints.indices.filter { player.viewpoints[$0].target == target }
        for number in numbers {
          let store = Stores.index(viewpoint: number, place.role) { !player.counts[$0].isEmpty }
          consult(player.viewpoints[number], player.counts[store], place, map, among: numbers.count)
        }
      }
      let held = Double(player.notesHeld)
      blend.endSource(share: playerShare * held / (held + Self.playerHalf))
    }
    blend.finish()
  }

  private mutating func consult<Counts: ContextCounts>(
    _ viewpoint: Viewpoint, _ counts: Counts, _ place: Place, _ map: OutcomeMap, among experts: Int
  ) {
    guard !counts.isEmpty else { return }
    consultations += 1
    let key = viewpoint.key(of: place.event, at: place.index, after: place.events)
    opinion.predict(
      key, orders: min(order, viewpoint.context.count), from: counts, map, countsLongest: viewpoint.target.isExpressive)
    blend.multiply(opinion, weight: Trust.weight(viewpoint.target, order: opinion.order, among: experts))
  }
}
