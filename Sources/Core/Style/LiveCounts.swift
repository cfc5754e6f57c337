// SPDX-License-Identifier: Apache-2.0
// Core/Style: what one viewpoint learns while it is playing.

/// Sorted keys in blocks: adding and removing one moves at most a block and the directory of blocks.
///
/// O(log n + block) to add or remove, no allocation while the reserved capacity lasts. 8 bytes a key, and blocks are at
/// least half full except for the last removals.
struct LiveCounts: Sendable {
  private static let blockSize = 128

  private var slab: [ContextKey] = []
  private var firsts: [ContextKey] = []
  private var sizes: [Int] = []
  private var slots: [Int] = []
  private var freeSlots: [Int] = []
  private(set) var count = 0
  private(set) var lowOrders = LowOrderCounts()

  init() {}

  /// `keys` must be sorted. O(n).
  init(sorted keys: [ContextKey]) {
    reserveCapacity(keys.count)
    for key in keys {
      if sizes.isEmpty || sizes[sizes.count - 1] == Self.blockSize * 3 / 4 { openBlock(at: sizes.count, first: key) }
      let block = sizes.count - 1
      slab[slots[block] * Self.blockSize + sizes[block]] = key
      sizes[block] += 1
    }
    count = keys.count
    lowOrders = LowOrderCounts(sorted: keys)
  }

  /// Room for `count` keys without another allocation, however they fall.
  mutating func reserveCapacity(_ count: Int) {
    let blocks = count / (Self.blockSize / 2) + 2
    slab.reserveCapacity(blocks * Self.blockSize)
    firsts.reserveCapacity(blocks)
    sizes.reserveCapacity(blocks)
    slots.reserveCapacity(blocks)
    freeSlots.reserveCapacity(blocks)
  }

  mutating func insert(_ key: ContextKey) {
    if firsts.isEmpty { openBlock(at: 0, first: key) }
    var block = max(0, blockBound { $0 <= key } - 1)
    var offset = inBlock(block) { $0 <= key }
    lowOrders.add(key, isNew: !hasSibling(key, around: Position(block: block, offset: offset), besides: 0))
    count += 1
    if sizes[block] == Self.blockSize {
      split(block)
      if offset > sizes[block] {
        offset -= sizes[block]
        block += 1
      }
    }
    let start = slots[block] * Self.blockSize
    let size = sizes[block]
    slab.withUnsafeMutableBufferPointer { slab in
      var index = start + size
      while index > start + offset {
        slab[index] = slab[index - 1]
        index -= 1
      }
      slab[index] = key
    }
    sizes[block] = size + 1
    if offset == 0 { firsts[block] = key }
  }

  /// Removes one occurrence; does nothing where there is none.
  mutating func remove(_ key: ContextKey) {
    let position = lowerBound(key, in: everything)
    guard position.block < sizes.count, position.offset < sizes[position.block] else { return }
    let start = slots[position.block] * Self.blockSize
    guard slab[start + position.offset] == key else { return }
    count -= 1
    let size = sizes[position.block] - 1
    for index in position.offset..<size { slab[start + index] = slab[start + index + 1] }
    sizes[position.block] = size
    if size == 0 { closeBlock(position.block) } else { firsts[position.block] = slab[start] }
    lowOrders.remove(key, isLast: !hasSibling(key, around: position, besides: 1))
  }

  /// Whether a key of the same first two context bytes and symbol is there; all of the same context lie around
  /// `position`, and one is mostly found near it. `known` of those of its first byte are known not to count.
  private func hasSibling(_ key: ContextKey, around position: Position, besides known: Int) -> Bool {
    guard lowOrders.count(of: key) > known else { return false }
    return slab.withUnsafeBufferPointer { slab in
      hasLater(key, from: position, slab) || hasEarlier(key, before: position, slab)
    }
  }

  private func hasLater(_ key: ContextKey, from position: Position, _ slab: UnsafeBufferPointer<ContextKey>) -> Bool {
    let last = key.last(order: 2)
    var from = position.offset
    for block in position.block..<max(position.block, sizes.count) {
      let start = slots[block] * Self.blockSize
      for index in (start + from)..<(start + max(from, sizes[block])) {
        if slab[index] > last { return false }
        if slab[index].symbol == key.symbol { return true }
      }
      from = 0
    }
    return false
  }

  private func hasEarlier(_ key: ContextKey, before position: Position, _ slab: UnsafeBufferPointer<ContextKey>) -> Bool
  {
    let first = key.first(order: 2)
    var block = min(position.block, sizes.count - 1)
    var end = block == position.block ? position.offset : sizes.last ?? 0
    while block >= 0 {
      let start = slots[block] * Self.blockSize
      for index in (start..<(start + end)).reversed() {
        if slab[index] < first { return false }
        if slab[index].symbol == key.symbol { return true }
      }
      block -= 1
      end = block >= 0 ? sizes[block] : 0
    }
    return false
  }

