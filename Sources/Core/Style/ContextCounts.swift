// SPDX-License-Identifier: Apache-2.0
// Core/Style: what all stores of learned contexts have in common.

/// A multiset of `ContextKey` in order, of one viewpoint in one role.
protocol ContextCounts {
  associatedtype Span

  var count: Int { get }
  var everything: Span { get }
  /// The part of `span`, which holds the keys that share `order - 1` context bytes with `key`, that shares `order`.
  func narrowed(_ span: Span, to key: ContextKey, order: Int) -> Span
  func size(_ span: Span) -> Int
  /// Where the tally of `span`, the keys that share `order` context bytes with `key`, is kept: names every symbol in it
  /// once, with its count and the number of distinct contexts one byte longer that it followed. False, and nothing
  /// named, where it is not kept.
  func visitTally(of span: Span, _ key: ContextKey, order: Int, _ body: (UInt8, Float, Float) -> Void) -> Bool
  /// Every `stride`-th key of `span` in order.
  func forEach(in span: Span, stride: Int, _ body: (ContextKey) -> Void)
}
