// SPDX-License-Identifier: Apache-2.0
// Devices/JACKOutput: a measure. Page faults of the threads that have run the callback.
import Music
import RealTime

/// What the callback's thread has faulted since it was a second old (its first cycles' faults are the price of starting),
/// and those before it, one to each connection to a server. What a thread faults in its last second may be missed. A value
/// for the loop; O(1) a call, and a read of the kernel's file of the thread once a second.
package struct CallbackFaults {
  private static let look = Duration.seconds(1)
  private var thread: Int32 = 0
  private var nextLook = Instant.zero
  /// When the thread was a second old, and at the latest look.
  private var (first, latest): (PageFaults?, PageFaults)
  /// Of the threads before.
  private var before = PageFaults()
  private let read: @Sendable (Int32) -> PageFaults?

  package init(read: @escaping @Sendable (Int32) -> PageFaults? = PageFaults.of(thread:)) {
    (first, latest) = (nil, PageFaults())
    self.read = read
  }

  /// To be called at every tick while there are cycles.
  package mutating func follow(_ number: Int32, at now: Instant) {
    if number != thread {
      before = sum
      (thread, nextLook, first) = (number, now + Self.look, nil)
    }
    guard now >= nextLook else { return }
    nextLook = now + Self.look
    guard let faults = read(thread) else { return }
    (first, latest) = (first ?? faults, faults)
  }

  /// As of the latest look; nil before the first.
  package var total: PageFaults? { first == nil && before == PageFaults() ? nil : sum }

  private var sum: PageFaults {
    guard let first else { return before }
    return PageFaults(
      minor: before.minor + latest.minor - first.minor, major: before.major + latest.major - first.major)
  }
}
