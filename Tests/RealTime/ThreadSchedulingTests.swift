// SPDX-License-Identifier: Apache-2.0
// Tests of RealTime: scheduling, each on a thread of its own so that no other test becomes real-time.
import CLinux
import Foundation
import RealTime
import Testing

/// Runs `body` on a new thread and waits for what it gives.
private func onNewThread<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
  await withCheckedContinuation { continuation in
    Thread { continuation.resume(returning: body()) }.start()
  }
}

@Suite struct ThreadSchedulingTests {
  @Test("a thread is real-time when it says so, and threads that it starts are not")
  func resetOnFork() async {
    let (promoted, isRealTime, child) = await onNewThread { () -> (Bool, Bool, Bool) in
      let promoted = (try? ThreadScheduling.becomeRealTime()) != nil
      let done = DispatchSemaphore(value: 0)
      nonisolated(unsafe) var child = true
      Thread {
        child = ThreadScheduling.isRealTime
        done.signal()
      }.start()
      done.wait()
      return (promoted, ThreadScheduling.isRealTime, child)
    }
    #expect(promoted == isRealTime)
    #expect(!child)
  }

  @Test("a real-time thread can become ordinary again")
  func demotion() async {
    let isRealTime = await onNewThread { () -> Bool in
      _ = try? ThreadScheduling.becomeRealTime()
      ThreadScheduling.becomeOrdinary()
      return ThreadScheduling.isRealTime
    }
    #expect(!isRealTime)
  }

  @Test("a priority that the kernel does not know is refused with the way out, and leaves the thread as it was")
  func refusal() async {
    let (text, isRealTime) = await onNewThread { () -> (String?, Bool) in
      do throws(SchedulingError) {
        _ = try ThreadScheduling.becomeRealTime(priority: 1000)
        return (nil, ThreadScheduling.isRealTime)
      } catch {
        return (error.description, ThreadScheduling.isRealTime)
      }
    }
    #expect(text?.contains("not real-time") == true)
    #expect(!isRealTime)
  }

  @Test("what to do without permission is said in one line")
  func wayOut() {
    for limit in [0, 20] as [UInt64] {
      let text = SchedulingError.refused(priority: 4, error: EPERM, limit: limit).description
      #expect(!text.contains("\n"))
      #expect(text.contains(limit == 0 ? "LimitRTPRIO" : "CAP_SYS_NICE"))
    }
  }
}
