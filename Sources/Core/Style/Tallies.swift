// SPDX-License-Identifier: Apache-2.0
// Core/Style: what followed the contexts that occurred often.

/// The tallies of all contexts, of any order, that occurred at least `threshold` times: so that predicting takes as long
/// after a million notes as after ten thousand. Found by binary search.
struct Tallies: @unchecked Sendable {
  static let threshold = 64

  /// One symbol of a tally in 64 bits: symbol 8, count 28, types 28 from the highest down.
  struct Entry {
    static let highest: UInt64 = 1 << 28 - 1
    let packed: UInt64

    var symbol: UInt8 { UInt8(truncatingIfNeeded: UInt64(littleEndian: packed) >> 56) }
    var count: Float { Float(UInt64(littleEndian: packed) >> 28 & Self.highest) }
    var types: Float { Float(UInt64(littleEndian: packed) & Self.highest) }
  }

  /// Order in the highest byte, then where its keys begin; ascending.
  let spans: UnsafeBufferPointer<UInt64>
  /// Where the entries of each span begin, and where the last end.
  let starts: UnsafeBufferPointer<UInt64>
  let entries: UnsafeBufferPointer<Entry>

  @inline(__always)
  func entries(order: Int, start: Int) -> UnsafeBufferPointer<Entry>.SubSequence? {
    let wanted = UInt64(order) << 56 | UInt64(start)
    var low = 0
    var high = spans.count
    while low < high {
      let middle = (low + high) / 2
      if UInt64(littleEndian: spans[middle]) < wanted { low = middle + 1 } else { high = middle }
    }
    guard low < spans.count, UInt64(littleEndian: spans[low]) == wanted, low + 1 < starts.count else { return nil }
    let first = UInt64(littleEndian: starts[low])
    let end = UInt64(littleEndian: starts[low + 1])
    guard first <= end, end <= UInt64(entries.count) else { return nil }
    return entries[Int(first)..<Int(end)]
  }
}

/// Counts tallies from sorted keys. O(orders * n).
struct TallyBuilder {
  private(set) var spans: [UInt64] = []
  private(set) var starts: [UInt64] = [0]
  private(set) var entries: [UInt64] = []
  private var counts = [UInt64](repeating: 0, count: 256)
  private var types = [UInt64](repeating: 0, count: 256)
  private var stamps = [UInt64](repeating: 0, count: 256)

  init(_ keys: [ContextKey], orders: Int) {
    for order in 0...orders {
      var start = 0
      while start < keys.count {
        let last = keys[start].last(order: order)
        // Only spans that are long enough are counted: look that far ahead first.
        guard start + Tallies.threshold <= keys.count, keys[start + Tallies.threshold - 1] <= last else {
          start = Self.end(keys, from: start, last)
          continue
        }
        let end = Self.end(keys, from: start, last)
        tally(keys[start..<end], order: order)
        spans.append(UInt64(order) << 56 | UInt64(start))
        starts.append(UInt64(entries.count))
        start = end
      }
    }
  }

  private static func end(_ keys: [ContextKey], from start: Int, _ last: ContextKey) -> Int {
    var step = 1
    var low = start
    while low + step < keys.count, keys[low + step] <= last {
      low += step
      step *= 2
    }
    var high = min(keys.count, low + step)
    low += 1
    while low < high {
      let middle = (low + high) / 2
      if keys[middle] <= last { low = middle + 1 } else { high = middle }
    }
    return low
  }

  private mutating func tally(_ keys: ArraySlice<ContextKey>, order: Int) {
    let shift = UInt64(max(8, 56 - 8 * order))
    for symbol in 0..<256 {
      counts[symbol] = 0
      types[symbol] = 0
    }
    for key in keys {
      let symbol = Int(key.symbol)
      if counts[symbol] == 0 || stamps[symbol] != key >> shift { types[symbol] += 1 }
      counts[symbol] += 1
      stamps[symbol] = key >> shift
    }
    for symbol in 0..<256 where counts[symbol] > 0 {
      let count = min(counts[symbol], Tallies.Entry.highest)
      entries.append(UInt64(symbol) << 56 | count << 28 | min(types[symbol], Tallies.Entry.highest))
    }
  }
}
