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
/// A context of the highest order that was asked for gives its counts. Every shorter one gives, for each outcome, after
/// how many distinct contexts one step longer it occurred: what occurs only after one particular context says little
/// about others (the same idea as update exclusion in PPM). From each count of more than zero a constant is taken, and
/// what was taken is shared out as the next shorter context predicts; below order 0 all outcomes are equal, so nothing
/// is impossible.
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

  /// Of the outcomes of the last prediction, eight in a row; valid until the next. The lanes that are left over in the
  /// last row hold some number above zero.
  var rows: UnsafePointer<FastMath.Lanes> { UnsafePointer(tally.rows) }

  /// `key`'s symbol is not looked at. With `countsLongest` the longest known context gives its counts also where it is
  /// not of the highest order, as it should where a symbol is a quantity rather than a choice.
  mutating func predict<Counts: ContextCounts>(
    _ key: ContextKey, orders: Int, from source: Counts, _ map: OutcomeMap, countsLongest: Bool = false
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
      guard source.size(span) > 0 else { return }
      let usesCounts =
        next == orders || countsLongest && source.size(source.narrowed(span, to: key, order: next + 1)) == 0
      tally.count(source, span, key, order: next, map, atMost: sampleLimit, usesCounts: usesCounts)
      guard tally.count > 0 else { return }
      total = tally.total
      distinct = Float(tally.count)
      tally.mixIn(discount: Self.discount)
      order = next
    }
  }
}
