// SPDX-License-Identifier: Apache-2.0
// Core/Style: what all stores of learned contexts have in common.

/// A multiset of `ContextKey` in order.
protocol ContextCounts {
  associatedtype Span

  var count: Int { get }
  var lowOrders: LowOrderCounts { get }
  /// The keys that share the first byte with `key`.
  func span(after key: ContextKey) -> Span
  /// The part of `span`, which holds the keys that share `order - 1` context bytes with `key`, that shares `order`.
  func narrowed(_ span: Span, to key: ContextKey, order: Int) -> Span
  func size(_ span: Span) -> Int
  /// Every `stride`-th key of `span` in order.
  func forEach(in span: Span, stride: Int, _ body: (ContextKey) -> Void)
}
