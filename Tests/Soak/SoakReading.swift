// SPDX-License-Identifier: Apache-2.0
// Tests/Soak: what has been counted so far, read every few seconds.
import ControlProtocol
import JamTestKit

struct SoakReading {
  let xruns: Int
  /// Microseconds of each stretch that the server has passed over.
  let skips: [Double]
  /// How late events were, and how many of them.
  let lateness: Distribution
  let lateEvents: Int
  /// Messages of jamd's that the listener has heard.
  let events: Int

  init(_ band: Band, _ status: StatusSnapshot?, period: Int) {
    xruns = Int(band.listener.xruns)
    skips = band.listener.skips().map { Double($0.frames) / 48000 * 1e6 }
    lateness = status?.latency.events ?? .empty
    lateEvents = status?.latency.lateEvents ?? 0
    events = band.heard
  }

  /// What happened between each reading and the one before, beside the latest wake-ups of the threads that only sleep meanwhile.
  static func intervals(_ readings: [SoakReading], _ others: [[ReferenceClient.Reading]]) -> [LatenessVerdict.Interval]
  {
    readings.indices.map { index in
      let (now, before) = (readings[index], index > 0 ? readings[index - 1] : nil)
      var interval = LatenessVerdict.Interval()
      interval.lateEvents = now.lateEvents - (before?.lateEvents ?? 0)
      interval.latest = now.lateness.lowerBoundOfRise(since: before?.lateness)
      interval.events = now.events - (before?.events ?? 0)
      let skips = now.skips.dropFirst(before?.skips.count ?? 0)
      (interval.skipped, interval.longestSkip) = (skips.reduce(0, +), skips.max() ?? 0)
      interval.idleThread = Double(others.compactMap { $0.indices.contains(index) ? $0[index].late : nil }.max() ?? 0)
      return interval
    }
  }
}

extension Distribution {
  /// What the largest measurement that has come since `before` was at least; 0 where none has.
  fileprivate func lowerBoundOfRise(since before: Distribution?) -> Double {
    let octave = octaves.indices.last { index in
      octaves[index] > (before.map { $0.octaves.indices.contains(index) ? $0.octaves[index] : 0 } ?? 0)
    }
    return octave.map { $0 > 0 ? Double(1 << ($0 - 1)) : 0 } ?? 0
  }
}
