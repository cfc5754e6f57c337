// SPDX-License-Identifier: Apache-2.0
// Core/Improviser: where in the chart the band is.
import Music
import Scores

/// Keeps the place in a chord chart. Its beats are the player's: the chart has their phase, whatever the tempo did, and goes
/// round and round. A value without a clock.
struct ChartFollower: Sendable {
  /// Nil: harmony is what is heard.
  var chart: ChordChart? {
    didSet { known = nil }
  }
  private var known: (at: Instant, place: Beats)?

  init(_ chart: ChordChart?) { self.chart = chart }

  var isRunning: Bool { chart != nil && known != nil }

  /// The chart begins at `instant`.
  mutating func begin(at instant: Instant) { known = (instant, .zero) }

  mutating func stop() { known = nil }

  /// Beats from the beginning of the first time round; nil before the chart began.
  func place(at instant: Instant, _ beat: BeatGrid) -> Beats? {
    guard chart != nil, let known else { return nil }
    let counted = known.place + beat.tempo.beats(in: instant - known.at)
    let phase = beat.position(at: instant)
    return phase + Beats((counted - phase).count.rounded())
  }

  /// Goes with the beat as it is known now.
  mutating func follow(at instant: Instant, _ beat: BeatGrid) {
    if let place = place(at: instant, beat) { known = (instant, place) }
  }

  /// The chords of `length` beats from `instant` on; empty without a chart that has begun.
  func harmony(from instant: Instant, length: Beats, _ beat: BeatGrid) -> [Positioned<Chord?>] {
    guard let chart, let place = place(at: instant, beat) else { return [] }
    return chart.chords(from: place, length: length)
  }
}
