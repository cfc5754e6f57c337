// SPDX-License-Identifier: Apache-2.0
// JamTestKit: one test at a time talks to a JACK server.
import Dispatch

/// Held while this process uses libjack: the library keeps one server's state for the whole process, so that tests
/// against two servers must not run side by side. Made when no other is left (it waits, without limit), given back when
/// dropped. A test that uses it must be synchronous: it blocks a thread of the test runner.
public final class JACKLibraryLock: Sendable {
  private static let semaphore = DispatchSemaphore(value: 1)

  public init() { Self.semaphore.wait() }

  deinit { Self.semaphore.signal() }
}
