// SPDX-License-Identifier: Apache-2.0
// Core/Style: what one viewpoint has learned, immutable.

/// Every occurrence of a viewpoint's contexts, sorted. Counts of any order are the sizes of ranges: nothing is stored
/// twice, and what two sets of pieces teach together is the merge of both lists.
struct SortedCounts: Sendable {
  let keys: [ContextKey]
  let lowOrders: LowOrderCounts
  /// Where the keys of each first context byte begin; 257 entries.
  private let starts: [Int]

  /// `keys` must be sorted. O(n).
  init(sorted keys: [ContextKey]) {
    var starts = [Int](repeating: 0, count: 257)
    for key in keys { starts[Int(key >> 56) + 1] += 1 }
    for byte in 1...256 { starts[byte] += starts[byte - 1] }
    self.keys = keys
    self.starts = starts
    lowOrders = LowOrderCounts(sorted: keys)
  }

  var count: Int { keys.count }

  static func isSorted(_ keys: [ContextKey]) -> Bool {
    for index in keys.indices.dropFirst() where keys[index - 1] > keys[index] { return false }
    return true
  }

  /// Merges two sorted lists. O(n + m).
  static func merged(_ a: [ContextKey], _ b: [ContextKey]) -> [ContextKey] {
    [ContextKey](unsafeUninitializedCapacity: a.count + b.count) { buffer, count in
      var (i, j) = (0, 0)
      while i < a.count, j < b.count {
        if b[j] < a[i] {
          buffer[i + j] = b[j]
          j += 1
        } else {
          buffer[i + j] = a[i]
          i += 1
        }
      }
      while i < a.count {
        buffer[i + j] = a[i]
        i += 1
      }
      while j < b.count {
        buffer[i + j] = b[j]
        j += 1
      }
      count = i + j
    }
  }
}

extension SortedCounts: ContextCounts {
  func span(after key: ContextKey) -> Range<Int> {
    let byte = Int(key >> 56)
    return starts[byte]..<starts[byte + 1]
  }

  func narrowed(_ range: Range<Int>, to key: ContextKey, order: Int) -> Range<Int> {
    let first = key.first(order: order)
    let last = key.last(order: order)
    return keys.withUnsafeBufferPointer { keys in
      let lower = Self.lowerBound(keys, range) { $0 < first }
      return lower..<Self.lowerBound(keys, lower..<range.upperBound) { $0 <= last }
    }
  }

  @inline(__always)
  func forEach(in range: Range<Int>, stride: Int, _ body: (ContextKey) -> Void) {
    keys.withUnsafeBufferPointer { keys in
      var index = range.lowerBound
      while index < range.upperBound {
        body(keys[index])
        index += stride
      }
    }
  }

  func size(_ range: Range<Int>) -> Int { range.count }

  @inline(__always)
  private static func lowerBound(
    _ keys: UnsafeBufferPointer<ContextKey>, _ range: Range<Int>, _ isBefore: (ContextKey) -> Bool
  ) -> Int {
    var low = range.lowerBound
    var high = range.upperBound
    while low < high {
      let middle = (low + high) / 2
      if isBefore(keys[middle]) { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
