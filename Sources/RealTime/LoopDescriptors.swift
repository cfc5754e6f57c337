// SPDX-License-Identifier: Apache-2.0
// RealTime: the file descriptors the loop waits for.
import Glibc

/// What happened to a descriptor that the loop waits for.
public struct Readiness: OptionSet, Hashable, Sendable {
  public let rawValue: UInt8

  public init(rawValue: UInt8) { self.rawValue = rawValue }

  public static let readable = Readiness(rawValue: 1)
  public static let writable = Readiness(rawValue: 2)
  /// Closed by the other side, in error, or not open at all.
  public static let failed = Readiness(rawValue: 4)

  init(events: Int16) {
    self = []
    if events & Int16(POLLIN) != 0 { insert(.readable) }
    if events & Int16(POLLOUT) != 0 { insert(.writable) }
    if events & Int16(POLLERR | POLLHUP | POLLNVAL) != 0 { insert(.failed) }
  }

  var events: Int16 {
    Int16(contains(.readable) ? POLLIN : 0) | Int16(contains(.writable) ? POLLOUT : 0)
  }
}

/// A set of descriptors for poll(2), each known by a number that is never given twice. Not thread-safe.
package struct LoopDescriptors {
  private var polled: [pollfd] = []
  private var numbers: [Int] = []
  private var last = 0

  package init() {}

  package mutating func add(_ descriptor: Int32, for interest: Readiness) -> Int {
    last += 1
    polled.append(pollfd(fd: descriptor, events: interest.events, revents: 0))
    numbers.append(last)
    return last
  }

  /// Does nothing when it is gone already.
  package mutating func remove(_ number: Int) {
    guard let index = numbers.firstIndex(of: number) else { return }
    numbers.remove(at: index)
    polled.remove(at: index)
  }

  package func contains(_ number: Int) -> Bool { numbers.contains(number) }

  /// Waits for any of them; appends what is ready to `ready`, in the order in which they were added.
  ///
  /// A negative `milliseconds` waits without end. A signal ends the wait with nothing ready.
  package mutating func wait(milliseconds: Int32, into ready: inout [(number: Int, Readiness)]) {
    let count = poll(&polled, nfds_t(polled.count), milliseconds)
    guard count > 0 else { return }
    for (index, entry) in polled.enumerated() where entry.revents != 0 {
      ready.append((numbers[index], Readiness(events: entry.revents)))
    }
  }
}
