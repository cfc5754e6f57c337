// SPDX-License-Identifier: Apache-2.0
// Core/Improviser: where in the chart the band is.
import Music
import Scores

/// Keeps the place in a chord chart, which goes round and round. With a clock or a transport it is the song position. Else its
/// beats are the player's: the chart has their phase, whatever the tempo did. A value without a clock.
struct ChartFollower: Sendable {
  private let written: ChordChart?
  private let felt: ChordChart?
  private var known: (at: Instant, place: Beats)?
  /// Somebody else counts: the chart's place is the beat's, in quarters.
  var isLed = false {
    didSet {
      // Who counts knows where the song is.
      if isLed { supposed = nil }
      guard isLed != oldValue, written != felt, let place = known?.place else { return }
      known?.place = place * (isLed ? 1 / ChordChart.feltLength : ChordChart.feltLength)
    }
  }
  /// The onset that the chart began with as long as bars were not known, and its place: 0, or as far from there as it is
  /// from a beat.
  private(set) var supposed: (at: Instant, place: Beats)?

  /// Nil: harmony is what is heard.
  init(_ chart: ChordChart?) { (written, felt) = (chart, chart?.felt) }

  /// In the beats that it is followed by: those of a clock are quarters, those that are heard are what the player counts.
  var chart: ChordChart? { isLed ? written : felt }

  var isRunning: Bool { chart != nil && (known != nil || isLed) }

  /// The chart begins at `instant`, which is a bar line, or supposed to be one.
  mutating func begin(at instant: Instant, isSupposed: Bool) {
    known = (instant, .zero)
    supposed = isSupposed ? (instant, .zero) : nil
  }

  /// What was counted as `place` since it was supposed where bars begin is the chart's beginning.
  mutating func settle(beginningAt place: Beats) {
    known?.place -= place
    supposed = nil
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
    guard let place = place(at: instant, beat) else { return }
    // The beat that is known first is that of the beginning.
    if let first = supposed?.at, first == known?.at { supposed?.place = place - beat.tempo.beats(in: instant - first) }
    known = (instant, place)
  }

  /// The chords of `length` beats from `instant` on; empty without a chart that has begun.
  func harmony(from instant: Instant, length: Beats, _ beat: BeatGrid) -> [Positioned<Chord?>] {
    guard let chart, let place = place(at: instant, beat) else { return [] }
    return chart.chords(from: place, length: length)
  }
}
