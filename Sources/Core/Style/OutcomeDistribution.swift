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

  private(set) var probabilities: [Float]
  /// The longest context that was known; -1 when nothing is.
  private(set) var order = -1
  /// Occurrences of the longest known context, and distinct outcomes after it.
  private(set) var total: Float = 0
  private(set) var distinct: Float = 0
  private var counts: [Float]
  private var types: [Float]
  private var stamps: [UInt64]
  /// More keys than this are sampled evenly.
  private let sampleLimit: Int

  /// Room for `capacity` outcomes.
  init(capacity: Int, sampleLimit: Int = 512) {
    probabilities = [Float](repeating: 0, count: capacity)
    counts = probabilities
    types = probabilities
    stamps = [UInt64](repeating: .max, count: capacity)
    self.sampleLimit = sampleLimit
  }

  /// `key`'s symbol is not looked at.
  mutating func predict<Counts: ContextCounts>(
    _ key: ContextKey, orders: Int, from source: Counts, _ map: OutcomeMap
  ) {
    let uniform = 1 / Float(map.count)
    for outcome in 0..<map.count { probabilities[outcome] = uniform }
    order = -1
    total = 0
    distinct = 0
    var span = source.everything
    for next in 0...orders {
      if next > 0 { span = source.narrowed(span, to: key, order: next) }
      let size = source.size(span)
      guard size > 0 else { return }
      tally(source, span, key, size: size, order: next, map)
      guard mixIn(map.count, isHighest: next == orders) else { return }
      order = next
    }
  }

  private mutating func tally<Counts: ContextCounts>(
    _ source: Counts, _ span: Counts.Span, _ key: ContextKey, size: Int, order: Int, _ map: OutcomeMap
  ) {
    // The context one step longer; at the highest order there is none, and counts are used.
    let shift = UInt64(max(8, 56 - 8 * order))
    let stride = (size - 1) / sampleLimit + 1
    counts.withUnsafeMutableBufferPointer { counts in
      types.withUnsafeMutableBufferPointer { types in
        stamps.withUnsafeMutableBufferPointer { stamps in
          map.outcomes.withUnsafeBufferPointer { outcomes in
            for outcome in 0..<map.count {
              counts[outcome] = 0
              types[outcome] = 0
              stamps[outcome] = .max
            }
            let isKept = source.visitTally(of: span, key, order: order) { symbol, count, distinct in
              let outcome = Int(outcomes[Int(symbol)])
              if outcome == Int(OutcomeMap.none) { return }
              counts[outcome] = count
              types[outcome] = distinct
            }
            if isKept { return }
            source.forEach(in: span, stride: stride) { key in
              let outcome = Int(outcomes[Int(key.symbol)])
              if outcome == Int(OutcomeMap.none) { return }
              counts[outcome] += 1
              types[outcome] += stamps[outcome] == key >> shift ? 0 : 1
              stamps[outcome] = key >> shift
            }
          }
        }
      }
    }
  }

  /// False where none of the outcomes was counted.
  private mutating func mixIn(_ count: Int, isHighest: Bool) -> Bool {
    let numbers = isHighest ? counts : types
    return probabilities.withUnsafeMutableBufferPointer { probabilities in
      counts.withUnsafeBufferPointer { counts in
        numbers.withUnsafeBufferPointer { numbers in
          var (occurrences, distinct, sum): (Float, Float, Float) = (0, 0, 0)
          for outcome in 0..<count {
            occurrences += counts[outcome]
            sum += numbers[outcome]
            distinct += counts[outcome] > 0 ? 1 : 0
          }
          guard distinct > 0, sum > 0 else { return false }
          total = occurrences
          self.distinct = distinct
          let share = 1 / sum
          let below = Self.discount * distinct * share
          for outcome in 0..<count {
            let kept = max(numbers[outcome] - Self.discount, 0)
            probabilities[outcome] = kept * share + below * probabilities[outcome]
          }
          return true
        }
      }
    }
  }
}
