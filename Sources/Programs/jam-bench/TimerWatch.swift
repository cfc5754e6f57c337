// SPDX-License-Identifier: Apache-2.0
// Programs/jam-bench: a periodic timer of the loop, watched.
import Music
import RealTime

/// Sets one timer `count` times, a period apart, then stops the loop.
@MainActor
final class TimerWatch {
  let lateness: LatenessLog
  private let loop: RealTimeLoop
  private var timer: RealTimeLoop.Timer?
  private var deadline = Instant.zero
  private var period = Duration.zero
  private var left = 0

  init(_ loop: RealTimeLoop, capacity: Int) {
    self.loop = loop
    lateness = LatenessLog(capacity: capacity)
    timer = loop.addTimer { [weak self] now in self?.expired(at: now) }
  }

  /// Runs the loop until all deadlines have been met.
  func run(first: Instant, period: Duration, count: Int) {
    (deadline, left, self.period) = (first, count, period)
    arm()
    loop.run()
  }

  private func expired(at now: Instant) {
    lateness.record(now, after: deadline)
    left -= 1
    guard left > 0 else { return loop.stop() }
    deadline = deadline + period
    arm()
  }

  private func arm() {
    if let timer { loop.set(timer, at: deadline) }
  }
}
