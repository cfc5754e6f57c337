// SPDX-License-Identifier: Apache-2.0
// Core/Style: probabilities of the 256 symbols of a viewpoint.

/// Interpolated prediction over all orders of one viewpoint.
///
/// At every order, from none up, what was counted is mixed with the prediction of the order below; the weight of the
/// order below is that of escape method C, the share of distinct symbols (Moffat 1990; interpolated as in Pearce and
/// Wiggins, "Improved methods for statistical modelling of monophonic music", JNMR 2004). Contexts that were followed
/// by one symbol only are trusted more (their escape is that of a single novel symbol among all occurrences). Order -1
/// is uniform, so that nothing ever has probability zero.
///
/// Reusable working memory; not thread safe. O(orders * (256 + keys read)), at most `sampleLimit` keys at each order.
struct SymbolDistribution {
  /// More keys than this are sampled evenly.
  static let sampleLimit = 512

  private(set) var probabilities = [Double](repeating: 1 / 256.0, count: 256)
  /// The longest context that was known; -1 when nothing is.
  private(set) var order = -1
  private var counts = [Double](repeating: 0, count: 256)

  mutating func predict<Counts: ContextCounts>(_ key: ContextKey, orders: Int, from counts: Counts) {
    for symbol in 0..<256 { probabilities[symbol] = 1 / 256.0 }
    order = -1
    guard counts.count > 0 else { return }
    mixIn(Array(counts.lowOrders.counts[0..<256]), total: counts.count)
    order = 0
    guard orders > 0 else { return }
    var span = counts.span(after: key)
    for next in 1..<(orders + 1) {
      span = counts.narrowed(span, to: key, order: next)
      let size = counts.size(span)
      guard size > 0 else { return }
      mixIn(counts, span, size: size)
      order = next
    }
  }

  private mutating func mixIn(_ symbolCounts: [UInt32], total: Int) {
    var distinct = 0.0
    for count in symbolCounts where count > 0 { distinct += 1 }
    let share = 1 / (Double(total) + distinct)
    for symbol in 0..<256 {
      probabilities[symbol] = (Double(symbolCounts[symbol]) + distinct * probabilities[symbol]) * share
    }
  }

  private mutating func mixIn<Counts: ContextCounts>(_ source: Counts, _ span: Counts.Span, size: Int) {
    let stride = (size + Self.sampleLimit - 1) / Self.sampleLimit
    counts.withUnsafeMutableBufferPointer { counts in
      probabilities.withUnsafeMutableBufferPointer { probabilities in
        for symbol in 0..<256 { counts[symbol] = 0 }
        var total = 0.0
        var distinct = 0.0
        source.forEach(in: span, stride: stride) { key in
          let symbol = Int(key.symbol)
          if counts[symbol] == 0 { distinct += 1 }
          counts[symbol] += 1
          total += 1
        }
        let share = 1 / (total + distinct)
        for symbol in 0..<256 { probabilities[symbol] = (counts[symbol] + distinct * probabilities[symbol]) * share }
      }
    }
  }
}
