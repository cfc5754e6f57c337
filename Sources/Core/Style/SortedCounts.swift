// SPDX-License-Identifier: Apache-2.0
// Core/Style: what one viewpoint has learned, immutable.

/// Every occurrence of a viewpoint's contexts, sorted, and the tallies of those that occurred often. Counts of any order
/// are the sizes of ranges, and what two sets of pieces teach together is the merge of both lists.
///
/// A view into a style's memory, which its style keeps alive. No content, however wrong, leads outside that memory.
struct SortedCounts: @unchecked Sendable {
  /// Each key whose number is a multiple of this stands among the landmarks.
  static let landmarkDistance = 64

  let keys: UnsafeBufferPointer<ContextKey>
  /// Few enough to stay in the processor's cache, so that a search misses it once or twice instead of at every step.
  let landmarks: UnsafeBufferPointer<ContextKey>
  let tallies: Tallies

  static func landmarkCount(keys: Int) -> Int { (keys + landmarkDistance - 1) / landmarkDistance }

  /// Whether the keys are in order. O(n).
  var isSorted: Bool {
    for index in keys.indices.dropFirst() where keys[index - 1].value > keys[index].value { return false }
    return true
  }
}

extension SortedCounts: ContextCounts {
  var count: Int { keys.count }
  var everything: Range<Int> { 0..<keys.count }

  func narrowed(_ range: Range<Int>, to key: ContextKey, order: Int) -> Range<Int> {
    let lower = bound(range, before: key.first(order: order))
    let last = key.last(order: order)
    guard last != ~0 else { return lower..<range.upperBound }
    // Most spans are short: gallop to a bound first.
    var step = 1
    while lower + step < range.upperBound, keys[lower + step].value <= last { step *= 4 }
    let from = lower + step / 4
    return lower..<bound(from..<min(range.upperBound, lower + step), before: last + 1)
  }

  func size(_ range: Range<Int>) -> Int { range.count }

  @inline(__always)
  func visitTally(
    of range: Range<Int>, _ key: ContextKey, order: Int, _ body: (UInt8, Float, Float) -> Void
  ) -> Bool {
    guard range.count >= Tallies.threshold, let entries = tallies.entries(order: order, start: range.lowerBound) else {
      return false
    }
    for entry in entries { body(entry.symbol, entry.count, entry.types) }
    return true
  }

  @inline(__always)
  func forEach(in range: Range<Int>, stride: Int, _ body: (ContextKey) -> Void) {
    var index = range.lowerBound
    while index < range.upperBound {
      body(keys[index].value)
      index += stride
    }
  }

  /// The first key in `range` that is not below `key`. O(log n).
  @inline(__always)
  private func bound(_ range: Range<Int>, before key: ContextKey) -> Int {
    let distance = Self.landmarkDistance
    guard range.count > 4 * distance else { return Self.bound(keys, range, before: key) }
    let whole = (range.lowerBound + distance - 1) / distance..<(range.upperBound + distance - 1) / distance
    let next = Self.bound(landmarks, whole, before: key)
    let from = max(range.lowerBound, (next - 1) * distance)
    return Self.bound(keys, from..<min(range.upperBound, next * distance), before: key)
  }

  @inline(__always)
  private static func bound(
    _ keys: UnsafeBufferPointer<ContextKey>, _ range: Range<Int>, before key: ContextKey
  ) -> Int {
    var low = range.lowerBound
    var high = range.upperBound
    while low < high {
      let middle = (low + high) / 2
      if keys[middle].value < key { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

extension ContextKey {
  /// From the byte order of files.
  @inline(__always) fileprivate var value: ContextKey { ContextKey(littleEndian: self) }
}
