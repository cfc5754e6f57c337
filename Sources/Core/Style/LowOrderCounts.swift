// SPDX-License-Identifier: Apache-2.0
// Core/Style: counts of orders 0 and 1, which are asked for at every step and would be long to count anew.

/// For the empty context and every context of one byte: how often each symbol followed, and after how many distinct
/// contexts of one byte more.
struct LowOrderCounts: Sendable {
  /// One row for the empty context, then one for each known first byte: 256 counts.
  private(set) var counts = [UInt32](repeating: 0, count: 256)
  private(set) var types = [UInt32](repeating: 0, count: 256)
  private var rows = [Int16](repeating: 0, count: 256)
  /// Of each row the symbols that were ever counted, and how many: most rows hold few.
  private var symbols = [UInt8](repeating: 0, count: 256)
  private var symbolCounts: [Int] = [0]
  private var isListed = [Bool](repeating: false, count: 256)

  /// Where the counts of order 1 after `first` begin; nil for a byte that never came first.
  @inline(__always)
  func row(after first: UInt8) -> Int? {
    let row = Int(rows[Int(first)])
    return row > 0 ? row * 256 : nil
  }

  /// `isNew`: no key of the same first two context bytes and symbol is there yet.
  mutating func add(_ key: ContextKey, isNew: Bool) {
    let first = UInt8(truncatingIfNeeded: key >> 56)
    let row = row(after: first) ?? openRow(after: first)
    let symbol = Int(key.symbol)
    list(symbol, row: 0)
    list(symbol, row: row)
    counts[symbol] += 1
    if counts[row + symbol] == 0 { types[symbol] += 1 }
    counts[row + symbol] += 1
    if isNew { types[row + symbol] += 1 }
  }

  @inline(__always)
  private mutating func list(_ symbol: Int, row: Int) {
    guard !isListed[row + symbol] else { return }
    isListed[row + symbol] = true
    symbols[row + symbolCounts[row / 256]] = UInt8(symbol)
    symbolCounts[row / 256] += 1
  }

  /// Names every symbol that was counted in `row`, with its count and types. O(symbols).
  @inline(__always)
  func visit(row: Int, _ body: (UInt8, Float, Float) -> Void) {
    for index in row..<(row + symbolCounts[row / 256]) {
      let symbol = symbols[index]
      let count = counts[row + Int(symbol)]
      if count > 0 { body(symbol, Float(count), Float(types[row + Int(symbol)])) }
    }
  }

  /// `isLast`: no key of the same first two context bytes and symbol is left. The key must have been added.
  mutating func remove(_ key: ContextKey, isLast: Bool) {
    guard let row = row(after: UInt8(truncatingIfNeeded: key >> 56)) else { return }
    let symbol = Int(key.symbol)
    counts[symbol] -= 1
    counts[row + symbol] -= 1
    if counts[row + symbol] == 0 { types[symbol] -= 1 }
    if isLast { types[row + symbol] -= 1 }
  }

  mutating func removeAll() {
    for index in counts.indices {
      counts[index] = 0
      types[index] = 0
    }
  }

  private mutating func openRow(after first: UInt8) -> Int {
    let row = counts.count
    counts.append(contentsOf: repeatElement(0, count: 256))
    types.append(contentsOf: repeatElement(0, count: 256))
    symbols.append(contentsOf: repeatElement(0, count: 256))
    isListed.append(contentsOf: repeatElement(false, count: 256))
    symbolCounts.append(0)
    rows[Int(first)] = Int16(row / 256)
    return row
  }
}

extension LowOrderCounts {
  /// Counts `keys`, which must be sorted. O(n).
  init(sorted keys: [ContextKey]) {
    var stamps = [UInt64](repeating: .max, count: 256)
    for key in keys {
      let pair = key >> 48
      let symbol = Int(key.symbol)
      add(key, isNew: stamps[symbol] != pair)
      stamps[symbol] = pair
    }
  }
}
