// SPDX-License-Identifier: Apache-2.0
// Core/Style: what followed one context.

/// How often each outcome followed one context, and what that makes of the probabilities. Only outcomes that occurred are
/// counted: most contexts know few. Plain memory, because checks would cost as much as the work.
final class OutcomeTally: @unchecked Sendable {
  typealias Lanes = FastMath.Lanes

  let capacity: Int
  let rows: UnsafeMutablePointer<Lanes>
  private var rowCount = 0
  private let probabilities: UnsafeMutablePointer<Float>
  /// The first `count` of these occurred, each with its weight: its count, or the number of contexts it followed.
  private let occurred: UnsafeMutablePointer<UInt8>
  private let weights: UnsafeMutablePointer<Float>
  private(set) var count = 0
  /// Of all counts, and of all weights.
  private(set) var total: Float = 0
  private var weight: Float = 0
  /// By outcome, while keys are counted: 1 more than its place in `occurred`, and the context that it followed last.
  private let places: UnsafeMutablePointer<UInt8>
  private let stamps: UnsafeMutablePointer<UInt64>

  init(capacity: Int) {
    self.capacity = capacity
    rows = .allocate(capacity: (capacity + 7) / 8)
    rows.initialize(repeating: Lanes(repeating: 1), count: (capacity + 7) / 8)
    probabilities = UnsafeMutableRawPointer(rows).assumingMemoryBound(to: Float.self)
    occurred = .allocate(capacity: 256)
    occurred.initialize(repeating: 0, count: 256)
    weights = .allocate(capacity: 256)
    weights.initialize(repeating: 0, count: 256)
    places = .allocate(capacity: 256)
    places.initialize(repeating: 0, count: 256)
    stamps = .allocate(capacity: 256)
    stamps.initialize(repeating: 0, count: 256)
  }

  deinit {
    rows.deallocate()
    occurred.deallocate()
    weights.deallocate()
    places.deallocate()
    stamps.deallocate()
  }

  func begin(outcomes: Int) {
    rowCount = (outcomes + 7) / 8
    let uniform = Lanes(repeating: 1 / Float(outcomes))
    for row in 0..<rowCount { rows[row] = uniform }
  }

  /// What followed the context of `span`; `usesCounts`: counts weigh, not the contexts one byte longer.
  @inline(__always)
  func count<Counts: ContextCounts>(
    _ source: Counts, _ span: Counts.Span, _ key: ContextKey, order: Int, _ map: borrowing OutcomeMap,
    atMost limit: Int,
    usesCounts: Bool
  ) {
    var found = 0
    var total: Float = 0
    var weight: Float = 0
    map.outcomes.withUnsafeBufferPointer { outcomes in
      let isKept = source.visitTally(of: span, key, order: order) { symbol, count, types in
        let outcome = outcomes[Int(symbol)]
        // There are at most 256 symbols. A damaged style may give a count of zero.
        guard outcome != OutcomeMap.none, found < 256 else { return }
        let own = max(1, usesCounts ? count : types)
        occurred[found] = outcome
        weights[found] = own
        found += 1
        total += max(1, count)
        weight += own
      }
      guard !isKept else { return }
      // The context one byte longer.
      let shift = UInt64(max(8, 56 - 8 * order))
      source.forEach(in: span, atMost: limit) { key, count in
        let outcome = outcomes[Int(key.symbol)]
        guard outcome != OutcomeMap.none else { return }
        let place = Int(places[Int(outcome)])
        let own: Float = usesCounts ? count : place == 0 || stamps[Int(outcome)] != key >> shift ? 1 : 0
        stamps[Int(outcome)] = key >> shift
        total += count
        weight += own
        if place > 0 {
          weights[place - 1] += own
          return
        }
        occurred[found] = outcome
        weights[found] = own
        found += 1
        places[Int(outcome)] = UInt8(found)
      }
      for index in 0..<found { places[Int(occurred[index])] = 0 }
    }
    count = found
    self.total = total
    self.weight = weight
  }

  /// Takes `discount` from each weight and shares out what was taken as the probabilities stand.
  @inline(__always)
  func mixIn(discount: Float) {
    let share = 1 / max(weight, 1)
    let below = discount * Float(count) * share
    for row in 0..<rowCount { rows[row] *= below }
    for index in 0..<count { probabilities[Int(occurred[index])] += max(weights[index] - discount, 0) * share }
  }
}
