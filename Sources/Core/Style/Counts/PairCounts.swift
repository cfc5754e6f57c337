// SPDX-License-Identifier: Apache-2.0
// Core/Style: the statistical model. How often each symbol followed each pair of context bytes.

/// How often each symbol followed the first two context bytes of its key: what tells whether a context one byte long has
/// seen its symbol in a new place.
///
/// A hash table of open addressing with linear probing, in which removing closes the gap (Knuth, "The Art of Computer
/// Programming", vol. 3, section 6.4, algorithms L and R): nothing that was removed leaves a trace. 8 bytes a place, at
/// most two thirds of which are taken.
package struct PairCounts: Sendable {
  /// Pair and symbol in the upper 24 bits, how often in the lower 40; 0 where nothing is. Their number is a power of two.
  private var places: [UInt64] = []
  private var taken = 0

  private static let countBits: UInt64 = 40

  package init() {}

  /// `key` is a `ContextKey`. Tells how often it has occurred now. O(1), amortised.
  package mutating func add(_ key: UInt64) -> Int {
    if taken * 3 >= places.count * 2 { grow() }
    let name = Self.name(key)
    let place = place(of: name)
    if places[place] == 0 {
      places[place] = name
      taken += 1
    }
    places[place] += 1
    return Int(places[place] - name)
  }

  /// Tells how often it is left; 0, too, where it never occurred. O(1).
  package mutating func remove(_ key: UInt64) -> Int {
    guard taken > 0 else { return 0 }
    let name = Self.name(key)
    let place = place(of: name)
    guard places[place] != 0 else { return 0 }
    let left = places[place] - 1 - name
    if left == 0 { close(place) } else { places[place] -= 1 }
    return Int(left)
  }

  package mutating func removeAll() {
    guard taken > 0 else { return }
    for index in places.indices { places[index] = 0 }
    taken = 0
  }

  private static func name(_ key: ContextKey) -> UInt64 {
    ((key >> 48) << 8 | UInt64(key.symbol)) << countBits
  }

  /// Where `name` is, or would be. There is a free place.
  private func place(of name: UInt64) -> Int {
    var place = home(of: name)
    places.withUnsafeBufferPointer { places in
      while places[place] != 0, places[place] >> Self.countBits != name >> Self.countBits {
        place = (place + 1) & (places.count - 1)
      }
    }
    return place
  }

  /// Fibonacci hashing: the upper bits of the product.
  private func home(of name: UInt64) -> Int {
    Int(truncatingIfNeeded: ((name >> Self.countBits) &* 0x9E37_79B9_7F4A_7C15) >> 32) & (places.count - 1)
  }

  /// Moves what was pushed beyond `place` back towards its home.
  private mutating func close(_ place: Int) {
    var gap = place
    var next = place
    places[gap] = 0
    taken -= 1
    while true {
      next = (next + 1) & (places.count - 1)
      guard places[next] != 0 else { return }
      let home = home(of: places[next])
      // Between the gap and its place it is at home or as near as it can be.
      let isReached = gap <= next ? gap < home && home <= next : gap < home || home <= next
      if isReached { continue }
      places[gap] = places[next]
      places[next] = 0
      gap = next
    }
  }

  private mutating func grow() {
    let former = places
    places = [UInt64](repeating: 0, count: max(16, former.count * 2))
    for entry in former where entry != 0 { places[place(of: entry)] = entry }
  }
}
