// SPDX-License-Identifier: Apache-2.0
// Core/Style: counts of orders 0 and 1, which are asked for at every step and would be long to count anew.

/// For the empty context and every context of one byte: how often each symbol followed, and after how many distinct
/// contexts of one byte more. Rows hold only symbols that occurred, 12 bytes each: most hold few.
struct LowOrderCounts: Sendable {
  private struct Entry {
    var symbol: UInt8
    var count: UInt32
    var types: UInt32
  }

  /// One row for the empty context, then one for each known first byte, in order of their appearance.
  private var rows: [[Entry]] = [[]]
  /// By first byte; 0 for one that never came first.
  private var numbers = [Int16](repeating: 0, count: 256)
  /// By symbol: 1 more than its place in the row of the empty context, which is long.
  private var places = [UInt16](repeating: 0, count: 256)
  private var pairs = PairCounts()

  /// The row of the empty context is 0; nil for a byte that never came first.
  @inline(__always)
  func row(after first: UInt8) -> Int? {
    let row = Int(numbers[Int(first)])
    return row > 0 ? row : nil
  }

  /// O(symbols).
  mutating func add(_ key: ContextKey) {
    let row = row(after: key.firstByte) ?? openRow(after: key.firstByte)
    let whole = openPlace(of: key.symbol, row: 0)
    let place = openPlace(of: key.symbol, row: row)
    rows[0][whole].count += 1
    if rows[row][place].count == 0 { rows[0][whole].types += 1 }
    rows[row][place].count += 1
    if pairs.add(key) == 1 { rows[row][place].types += 1 }
  }

  /// The key must have been added. O(symbols).
  mutating func remove(_ key: ContextKey) {
    guard let row = row(after: key.firstByte), let whole = place(of: key.symbol, row: 0),
      let place = place(of: key.symbol, row: row)
    else { return }
    rows[0][whole].count -= 1
    rows[row][place].count -= 1
    if rows[row][place].count == 0 { rows[0][whole].types -= 1 }
    if pairs.remove(key) == 0 { rows[row][place].types -= 1 }
  }

  /// Names every symbol that was counted in `row`, with its count and types. O(symbols).
  @inline(__always)
  func visit(row: Int, _ body: (UInt8, Float, Float) -> Void) {
    rows[row].withUnsafeBufferPointer { row in
      for entry in row where entry.count > 0 { body(entry.symbol, Float(entry.count), Float(entry.types)) }
    }
  }

  mutating func removeAll() {
    for row in rows.indices { rows[row].removeAll(keepingCapacity: true) }
    for symbol in places.indices { places[symbol] = 0 }
    pairs.removeAll()
  }

  @inline(__always)
  private func place(of symbol: UInt8, row: Int) -> Int? {
    if row == 0 { return places[Int(symbol)] > 0 ? Int(places[Int(symbol)]) - 1 : nil }
    return rows[row].withUnsafeBufferPointer { row in row.firstIndex { $0.symbol == symbol } }
  }

  private mutating func openPlace(of symbol: UInt8, row: Int) -> Int {
    if let place = place(of: symbol, row: row) { return place }
    rows[row].append(Entry(symbol: symbol, count: 0, types: 0))
    if row == 0 { places[Int(symbol)] = UInt16(rows[0].count) }
    return rows[row].count - 1
  }

  private mutating func openRow(after first: UInt8) -> Int {
    rows.append([])
    numbers[Int(first)] = Int16(rows.count - 1)
    return rows.count - 1
  }
}

extension ContextKey {
  @inline(__always) fileprivate var firstByte: UInt8 { UInt8(truncatingIfNeeded: self >> 56) }
}
