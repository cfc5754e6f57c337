// SPDX-License-Identifier: Apache-2.0
// Core/Style: what one viewpoint says of a set of outcomes.

/// The symbols of a viewpoint that stand for outcomes (pitches, classes, gaps). All other symbols are ignored: the
/// prediction is conditional on one of the outcomes happening.
struct OutcomeMap {
  static let none: UInt8 = 255

  let count: Int
  private(set) var outcomes = [UInt8](repeating: none, count: 256)

  /// `count` outcomes, at most 255; `symbol` is 0...255, or anything else for an outcome without a symbol.
  init(count: Int, symbol: (Int) -> Int) {
    self.count = count
    for outcome in 0..<count {
      let value = symbol(outcome)
      if (0...255).contains(value) { outcomes[value] = UInt8(outcome) }
    }
  }
}

/// Interpolated prediction over all orders of one viewpoint by absolute discounting (Kneser and Ney, "Improved backing-off
/// for m-gram language modeling", ICASSP 1995; interpolated as in Chen and Goodman, "An empirical study of smoothing
/// techniques for language modeling", 1999, section 4.1).
///
/// The longest known context gives its counts. Every shorter one gives, for each outcome, after how many distinct
/// contexts one step longer it occurred: what occurs only after one particular context says little about others (the
/// same idea as update exclusion in PPM). From each count of more than zero a constant is taken, and what was taken is
/// shared out as the next shorter context predicts; below order 0 all outcomes are equal, so nothing is impossible.
///
/// Reusable working memory; not thread safe. O(orders * (log n + outcomes) + keys read).
struct OutcomeDistribution {
  /// What is taken from every count.
  private static let discount: Float = 0.75

  /// The longest context that was known; -1 when nothing is.
  private(set) var order = -1
  /// Occurrences of the longest known context, and distinct outcomes after it.
  private(set) var total: Float = 0
  private(set) var distinct: Float = 0
  private var tally: OutcomeTally
  /// More keys than this are sampled evenly.
  private let sampleLimit: Int

  /// Room for `capacity` outcomes.
  init(capacity: Int, sampleLimit: Int = 512) {
    tally = OutcomeTally(capacity: capacity)
    self.sampleLimit = sampleLimit
  }

  /// Of the outcomes of the last prediction; valid until the next.
  var probabilities: UnsafePointer<Float> { UnsafePointer(tally.probabilities) }

  /// `key`'s symbol is not looked at.
  mutating func predict<Counts: ContextCounts>(
    _ key: ContextKey, orders: Int, from source: Counts, _ map: OutcomeMap
  ) {
    // Copies share their memory until one of them predicts.
    if !isKnownUniquelyReferenced(&tally) { tally = OutcomeTally(capacity: tally.capacity) }
    precondition(map.count <= tally.capacity)
    tally.begin(outcomes: map.count)
    order = -1
    total = 0
    distinct = 0
    var span = source.everything
    for next in 0...orders {
      if next > 0 { span = source.narrowed(span, to: key, order: next) }
      let size = source.size(span)
      guard size > 0 else { return }
      tally.count(source, span, key, order: next, map, stride: (size - 1) / sampleLimit + 1)
      guard tally.count > 0 else { return }
      total = tally.total
      distinct = Float(tally.count)
      tally.mixIn(tally.numbers(isHighest: next == orders), discount: Self.discount)
      order = next
    }
  }
}

/// How often each outcome followed one context, and what that makes of the probabilities. Only outcomes that occurred are
/// touched: most contexts know few. Plain memory, because checks would cost as much as the work.
private final class OutcomeTally: @unchecked Sendable {
  let capacity: Int
  let probabilities: UnsafeMutablePointer<Float>
  private let counts: UnsafeMutablePointer<Float>
  /// After how many distinct contexts one byte longer.
  private let types: UnsafeMutablePointer<Float>
  /// The first `count` of these occurred.
  private let occurred: UnsafeMutablePointer<UInt8>
  private let stamps: UnsafeMutablePointer<UInt64>
  private(set) var count = 0
  private var outcomes = 0

  init(capacity: Int) {
    self.capacity = capacity
    probabilities = .allocate(capacity: capacity)
    probabilities.initialize(repeating: 0, count: capacity)
    counts = .allocate(capacity: capacity)
    counts.initialize(repeating: 0, count: capacity)
    types = .allocate(capacity: capacity)
    types.initialize(repeating: 0, count: capacity)
    occurred = .allocate(capacity: capacity)
    occurred.initialize(repeating: 0, count: capacity)
    stamps = .allocate(capacity: capacity)
    stamps.initialize(repeating: 0, count: capacity)
  }

  deinit {
    probabilities.deallocate()
    counts.deallocate()
    types.deallocate()
    occurred.deallocate()
    stamps.deallocate()
  }

  func begin(outcomes: Int) {
    self.outcomes = outcomes
    let uniform = 1 / Float(outcomes)
    for outcome in 0..<outcomes { probabilities[outcome] = uniform }
  }

  @inline(__always)
  func count<Counts: ContextCounts>(
    _ source: Counts, _ span: Counts.Span, _ key: ContextKey, order: Int, _ map: OutcomeMap, stride: Int
  ) {
    for index in 0..<count { counts[Int(occurred[index])] = 0 }
    var found = 0
    // The context one byte longer.
    let shift = UInt64(max(8, 56 - 8 * order))
    map.outcomes.withUnsafeBufferPointer { outcomes in
      let isKept = source.visitTally(of: span, key, order: order) { symbol, count, types in
        let outcome = Int(outcomes[Int(symbol)])
        // A damaged style may name a symbol twice, or with a count of zero.
        if outcome == Int(OutcomeMap.none) || self.counts[outcome] > 0 { return }
        self.occurred[found] = UInt8(outcome)
        found += 1
        self.counts[outcome] = max(1, count)
        self.types[outcome] = types
      }
      if isKept { return }
      source.forEach(in: span, stride: stride) { key in
        let outcome = Int(outcomes[Int(key.symbol)])
        if outcome == Int(OutcomeMap.none) { return }
        if self.counts[outcome] == 0 {
          self.occurred[found] = UInt8(outcome)
          found += 1
          self.types[outcome] = 0
          self.stamps[outcome] = ~(key >> shift)
        }
        self.counts[outcome] += 1
        self.types[outcome] += self.stamps[outcome] == key >> shift ? 0 : 1
        self.stamps[outcome] = key >> shift
      }
    }
    count = found
  }

  var total: Float {
    var total: Float = 0
    for index in 0..<count { total += counts[Int(occurred[index])] }
    return total
  }

  func numbers(isHighest: Bool) -> UnsafePointer<Float> { UnsafePointer(isHighest ? counts : types) }

  func mixIn(_ numbers: UnsafePointer<Float>, discount: Float) {
    var sum: Float = 0
    for index in 0..<count { sum += numbers[Int(occurred[index])] }
    let share = 1 / max(sum, 1)
    let below = discount * Float(count) * share
    for outcome in 0..<outcomes { probabilities[outcome] *= below }
    for index in 0..<count {
      let outcome = Int(occurred[index])
      probabilities[outcome] += max(numbers[outcome] - discount, 0) * share
    }
  }
}
