// SPDX-License-Identifier: Apache-2.0
// Programs/jam-bench: threads to compare with and to disturb with.
import Glibc
import Music
import RealTime
import Synchronization

/// A thread of its own, joined once.
struct PlainThread {
  private let thread: pthread_t

  private final class Body: Sendable {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }

  /// Nil when the system gives no thread.
  init?(_ run: @escaping @Sendable () -> Void) {
    var thread = pthread_t()
    let body = Unmanaged.passRetained(Body(run))
    let error = pthread_create(
      &thread, nil,
      { argument in
        argument.map { Unmanaged<Body>.fromOpaque($0).takeRetainedValue().run() }
        return nil
      }, body.toOpaque())
    guard error == 0 else {
      body.release()
      return nil
    }
    self.thread = thread
  }

  func join() { _ = pthread_join(thread, nil) }
}

/// Keeps a real-time thread that measures from computing without a pause: the kernel would stop it for 50 ms of each second
/// (sched(7), sched_rt_runtime_us), as it never does the daemon's, which sleeps between its steps.
struct Rests {
  private var since = Instant.now()

  /// To be called often, between what is timed: sleeps for an eighth of what was computed.
  mutating func rest() {
    let busy = (Instant.now() - since).nanoseconds
    guard busy > 1_000_000 else { return }
    usleep(UInt32(min(busy / 8000, 1_000_000)))
    since = .now()
  }
}

/// A SCHED_FIFO thread that does nothing but sleep until the next moment: the least lateness this kernel allows.
final class BareThread: Sendable {
  let lateness: LatenessLog
  private let error = Atomic<Bool>(false)

  init(capacity: Int) { lateness = LatenessLog(capacity: capacity) }

  /// False after `start` when the thread was refused its priority.
  var isRealTime: Bool { !error.load(ordering: .acquiring) }

  func start(first: Instant, period: Duration, count: Int, priority: Int32) -> PlainThread? {
    PlainThread { [self] in
      guard (try? ThreadScheduling.becomeRealTime(priority: priority)) == priority else {
        error.store(true, ordering: .releasing)
        return
      }
      var deadline = first
      for _ in 0..<count {
        Self.sleep(until: deadline)
        lateness.record(Instant.now(), after: deadline)
        deadline = deadline + period
      }
    }
  }

  private static func sleep(until deadline: Instant) {
    let nanoseconds = Int(deadline.nanoseconds)
    var time = timespec(tv_sec: nanoseconds / 1_000_000_000, tv_nsec: nanoseconds % 1_000_000_000)
    while clock_nanosleep(CLOCK_MONOTONIC, Int32(TIMER_ABSTIME), &time, nil) == EINTR {}
  }
}

/// Ordinary threads, one a core, that compute until they are stopped.
final class BusyThreads: Sendable {
  private let isStopped = Atomic<Bool>(false)

  func start() -> [PlainThread] {
    (0..<max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))).compactMap { index in
      PlainThread { [self] in
        var random = RandomSource(seed: UInt64(index))
        while !isStopped.load(ordering: .relaxed) { for _ in 0..<1000 { _ = random.next() } }
      }
    }
  }

  func stop() { isStopped.store(true, ordering: .relaxed) }
}
