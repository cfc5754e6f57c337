// SPDX-License-Identifier: Apache-2.0
// Programs/jam-bench: the loop's wake-ups beside a bare thread's.
import Glibc
import Music
import RealTime

/// Every millisecond a timer of the loop expires, and half a millisecond later a bare thread of the same priority wakes
/// up. A deadline that has passed is met at once and counted with its whole lateness: none is left out.
@MainActor
struct LoopLateness {
  private static let period = Duration.milliseconds(1)

  private let loop: RealTimeLoop
  private let extent: Extent

  /// Makes the calling thread real-time for as long as it measures. Run it before anything is allocated that is large.
  static func figures(_ extent: Extent) -> [Figure] {
    do {
      let priority = try ThreadScheduling.becomeRealTime()
      defer { ThreadScheduling.becomeOrdinary() }
      let bench = LoopLateness(loop: try RealTimeLoop(), extent: extent)
      return bench.figures("quiet", isLoaded: false, priority) + bench.figures("loaded", isLoaded: true, priority)
    } catch {
      return [.skipped("loop beside a bare thread", because: "\(error)")]
    }
  }

  private func figures(_ name: String, isLoaded: Bool, _ priority: Int32) -> [Figure] {
    var (ours, bare): ([Quantiles], [Quantiles]) = ([], [])
    for _ in 0..<extent.runs {
      let busy = BusyThreads()
      let threads = isLoaded ? busy.start() : []
      let window = self.window(priority)
      busy.stop()
      for thread in threads { thread.join() }
      guard let window else { return [.skipped("loop, \(name)", because: "no real-time thread beside it was allowed")] }
      ours.append(window.ours)
      bare.append(window.bare)
    }
    return [
      .microseconds("loop, \(name), lateness", ours), .microseconds("bare thread beside it, \(name), lateness", bare),
      .ratio("loop / bare thread, \(name)", ours, to: bare),
    ]
  }

  /// One run; nil without a bare thread.
  private func window(_ priority: Int32) -> (ours: Quantiles, bare: Quantiles)? {
    let count = extent.loopSeconds * 1000
    let first = Instant.now() + .milliseconds(20)
    let bare = BareThread(capacity: count)
    let half = Duration.nanoseconds(Self.period.nanoseconds / 2)
    let thread = bare.start(first: first + half, period: Self.period, count: count, priority: priority)
    guard let thread else { return nil }
    let watch = TimerWatch(loop, capacity: count)
    watch.run(first: first, period: Self.period, count: count)
    thread.join()
    return bare.isRealTime ? (watch.lateness.quantiles(), bare.lateness.quantiles()) : nil
  }
}
