// SPDX-License-Identifier: Apache-2.0
// Tests of JACKOutput: page faults over the callback's threads.
import JACKOutput
import Music
import RealTime
import Synchronization
import Testing

@Suite("Page faults of the callback") struct CallbackFaultsTests {
  private final class Kernel: Sendable {
    let faults = Mutex<[Int32: PageFaults]>([:])
  }

  @Test("those of a thread's first second do not count, those of a thread that is gone go on counting")
  func threads() {
    let kernel = Kernel()
    var faults = CallbackFaults { thread in kernel.faults.withLock { $0[thread] } }
    func look(_ thread: Int32, minor: Int64, at seconds: Int64) {
      kernel.faults.withLock { $0[thread] = PageFaults(minor: minor) }
      faults.follow(thread, at: .zero + .seconds(seconds))
    }
    look(7, minor: 40, at: 10)
    #expect(faults.total == nil)
    look(7, minor: 50, at: 11)
    #expect(faults.total == PageFaults())
    look(7, minor: 53, at: 12)
    #expect(faults.total?.total == 3)
    kernel.faults.withLock { $0[7] = nil }
    faults.follow(7, at: .zero + .seconds(13))
    #expect(faults.total?.total == 3, "the thread is gone")
    look(8, minor: 900, at: 14)
    #expect(faults.total?.total == 3)
    look(8, minor: 1000, at: 15)
    look(8, minor: 1001, at: 16)
    #expect(faults.total?.total == 4)
  }
}
