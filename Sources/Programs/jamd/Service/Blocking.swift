// SPDX-License-Identifier: Apache-2.0
// Programs/jamd: waiting, for the end of the program alone.
import Dispatch

enum Blocking {
  /// Waits for `work`, for `seconds` at most. Not while the loop runs.
  static func wait(seconds: Double, for work: @escaping @Sendable () async -> Void) {
    let done = DispatchSemaphore(value: 0)
    Task.detached {
      await work()
      done.signal()
    }
    _ = done.wait(timeout: .now() + seconds)
  }
}
