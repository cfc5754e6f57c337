// SPDX-License-Identifier: Apache-2.0
// Core/Style: what all stores of learned contexts have in common.

/// A multiset of `ContextKey` in order, of one viewpoint in one role.
protocol ContextCounts {
  associatedtype Span

  var isEmpty: Bool { get }
  var everything: Span { get }
  /// The part of `span`, which holds the keys that share `order - 1` context bytes with `key`, that shares `order`.
  func narrowed(_ span: Span, to key: ContextKey, order: Int) -> Span
  /// 0 for a span without keys.
  func size(_ span: Span) -> Int
  /// Where the tally of `span`, the keys that share `order` context bytes with `key`, is kept: names every symbol in it
  /// once, with its count and the number of distinct contexts one byte longer that it followed. False, and nothing
  /// named, where it is not kept.
  func visitTally(of span: Span, _ key: ContextKey, order: Int, _ body: (UInt8, Float, Float) -> Void) -> Bool
  /// About `limit` keys of `span` evenly, in order, each with how often it occurred.
  func forEach(in span: Span, atMost limit: Int, _ body: (ContextKey, Float) -> Void)
}
