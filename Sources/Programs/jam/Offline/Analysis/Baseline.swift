// SPDX-License-Identifier: Apache-2.0
// Programs/jam, offline: the classic methods, to measure ours against.
import FoundationEssentials
import Music

#if canImport(Glibc)
  import Glibc
#endif

/// One tempo for all by the autocorrelation of the onsets' strength, with the weight about 120 beats a minute and the beats
/// by dynamic programming of Ellis, "Beat tracking by dynamic programming", Journal of New Music Research 36(1), 2007; one
/// key for all by the correlation with Krumhansl and Kessler's profiles (Krumhansl, Cognitive Foundations of Musical Pitch,
/// 1990, ch. 4).
package struct Baseline: Sendable {
  package var tempo: Tempo?
  /// Seconds.
  package var beats: [Double] = []
  package var key: Key?

  /// Frames a second.
  private static let rate = 100.0

  package init(_ notes: [PlayedNote]) {
    key = Self.key(of: notes.filter { $0.channel != .percussion })
    let strength = Self.strength(notes)
    guard let period = Self.period(strength) else { return }
    tempo = Tempo(beatsPerMinute: 60 * Self.rate / Double(period))
    beats = Self.beats(strength, period)
  }

  /// Onsets in each frame, smoothed by 20 ms.
  private static func strength(_ notes: [PlayedNote]) -> [Double] {
    let end = notes.map(\.onset).max() ?? .zero
    var frames = [Double](repeating: 0, count: min(2_000_000, Int((end - .zero).seconds * rate) + 200))
    for note in notes {
      let place = (note.onset - .zero).seconds * rate
      for frame in max(0, Int(place) - 5)...Int(place) + 6 where frame < frames.count {
        let distance = (Double(frame) - place) / 2
        frames[frame] += exp(-0.5 * distance * distance)
      }
    }
    return frames
  }

  /// In frames; nil where nothing comes twice.
  private static func period(_ strength: [Double]) -> Int? {
    var best: (period: Int, value: Double)?
    for lag in 22...182 where lag < strength.count {
      let product = (0..<strength.count - lag).reduce(0.0) { $0 + strength[$1] * strength[$1 + lag] }
      let octaves = log2(Double(lag) / rate / 0.5) / 0.9
      let value = product * exp(-0.5 * octaves * octaves)
      if value > best?.value ?? 1e-9 { best = (lag, value) }
    }
    return best?.period
  }

  private static func beats(_ strength: [Double], _ period: Int) -> [Double] {
    let mean = strength.reduce(0) { $0 + $1 * $1 } / Double(max(1, strength.count))
    var best = strength.map { $0 / max(1e-9, mean.squareRoot()) }
    var source = [Int](repeating: -1, count: best.count)
    for frame in best.indices {
      var highest = 0.0
      for before in max(0, frame - 2 * period)..<max(0, frame - period / 2) {
        let ratio = log(Double(frame - before) / Double(period))
        let score = best[before] - 100 * ratio * ratio
        if score > highest { (highest, source[frame]) = (score, before) }
      }
      best[frame] += highest
    }
    var frame = best.indices.suffix(period).max { best[$0] < best[$1] } ?? -1
    var beats: [Double] = []
    while frame >= 0 {
      beats.append(Double(frame) / rate)
      frame = source[frame]
    }
    return beats.reversed()
  }

  private static let major = [6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88]
  private static let minor = [6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17]

  private static func key(of notes: [PlayedNote]) -> Key? {
    guard !notes.isEmpty else { return nil }
    var weights = [Double](repeating: 0, count: 12)
    for note in notes { weights[Int(note.pitch.pitchClass.number)] += note.duration.seconds }
    let keys = Mode.allCases.flatMap { mode in PitchClass.all.map { Key(tonic: $0, mode: mode) } }
    let scores = keys.map { key in
      let profile = key.mode == .major ? major : minor
      return correlation(weights, weights.indices.map { profile[PitchClass($0).semitones(above: key.tonic)] })
    }
    return scores.indices.max { scores[$0] < scores[$1] }.map { keys[$0] }
  }

  private static func correlation(_ a: [Double], _ b: [Double]) -> Double {
    let (meanA, meanB) = (a.reduce(0, +) / 12, b.reduce(0, +) / 12)
    let product = zip(a, b).reduce(0) { $0 + ($1.0 - meanA) * ($1.1 - meanB) }
    let squares = a.reduce(0) { $0 + ($1 - meanA) * ($1 - meanA) } * b.reduce(0) { $0 + ($1 - meanB) * ($1 - meanB) }
    return squares > 0 ? product / squares.squareRoot() : 0
  }
}
