// SPDX-License-Identifier: Apache-2.0
// Core/Improviser: where in the chart the band is.
import Music
import Scores

/// Keeps the place in a chord chart, which goes round and round. With a clock or a transport it is the song position. Else its
/// beats are the player's: the chart has their phase, whatever the tempo did. A value without a clock.
struct ChartFollower: Sendable {
  /// Nil: harmony is what is heard.
  var chart: ChordChart? {
    didSet { known = nil }
  }
  private var known: (at: Instant, place: Beats)?
  /// Somebody else counts: the chart's place is the beat's.
  var isLed = false
  /// The onset that the chart began with as long as bars were not known.
  private(set) var supposed: Instant?

  init(_ chart: ChordChart?) { self.chart = chart }

  var isRunning: Bool { chart != nil && (known != nil || isLed) }

  /// The chart begins at `instant`, which is a bar line, or supposed to be one.
  mutating func begin(at instant: Instant, isSupposed: Bool) {
    known = (instant, .zero)
    supposed = isSupposed ? instant : nil
  }

  /// Beats from the beginning of the first time round; nil before the chart began.
  func place(at instant: Instant, _ beat: BeatGrid) -> Beats? {
    guard chart != nil else { return nil }
    guard !isLed else { return beat.position(at: instant) }
    guard let known else { return nil }
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
