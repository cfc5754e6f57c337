// SPDX-License-Identifier: Apache-2.0
// Programs/jam-bench: the loop's wake-ups beside a bare thread's.
import Glibc
import Music
import RealTime

/// Every millisecond a timer of the loop expires, and half a millisecond later a bare thread of the same priority wakes
/// up. A deadline that has passed is met at once and counted with its whole lateness: none is left out. Then the same
/// with a loop that is an ordinary thread, as where SCHED_FIFO is not permitted.
@MainActor
struct LoopLateness {
  private static let period = Duration.milliseconds(1)
  /// What is claimed of p99.9 beside the bare thread's, with the loop's priority.
  private static let (quietRatio, loadedRatio) = (1.25, 1.5)

  private let loop: RealTimeLoop
  private let extent: Extent
  /// Of the last window of each kind, in microseconds.
  private var charts: [Chart] = []

  private init(loop: RealTimeLoop, extent: Extent) { (self.loop, self.extent) = (loop, extent) }

  /// Makes the calling thread real-time for as long as it measures. Run it before anything is allocated that is large.
  static func figures(_ extent: Extent) -> (figures: [Figure], charts: [Chart]) {
    do {
      let priority = try ThreadScheduling.becomeRealTime()
      defer { ThreadScheduling.becomeOrdinary() }
      var bench = LoopLateness(loop: try RealTimeLoop(), extent: extent)
      var figures = bench.figures("quiet", isLoaded: false, priority) { $0.claimed(atMost: quietRatio, whereQuiet: $1) }
      figures += bench.figures("loaded", isLoaded: true, priority) { ratio, _ in ratio.claimed(atMost: loadedRatio) }
      ThreadScheduling.becomeOrdinary()
      figures += bench.figures("quiet, without permission", isLoaded: false, priority)
      figures += bench.figures("loaded, without permission", isLoaded: true, priority)
      return (figures, bench.charts)
    } catch {
      return ([.skipped("loop beside a bare thread", because: "\(error)")], [])
    }
  }

  /// `claim` says what is claimed of the ratio, given the bare thread's runs.
  private mutating func figures(
    _ name: String, isLoaded: Bool, _ priority: Int32, claim: (Figure, [Quantiles]) -> Figure = { ratio, _ in ratio }
  ) -> [Figure] {
    var (ours, bare): ([Quantiles], [Quantiles]) = ([], [])
    var (oursAll, bareAll): ([Double], [Double]) = ([], [])
    for _ in 0..<extent.runs {
      let busy = BusyThreads()
      let threads = isLoaded ? busy.start() : []
      let window = self.window(priority)
      busy.stop()
      for thread in threads { thread.join() }
      guard let window else { return [.skipped("loop, \(name)", because: "no real-time thread beside it was allowed")] }
      ours.append(window.ours.quantiles())
      bare.append(window.bare.quantiles())
      oursAll += window.ours.microseconds
      bareAll += window.bare.microseconds
    }
    charts.append(
      Chart(
        title: "Lateness of a 1 ms timer, \(name)", xLabel: "microseconds late", yLabel: "wake-ups",
        series: [Chart.histogram("jamd's loop", oursAll), Chart.histogram("bare thread beside it", bareAll)]))
    return [
      .microseconds("loop, \(name), lateness", ours), .microseconds("bare thread beside it, \(name), lateness", bare),
      claim(.ratio("loop / bare thread, \(name)", ours, to: bare), bare),
    ]
  }

  /// One run; nil without a bare thread.
  private func window(_ priority: Int32) -> (ours: LatenessLog, bare: LatenessLog)? {
    let count = extent.loopSeconds * 1000
    let first = Instant.now() + .milliseconds(20)
    let bare = BareThread(capacity: count)
    let half = Duration.nanoseconds(Self.period.nanoseconds / 2)
    let thread = bare.start(first: first + half, period: Self.period, count: count, priority: priority)
    guard let thread else { return nil }
    let watch = TimerWatch(loop, capacity: count)
    watch.run(first: first, period: Self.period, count: count)
    thread.join()
    return bare.isRealTime ? (watch.lateness, bare.lateness) : nil
  }
}
