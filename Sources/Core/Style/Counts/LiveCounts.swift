// SPDX-License-Identifier: Apache-2.0
// Core/Style: what one viewpoint learns while it is playing.

/// Distinct keys in order, in blocks, and how often each occurred: a key that is there already is counted, a new one
/// moves at most a block and the directory of blocks.
///
/// O(log n + block) to add or remove one occurrence. 10 bytes a distinct key, and blocks are at least half full except for
/// the last removals.
struct LiveCounts: Sendable {
  private static let blockSize = 128

  private var slab: [ContextKey] = []
  /// By place in `slab`: above 0. What occurred more often than fits stands several times.
  private var repeats: [UInt16] = []
  private var firsts: [ContextKey] = []
  private var sizes: [Int] = []
  private var slots: [Int] = []
  private var freeSlots: [Int] = []
  /// Occurrences.
  private(set) var count = 0
  private(set) var lowOrders = LowOrderCounts()

  init() {}

  /// Adds one occurrence.
  mutating func insert(_ key: ContextKey) {
    if firsts.isEmpty { openBlock(at: 0, first: key) }
    count += 1
    lowOrders.add(key)
    var block = max(0, blockBound { $0 <= key } - 1)
    var offset = inBlock(block) { $0 <= key }
    let former = slots[block] * Self.blockSize + offset - 1
    if offset > 0, slab[former] == key, repeats[former] < .max {
      repeats[former] += 1
      return
    }
    if sizes[block] == Self.blockSize {
      split(block)
      if offset > sizes[block] {
        offset -= sizes[block]
        block += 1
      }
    }
    open(key, block: block, offset: offset)
  }

  private mutating func open(_ key: ContextKey, block: Int, offset: Int) {
    let end = slots[block] * Self.blockSize + sizes[block]
    let place = slots[block] * Self.blockSize + offset
    slab.withUnsafeMutableBufferPointer { Self.shift($0, from: place, to: place + 1, count: end - place) }
    repeats.withUnsafeMutableBufferPointer { Self.shift($0, from: place, to: place + 1, count: end - place) }
    slab[place] = key
    repeats[place] = 1
    sizes[block] += 1
    if offset == 0 { firsts[block] = key }
  }

  /// Removes one occurrence; does nothing where there is none.
  mutating func remove(_ key: ContextKey) {
    let position = lowerBound(key, in: everything)
    guard position.block < sizes.count, position.offset < sizes[position.block] else { return }
    let place = slots[position.block] * Self.blockSize + position.offset
    guard slab[place] == key else { return }
    count -= 1
    lowOrders.remove(key)
    repeats[place] -= 1
    if repeats[place] == 0 { close(block: position.block, place) }
  }

  private mutating func close(block: Int, _ place: Int) {
    let start = slots[block] * Self.blockSize
    let left = start + sizes[block] - place - 1
    slab.withUnsafeMutableBufferPointer { Self.shift($0, from: place + 1, to: place, count: left) }
    repeats.withUnsafeMutableBufferPointer { Self.shift($0, from: place + 1, to: place, count: left) }
    sizes[block] -= 1
    if sizes[block] == 0 { closeBlock(block) } else { firsts[block] = slab[start] }
  }

  @inline(__always)
  private static func shift<Value: BitwiseCopyable>(
    _ values: UnsafeMutableBufferPointer<Value>, from: Int, to: Int, count: Int
  ) {
    guard count > 0, let base = values.baseAddress else { return }
    (base + to).update(from: base + from, count: count)
  }

  mutating func removeAll() {
    firsts.removeAll(keepingCapacity: true)
    sizes.removeAll(keepingCapacity: true)
    slots.removeAll(keepingCapacity: true)
    freeSlots.removeAll(keepingCapacity: true)
    slab.removeAll(keepingCapacity: true)
    repeats.removeAll(keepingCapacity: true)
    lowOrders.removeAll()
    count = 0
  }

  private mutating func openBlock(at index: Int, first: ContextKey) {
    let slot = freeSlots.popLast() ?? slab.count / Self.blockSize
    if (slot + 1) * Self.blockSize > slab.count {
      slab.append(contentsOf: repeatElement(0, count: Self.blockSize))
      repeats.append(contentsOf: repeatElement(0, count: Self.blockSize))
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
    for index in 0..<(Self.blockSize - half) {
      slab[to + index] = slab[from + index]
      repeats[to + index] = repeats[from + index]
    }
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

  /// Distinct keys.
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
          body(slab[start + offset], Float(repeats[start + offset]))
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
