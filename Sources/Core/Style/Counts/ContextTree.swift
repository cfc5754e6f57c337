// SPDX-License-Identifier: Apache-2.0
// Core/Style: the contexts that occurred often, each with what followed it.

/// The contexts of one store under which `threshold` distinct keys or more lie, and the empty one, as a tree over the
/// sorted keys: a child knows one context byte more than its parent. Nodes stand level by level, so that the children of
/// a node stand together, in order of their bytes (the level-order trie of Heafield, "KenLM: faster and smaller language
/// model queries", WMT 2011, section 3.2, cut where scanning the keys is as fast).
///
/// A view into a style's memory. Every index is checked when it is used: no content leads outside.
struct ContextTree: @unchecked Sendable {
  /// What has fewer keys is counted from them when it is asked for.
  static let threshold = 32

  /// A context: its keys are `start..<end`; entries and children reach to where those of the next node begin.
  struct Node {
    static let size = 16

    let start: UInt32
    let end: UInt32
    let firstEntry: UInt32
    let firstChild: UInt32
  }

  /// A symbol that followed in 64 bits: symbol 8, how often 28, after how many contexts one byte longer 28.
  struct Entry {
    static let highest: UInt64 = 1 << 28 - 1

    let packed: UInt64

    @inline(__always) var symbol: UInt8 { UInt8(truncatingIfNeeded: UInt64(littleEndian: packed) >> 56) }
    @inline(__always) var count: Float {
      Float(Int32(truncatingIfNeeded: UInt64(littleEndian: packed) >> 28 & Self.highest))
    }
    @inline(__always) var types: Float {
      Float(Int32(truncatingIfNeeded: UInt64(littleEndian: packed) & Self.highest))
    }
  }

  /// The nodes, and one more whose entries and children begin where the last ones end; none without keys.
  let nodes: UnsafeBufferPointer<Node>
  /// The last context byte of each node.
  let bytes: UnsafeBufferPointer<UInt8>
  let entries: UnsafeBufferPointer<Entry>

  var count: Int { bytes.count }

  /// At most 256; none for a node that does not exist.
  @inline(__always)
  func entries(of node: Int) -> UnsafeBufferPointer<Entry> {
    guard node >= 0, node < bytes.count else { return UnsafeBufferPointer(start: nil, count: 0) }
    let first = Int(UInt32(littleEndian: nodes[node].firstEntry))
    let end = Int(UInt32(littleEndian: nodes[node + 1].firstEntry))
    guard first < end, end <= entries.count else { return UnsafeBufferPointer(start: nil, count: 0) }
    return UnsafeBufferPointer(rebasing: entries[first..<min(end, first + 256)])
  }

  /// Where the keys of `node` lie, of `keys` in all.
  @inline(__always)
  func range(of node: Int, keys: Int) -> Range<Int> {
    let start = Int(UInt32(littleEndian: nodes[node].start))
    let end = Int(UInt32(littleEndian: nodes[node].end))
    return start <= end && end <= keys ? start..<end : 0..<0
  }

  @inline(__always)
  func children(of node: Int) -> Range<Int> {
    let first = Int(UInt32(littleEndian: nodes[node].firstChild))
    let end = Int(UInt32(littleEndian: nodes[node + 1].firstChild))
    return node < first && first <= end && end <= bytes.count ? first..<end : 0..<0
  }

  /// The first of `children` whose byte is not below `byte`. O(log children).
  @inline(__always)
  func bound(_ children: Range<Int>, before byte: UInt8) -> Int {
    var low = children.lowerBound
    var high = children.upperBound
    while low < high {
      let middle = (low + high) / 2
      if bytes[middle] < byte { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
