// SPDX-License-Identifier: Apache-2.0
// Programs/jamd, between THINKING and LIBRARY: many small things from one thread to a queue, without a wake-up for each.
import Synchronization

/// Keeps what is given in order until it is taken. While nobody has come to take what was announced, more is only added: a
/// starved queue is told once, and Dispatch starts no further threads for it.
///
/// `give` and `pass` are for one thread alone and never wait; `take` is for any other. Unbounded.
package final class Handover<Element: Sendable>: Sendable {
  private struct Box {
    var elements: [Element] = []
    var isAnnounced = false
  }

  private let box = Mutex(Box())
  /// What came while the box was being emptied. Touched by the giver alone.
  private nonisolated(unsafe) var held: [Element] = []

  package init() {}

  /// Whether somebody has to be told to `take`.
  package func give(_ element: Element) -> Bool {
    held.append(element)
    return pass()
  }

  /// What was held back goes into the box, if there is anything: to be called from time to time. The same result.
  package func pass() -> Bool {
    guard !held.isEmpty else { return false }
    let isNew = box.withLockIfAvailable { box in
      box.elements += held
      defer { box.isAnnounced = true }
      return !box.isAnnounced
    }
    if isNew != nil { held.removeAll(keepingCapacity: true) }
    return isNew ?? false
  }

  /// In the order in which they were given.
  package func take() -> [Element] {
    box.withLock { box in
      defer { box = Box() }
      return box.elements
    }
  }
}
