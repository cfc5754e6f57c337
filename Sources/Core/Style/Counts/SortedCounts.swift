// SPDX-License-Identifier: Apache-2.0
// Core/Style: what one viewpoint has learned, immutable.

/// Every distinct key of a viewpoint's contexts, sorted, how often each occurred, and the tree of those contexts that
/// occurred often. What two sets of pieces teach together is the merge of both lists.
///
/// A view into a style's memory, which its style keeps alive. No content, however wrong, leads outside that memory.
struct SortedCounts: @unchecked Sendable {
  let keys: UnsafeBufferPointer<ContextKey>
  /// As many as keys: 1...255.
  let repeats: UnsafeBufferPointer<UInt8>
  let tree: ContextTree

  /// All occurrences in order; nil where the keys are not in order. O(n).
  func occurrences() -> [ContextKey]? {
    var all: [ContextKey] = []
    all.reserveCapacity(repeats.reduce(0) { $0 + Int($1) })
    for index in keys.indices {
      if index > 0, keys[index - 1].value > keys[index].value { return nil }
      for _ in 0..<repeats[index] { all.append(keys[index].value) }
    }
    return all
  }

  /// Occurrences of all keys. O(symbols).
  var total: Int { tree.entries(of: 0).reduce(0) { $0 + Int($1.count) } }
}

extension SortedCounts: ContextCounts {
  /// Keys that share a context; `node` is negative where the tree has none for it.
  struct Span {
    var node: Int
    var range: Range<Int>
  }

  var isEmpty: Bool { tree.count == 0 }
  var everything: Span { isEmpty ? Span(node: -1, range: 0..<0) : Span(node: 0, range: 0..<keys.count) }

  @inline(__always)
  func size(_ span: Span) -> Int { span.range.count }

  @inline(__always)
  func narrowed(_ span: Span, to key: ContextKey, order: Int) -> Span {
    guard span.node >= 0 else { return Span(node: -1, range: narrowed(span.range, to: key, order: order)) }
    let children = tree.children(of: span.node)
    let byte = UInt8(truncatingIfNeeded: key >> UInt64(64 - 8 * order))
    let next = tree.bound(children, before: byte)
    if next < children.upperBound, tree.bytes[next] == byte {
      return Span(node: next, range: tree.range(of: next, keys: keys.count))
    }
    // Between its neighbours among the children lie only contexts of few keys.
    let from =
      next > children.lowerBound ? tree.range(of: next - 1, keys: keys.count).upperBound : span.range.lowerBound
    let to = next < children.upperBound ? tree.range(of: next, keys: keys.count).lowerBound : span.range.upperBound
    guard from < to else { return Span(node: -1, range: 0..<0) }
    return Span(node: -1, range: narrowed(from..<to, to: key, order: order))
  }

  @inline(__always)
  func visitTally(of span: Span, _ key: ContextKey, order: Int, _ body: (UInt8, Float, Float) -> Void) -> Bool {
    guard span.node >= 0 else { return false }
    for entry in tree.entries(of: span.node) { body(entry.symbol, entry.count, entry.types) }
    return true
  }

  @inline(__always)
  func forEach(in span: Span, atMost limit: Int, _ body: (ContextKey, Float) -> Void) {
    let stride = max(1, (span.range.count + limit - 1) / limit)
    var index = span.range.lowerBound
    while index < span.range.upperBound {
      body(keys[index].value, Float(Int32(repeats[index])))
      index += stride
    }
  }

  /// The keys of `range` that share `order` context bytes with `key`. O(log n).
  @inline(__always)
  private func narrowed(_ range: Range<Int>, to key: ContextKey, order: Int) -> Range<Int> {
    let lower = bound(range, before: key.first(order: order))
    let last = key.last(order: order)
    var upper = lower
    // More would be a node of the tree; in a damaged file they are cut off.
    let end = min(range.upperBound, lower + ContextTree.threshold)
    while upper < end, keys[upper].value <= last { upper += 1 }
    return lower..<upper
  }

  /// The first key in `range` that is not below `key`. O(log n).
  @inline(__always)
  private func bound(_ range: Range<Int>, before key: ContextKey) -> Int {
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
