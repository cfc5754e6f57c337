// SPDX-License-Identifier: Apache-2.0
// RealTime: THINKING's loop. It owns the main thread and, with it, Dispatch's main queue.
import CLinux
import Dispatch  // links libdispatch, whose main queue CLinux drains
import Glibc
import Music

/// The one serial executor of what jamd thinks: the main thread polls descriptors, timers and Dispatch's main queue.
///
/// A Dispatch source or timer would pass through libdispatch's manager thread, which is not real-time; here the thread
/// that waits is the thread that acts. `DispatchQueue.main` and `MainActor` stay what everybody else posts to.
/// In every turn descriptors come first, in the order in which they were added, then timers by deadline, then what the
/// main queue held at that moment: however many jobs are posted, a key press waits for one turn at most.
///
/// Handlers may allocate and must not block. Main thread only, by its isolation.
@MainActor
public final class RealTimeLoop {
  /// Names a descriptor, a timer: only its own loop can tell what it means.
  public struct Watch: Hashable, Sendable { let number: Int }
  public struct Timer: Hashable, Sendable { let number: Int }

  public typealias DescriptorHandler = @MainActor (Readiness) -> Void
  public typealias TimerHandler = @MainActor (Instant) -> Void

  /// How long after its deadline the loop got to each expired timer, in nanoseconds.
  public nonisolated let lateness = Histogram()

  /// What it is busy with.
  public nonisolated let activity = LoopActivity()

  private var descriptors = LoopDescriptors()
  private var descriptorHandlers: [Int: (step: Int, body: DescriptorHandler)] = [:]
  private var timers = LoopTimers()
  private var timerHandlers: [(step: Int, body: TimerHandler)] = []
  private let mainQueueStep: Int
  private var ready: [(number: Int, Readiness)] = []
  private let alarm: Int32
  private var armed: Instant?
  private let alarmNumber: Int
  private var mainQueueNumber: Int?
  private var isStopped = false

  /// Takes the main queue over: from here on only `run()` drains it. Throws when the kernel has no descriptor left.
  public convenience init() throws(LoopError) { try self.init(drainsMainQueue: true) }

  /// Without the main queue, for tests whose runner drains it itself.
  package init(drainsMainQueue: Bool) throws(LoopError) {
    alarm = clinux_timer_descriptor()
    guard alarm >= 0 else { throw LoopError.noDescriptor("timerfd_create", errno) }
    mainQueueStep = activity.add("jobs of the main queue")
    alarmNumber = descriptors.add(alarm, for: .readable)
    if drainsMainQueue {
      mainQueueNumber = descriptors.add(clinux_main_queue_descriptor(), for: .readable)
    }
    ready.reserveCapacity(16)
  }

  deinit { close(alarm) }

  // MARK: Descriptors

  /// Calls `handler` in every turn in which the descriptor is ready. The descriptor stays the caller's to close, after
  /// `remove`. One that has failed is removed by the loop when its handler has been told (`failed`): left in place it
  /// would keep a real-time thread spinning. `name` is for people who look for what keeps the loop.
  public func add(
    _ descriptor: Int32, for interest: Readiness, named name: String = "a descriptor",
    _ handler: @escaping DescriptorHandler
  ) -> Watch {
    let number = descriptors.add(descriptor, for: interest)
    descriptorHandlers[number] = (activity.add(name), handler)
    return Watch(number: number)
  }

  /// Its handler is not called again, not even in the turn in progress.
  public func remove(_ watch: Watch) {
    descriptors.remove(watch.number)
    descriptorHandlers[watch.number] = nil
  }

  // MARK: Timers

  /// A timer that calls `handler` with the present each time it expires. Timers are not removed, only left unset.
  public func addTimer(named name: String = "a timer", _ handler: @escaping TimerHandler) -> Timer {
    timerHandlers.append((activity.add(name), handler))
    return Timer(number: timers.add())
  }

  /// Lets the timer expire once, at `deadline` or as soon as possible after it; nil: not at all. Replaces what was set.
  public func set(_ timer: Timer, at deadline: Instant?) { timers.set(timer.number, at: deadline) }

  // MARK: Running

  /// Returns after `stop()`.
  public func run() {
    isStopped = false
    while !isStopped { turn(milliseconds: -1) }
  }

  /// Lets `run()` return at the end of the turn in progress.
  public func stop() { isStopped = true }

  /// One turn: waits for at most `milliseconds` (negative: without end), then serves everything that is ready.
  package func turn(milliseconds: Int32) {
    arm()
    ready.removeAll(keepingCapacity: true)
    activity.begin(LoopActivity.waiting, at: .now())
    descriptors.wait(milliseconds: milliseconds, into: &ready)
    var mainQueueIsReady = false
    for (number, readiness) in ready {
      switch number {
      case alarmNumber:
        drain(alarm)
        armed = nil
      case mainQueueNumber: mainQueueIsReady = true
      default: serve(number, readiness)
      }
    }
    serveTimers()
    if mainQueueIsReady {
      drain(clinux_main_queue_descriptor())
      activity.begin(mainQueueStep, at: .now())
      clinux_drain_main_queue()
    }
  }

  private func serve(_ number: Int, _ readiness: Readiness) {
    if let (step, body) = descriptorHandlers[number] {
      activity.begin(step, at: .now())
      body(readiness)
    }
    if readiness.contains(.failed) { remove(Watch(number: number)) }
  }

  /// No more calls than there are timers: one that sets itself for the past must not keep the descriptors waiting.
  private func serveTimers() {
    for _ in 0..<timerHandlers.count {
      let now = Instant.now()
      guard let (timer, deadline) = timers.popDue(at: now) else { return }
      lateness.record(UInt64(max(0, now.nanoseconds - deadline.nanoseconds)))
      activity.begin(timerHandlers[timer].step, at: now)
      timerHandlers[timer].body(now)
    }
  }

  private func arm() {
    let earliest = timers.earliest
    guard earliest != armed else { return }
    armed = earliest
    _ = clinux_timer_set(alarm, earliest.map { max(1, $0.nanoseconds) } ?? 0)
  }

  /// An eventfd and a timerfd both hold one 8-byte count.
  private func drain(_ descriptor: Int32) {
    var count: UInt64 = 0
    _ = read(descriptor, &count, 8)
  }
}

/// Why the loop cannot be.
public enum LoopError: Error, Hashable, Sendable, CustomStringConvertible {
  case noDescriptor(String, Int32)

  public var description: String {
    switch self {
    case .noDescriptor(let call, let error):
      "loop: \(call) failed (\(String(cString: strerror(error)))): raise the limit of open files (ulimit -n, LimitNOFILE)"
    }
  }
}