  mutating func removeAll() {
    firsts.removeAll(keepingCapacity: true)
    sizes.removeAll(keepingCapacity: true)
    slots.removeAll(keepingCapacity: true)
    freeSlots.removeAll(keepingCapacity: true)
    slab.removeAll(keepingCapacity: true)
    lowOrders.removeAll()
    count = 0
  }

  private mutating func openBlock(at index: Int, first: ContextKey) {
    let slot = freeSlots.popLast() ?? slab.count / Self.blockSize
    if (slot + 1) * Self.blockSize > slab.count {
      slab.append(contentsOf: repeatElement(0, count: Self.blockSize))
    }
    firsts.insert(first, at: index)
    sizes.insert(0, at: index)
    slots.insert(slot, at: index)
  }

  private mutating func closeBlock(_ index: Int) {
    freeSlots.append(slots[index])
    firsts.remove(at: index)
    sizes.remove(at: index)
    slots.remove(at: index)
  }

  private mutating func split(_ block: Int) {
    let half = Self.blockSize / 2
    let from = slots[block] * Self.blockSize + half
    openBlock(at: block + 1, first: slab[from])
    let to = slots[block + 1] * Self.blockSize
    for index in 0..<(Self.blockSize - half) { slab[to + index] = slab[from + index] }
    sizes[block] = half
    sizes[block + 1] = Self.blockSize - half
  }
}

extension LiveCounts: ContextCounts {
  struct Position: Hashable, Comparable {
    var block: Int
    var offset: Int

    static func < (a: Position, b: Position) -> Bool { (a.block, a.offset) < (b.block, b.offset) }
  }

  var isEmpty: Bool { count == 0 }

  var everything: Range<Position> {
    Position(block: 0, offset: 0)..<Position(block: sizes.count, offset: 0)
  }

  @inline(__always)
  func visitTally(
    of span: Range<Position>, _ key: ContextKey, order: Int, _ body: (UInt8, Float, Float) -> Void
  ) -> Bool {
    guard order < 2 else { return false }
    guard let row = order == 0 ? 0 : lowOrders.row(after: UInt8(truncatingIfNeeded: key >> 56)) else { return true }
    lowOrders.visit(row: row, body)
    return true
  }

  func narrowed(_ span: Range<Position>, to key: ContextKey, order: Int) -> Range<Position> {
    let lower = lowerBound(key.first(order: order), in: span)
    let last = key.last(order: order)
    return lower..<(last == ~0 ? span.upperBound : lowerBound(last + 1, in: lower..<span.upperBound))
  }

  func size(_ span: Range<Position>) -> Int {
    var total = span.upperBound.offset - span.lowerBound.offset
    for block in span.lowerBound.block..<span.upperBound.block { total += sizes[block] }
    return total
  }

  @inline(__always)
  func forEach(in span: Range<Position>, atMost limit: Int, _ body: (ContextKey, Float) -> Void) {
    let stride = max(1, (size(span) + limit - 1) / limit)
    slab.withUnsafeBufferPointer { slab in
      var offset = span.lowerBound.offset
      for block in span.lowerBound.block...span.upperBound.block where block < sizes.count {
        let end = block == span.upperBound.block ? span.upperBound.offset : sizes[block]
        let start = slots[block] * Self.blockSize
        while offset < end {
          body(slab[start + offset], 1)
          offset += stride
        }
        offset -= sizes[block]
      }
    }
  }

  /// The first position in `span` whose key is not below `key`. An offset at the end of a block is never returned: the
  /// start of the next stands for it.
  private func lowerBound(_ key: ContextKey, in span: Range<Position>) -> Position {
    let (from, to) = (span.lowerBound, span.upperBound)
    let block =
      firsts.withUnsafeBufferPointer {
        Self.bound($0, from.block, min(to.block + 1, $0.count)) { $0 < key }
      } - 1
    guard block >= from.block else { return from }
    let start = slots[block] * Self.blockSize
    let low = block == from.block ? from.offset : 0
    let high = block == to.block ? to.offset : sizes[block]
    let offset = slab.withUnsafeBufferPointer { Self.bound($0, start + low, start + high) { $0 < key } } - start
    return offset == sizes[block] ? Position(block: block + 1, offset: 0) : Position(block: block, offset: offset)
  }

  @inline(__always)
  private func blockBound(_ isBefore: (ContextKey) -> Bool) -> Int {
    firsts.withUnsafeBufferPointer { Self.bound($0, 0, $0.count, isBefore) }
  }

  @inline(__always)
  private func inBlock(_ block: Int, _ isBefore: (ContextKey) -> Bool) -> Int {
    let start = slots[block] * Self.blockSize
    return slab.withUnsafeBufferPointer { Self.bound($0, start, start + sizes[block], isBefore) - start }
  }

  @inline(__always)
  private static func bound(
    _ keys: UnsafeBufferPointer<ContextKey>, _ from: Int, _ to: Int, _ isBefore: (ContextKey) -> Bool
  ) -> Int {
    var low = from
    var high = to
    while low < high {
      let middle = (low + high) / 2
      if isBefore(keys[middle]) { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
