// SPDX-License-Identifier: Apache-2.0
// RealTime: signals as events of the loop.
import CLinux
import Glibc

extension RealTimeLoop {
  /// Calls `handler` with the number of each of `signals` that arrives, as an ordinary event of the loop.
  ///
  /// Call it before the first thread is started: it blocks the signals in the calling thread, and threads inherit that.
  /// So do child processes: give them an empty mask (`POSIX_SPAWN_SETSIGMASK`).
  public func addSignals(_ signals: [Int32], _ handler: @escaping @MainActor (Int32) -> Void) throws(LoopError) {
    let descriptor = signals.withUnsafeBufferPointer {
      clinux_signal_descriptor($0.baseAddress, Int32($0.count))
    }
    guard descriptor >= 0 else { throw LoopError.noDescriptor("signalfd", errno) }
    _ = add(descriptor, for: .readable, named: "a signal") { _ in
      while case let signal = clinux_signal_read(descriptor), signal != 0 { handler(signal) }
    }
  }
}
