// SPDX-License-Identifier: Apache-2.0
// Core/Listening: the exact time and length of a beat whose reading is known.
import Glibc

/// Reads onsets as places in a beat and follows their times. O(1) an onset.
struct BeatFollower: Sendable {
  /// An onset farther than this from every place is an ornament or a slip, in deviations.
  private static let farthest = 3.0

  private var filter: BeatFilter
  /// In 24ths of a beat, modulo a beat.
  private(set) var place: Int

  init(time: Double, period: Double, place: Int) {
    filter = BeatFilter(time: time, period: period, share: 0.05)
    self.place = place
  }

  /// When the onset at `place` was meant, in seconds.
  private var time: Double { filter.time }
  /// Of a beat, in seconds.
  var period: Double { filter.period }

  /// When the beat of the last onset began.
  var beat: Double { time - Double(place) / Double(RhythmGrid.resolution) * period }

  /// An onset in seconds, later than those before.
  mutating func hear(_ instant: Double) {
    let resolution = Double(RhythmGrid.resolution)
    let exact = Double(place) + (instant - time) / period * resolution
    guard abs(exact) < 1e6 else { return }
    // As a reading is checked against the lattice, the nearest likely place is the one that is meant.
    let width = max(1, resolution * (BeatFilter.jitter / period + BeatFilter.looseness))
    var best: (position: Int, score: Double)?
    for position in Int(exact - 4)...Int(exact + 5) where position > place {
      let probability = RhythmGrid.probabilities[RhythmGrid.place(position)]
      let distance = (exact - Double(position)) / width
      guard probability > 0, abs(distance) < Self.farthest else { continue }
      let score = log(probability) - 0.5 * distance * distance
      if score > best?.score ?? -.infinity { best = (position, score) }
    }
    if let best { hear(instant, at: best.position) }
  }

  private mutating func hear(_ instant: Double, at next: Int) {
    let beats = Double(next - place) / Double(RhythmGrid.resolution)
    filter.hear(instant, filter.expectation(after: beats, wander: filter.wander))
    place = RhythmGrid.place(next)
  }
}
