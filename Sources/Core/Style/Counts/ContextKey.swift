// SPDX-License-Identifier: Apache-2.0
// Core/Style: a symbol and what preceded it, as one number.

/// Seven context bytes, the most telling in the highest, and the symbol that followed in the lowest. All occurrences of a
/// context of any order are neighbours when keys are sorted: every order is a range within the range of the order below.
typealias ContextKey = UInt64

extension Viewpoint {
  /// The context, with symbol 0, of `event`, which is or will be the one at `index`: reads the events before `index`, and
  /// of `event` only what a step of lag 0 names.
  @inline(__always)
  func key(of event: EventBytes, at index: Int, after events: [EventBytes]) -> ContextKey {
    var key: ContextKey = 0
    for step in 0..<context.count {
      let position = index - Int(context[step].lag)
      let attribute = context[step].attribute
      let byte = position == index ? event[attribute] : position >= 0 ? events[position][attribute] : 0
      key |= ContextKey(byte) << UInt64(56 - 8 * step)
    }
    return key
  }
}

extension ContextKey {
  @inline(__always) var symbol: UInt8 { UInt8(truncatingIfNeeded: self) }

  /// The lowest key that shares the first `order` context bytes.
  @inline(__always) func first(order: Int) -> ContextKey { order == 0 ? 0 : self & (~0 << UInt64(64 - 8 * order)) }

  /// The highest key that shares the first `order` context bytes.
  @inline(__always) func last(order: Int) -> ContextKey { order == 0 ? ~0 : self | ~(~0 << UInt64(64 - 8 * order)) }
}
