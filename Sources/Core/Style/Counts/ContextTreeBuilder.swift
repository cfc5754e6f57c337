// SPDX-License-Identifier: Apache-2.0
// Core/Style: from sorted keys to what a store holds.

/// Distinct keys in order and how often each occurred; what occurred more than 255 times stands several times, full
/// counts first. Canonical.
struct KeyRuns {
  private(set) var keys: [ContextKey] = []
  private(set) var repeats: [UInt8] = []

  /// `occurrences` must be sorted. O(n).
  init(_ occurrences: [ContextKey]) {
    keys.reserveCapacity(occurrences.count)
    repeats.reserveCapacity(occurrences.count)
    for key in occurrences {
      if let last = keys.last, last == key, repeats[repeats.count - 1] < .max {
        repeats[repeats.count - 1] += 1
      } else {
        keys.append(key)
        repeats.append(1)
      }
    }
  }
}

/// Builds a `ContextTree`. O(orders * n).
struct ContextTreeBuilder {
  private let runs: KeyRuns
  private let orders: Int
  private(set) var starts: [UInt32] = []
  private(set) var ends: [UInt32] = []
  private(set) var firstEntries: [UInt32] = []
  private(set) var firstChildren: [UInt32] = []
  private(set) var bytes: [UInt8] = []
  private(set) var entries: [UInt64] = []
  private var counts = [UInt64](repeating: 0, count: 256)
  private var types = [UInt64](repeating: 0, count: 256)
  private var stamps = [UInt64](repeating: 0, count: 256)

  init(_ runs: KeyRuns, orders: Int) {
    self.runs = runs
    self.orders = orders
    guard !runs.keys.isEmpty else { return }
    open(0..<runs.keys.count, byte: 0)
    var (node, order, levelEnd) = (0, 0, 1)
    while node < bytes.count {
      if node == levelEnd {
        order += 1
        levelEnd = bytes.count
      }
      let range = Int(starts[node])..<Int(ends[node])
      firstEntries.append(UInt32(entries.count))
      firstChildren.append(UInt32(bytes.count))
      tally(range, order: order)
      if order < orders { openChildren(of: range, order: order) }
      node += 1
    }
    // The end of the last node's.
    starts.append(0)
    ends.append(0)
    firstEntries.append(UInt32(entries.count))
    firstChildren.append(UInt32(bytes.count))
  }

  private mutating func open(_ range: Range<Int>, byte: UInt8) {
    starts.append(UInt32(range.lowerBound))
    ends.append(UInt32(range.upperBound))
    bytes.append(byte)
  }

  private mutating func openChildren(of range: Range<Int>, order: Int) {
    let shift = UInt64(56 - 8 * order)
    var start = range.lowerBound
    while start < range.upperBound {
      let end = Self.end(runs.keys, from: start, within: range, runs.keys[start].last(order: order + 1))
      if end - start >= ContextTree.threshold {
        open(start..<end, byte: UInt8(truncatingIfNeeded: runs.keys[start] >> shift))
      }
      start = end
    }
  }

  /// The first index from `start` on whose key is above `last`. O(log of the distance).
  private static func end(_ keys: [ContextKey], from start: Int, within range: Range<Int>, _ last: ContextKey) -> Int {
    var step = 1
    var low = start
    while low + step < range.upperBound, keys[low + step] <= last {
      low += step
      step *= 2
    }
    var high = min(range.upperBound, low + step)
    low += 1
    while low < high {
      let middle = (low + high) / 2
      if keys[middle] <= last { low = middle + 1 } else { high = middle }
    }
    return low
  }

  private mutating func tally(_ range: Range<Int>, order: Int) {
    let shift = UInt64(max(8, 56 - 8 * order))
    for symbol in 0..<256 {
      counts[symbol] = 0
      types[symbol] = 0
    }
    for index in range {
      let key = runs.keys[index]
      let symbol = Int(key.symbol)
      if counts[symbol] == 0 || stamps[symbol] != key >> shift { types[symbol] += 1 }
      counts[symbol] += UInt64(runs.repeats[index])
      stamps[symbol] = key >> shift
    }
    let highest = ContextTree.Entry.highest
    for symbol in 0..<256 where counts[symbol] > 0 {
      entries.append(UInt64(symbol) << 56 | min(counts[symbol], highest) << 28 | min(types[symbol], highest))
    }
  }
}
