// SPDX-License-Identifier: Apache-2.0
// Core/Listening: the tempo of a phrase.
import Glibc
import Music

/// The tempo under which a phrase's onsets lie best on a grid of sixteenths and triplets.
///
/// Every candidate period is scored by how near the onsets' distances lie to the grid (a Gaussian of the deviation),
/// coarser positions counting more, times a log-Gaussian prior around the last tempo or 120 beats a minute (the preferred
/// tempo: Parncutt 1994, van Noorden and Moelants 1999). Deterministic; O(candidates x onsets), onsets at most 64.
public enum TempoEstimate {
  private static let slowest = 40.0
  private static let fastest = 240.0

  /// `onsets` in order of time; fewer than two give `previous`, or 120.
  public static func tempo(of onsets: [Instant], previous: Tempo? = nil) -> Tempo {
    let times = merged(onsets).suffix(64)
    guard let first = times.first, times.count > 1 else { return previous ?? .standard }
    let seconds = times.map { ($0 - first).seconds }
    var best = (tempo: (previous ?? .standard).beatsPerMinute, score: -Double.infinity)
    var candidate = slowest
    while candidate <= fastest {
      let score = fit(seconds, beat: 60 / candidate) + prior(candidate, previous)
      if score > best.score { best = (candidate, score) }
      candidate *= 1.005
    }
    return Tempo(beatsPerMinute: best.tempo) ?? .standard
  }

  private static func merged(_ onsets: [Instant]) -> [Instant] {
    onsets.reduce(into: []) { kept, onset in
      if let last = kept.last, onset - last < PhraseSegmenter.chordSpread { return }
      kept.append(onset)
    }
  }

  /// Mean log-likelihood of the inter-onset intervals on the grid.
  private static func fit(_ times: [Double], beat: Double) -> Double {
    var sum = 0.0
    for (a, b) in zip(times, times.dropFirst()) { sum += likelihood(of: (b - a) / beat) }
    return sum / Double(times.count - 1)
  }

  /// Of an interval in beats: grids of 1, 1/2, 1/3, 1/4 beat with falling weights, deviation 5 % of a beat.
  private static func likelihood(of beats: Double) -> Double {
    let grids: [(step: Double, weight: Double)] = [(1, 0.4), (0.5, 0.35), (1.0 / 3, 0.08), (0.25, 0.17)]
    var total = 1e-4
    for (step, weight) in grids {
      let deviation = (beats - max(1, (beats / step).rounded()) * step) / 0.05
      total += weight * step * exp(-0.5 * deviation * deviation)
    }
    return log(total)
  }

  private static func prior(_ tempo: Double, _ previous: Tempo?) -> Double {
    let center = previous?.beatsPerMinute ?? 120
    let octaves = log2(tempo / center) / (previous == nil ? 0.7 : 0.35)
    return -0.5 * octaves * octaves * 0.3
  }
}
