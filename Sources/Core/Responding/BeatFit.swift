// SPDX-License-Identifier: Apache-2.0
// Core/Responding: the beat laid through a call as exactly as its onsets tell.
import Music

/// A steady beat through the latest onsets, and how it is divided.
///
/// A beat that is followed note by note lags behind steady playing, and counts swung eighths of 3:2 in units of its own,
/// because no grid of equal divisions has them. Here two places in each beat are looked for, the beat and the one off-beat,
/// by least squares for tempo, phase and off-beat at once, in the told unit and in those that it may have been mistaken for.
/// Where that explains nearly every onset it is the beat; else a line through the onsets on the told beats; and where
/// these are not steady the told beat stays as it is.
public struct BeatFit: Hashable, Sendable {
  public var grid: BeatGrid
  /// Nil where the onsets are not those of two places in a beat.
  public var feel: Feel?

  /// Onsets farther back are not looked at, nor more of them; the share of them has to be explained.
  public static let span = Duration.seconds(12)
  private static let most = (onsets: 48, share: 0.9)
  /// Of onsets from where they are meant, in seconds and in beats: more is not steady.
  private static let unsteady = (seconds: 0.024, beats: 0.055)
  /// Nearer than this to a place counts as on it, in beats.
  private static let reach = 0.13
  /// What a told beat may be of the beat that is meant: its halves and doubles, and what long and short pairs look like in
  /// triplets, quintuplets and dotted notes.
  private static let units = [0.5, 2, 1.25, 0.8, 1.5, 2 / 3.0, 4 / 3.0, 0.75, 0.625, 1.6, 3, 1 / 3.0]
  /// Beats more or less in a minute are nobody's count.
  private static let tempi = 40.0...260

  /// `onsets` in order, chords as one; `told` is the beat as it was followed. O(onsets).
  public init(_ told: BeatGrid, onsets: [Instant]) {
    let latest = onsets.suffix(Self.most.onsets)
    let times = latest.filter { (latest.last ?? $0) - $0 <= Self.span }
    (grid, feel) = (told, nil)
    guard times.count >= 6, let base = times.last else { return }
    let seconds = times.map { ($0 - base).seconds }
    let beat = told.tempo.beat.seconds
    let anchor = (told.anchor - base).seconds
    if let pairs = Self.pairs(seconds, beat, anchor) ?? Self.otherwise(seconds, beat) {
      lay(pairs.line, base, unit: pairs.line.beat / beat)
      feel = pairs.offBeat > 0.54 ? Feel(swingRatio: pairs.offBeat / (1 - pairs.offBeat)) : .straight
    } else if let line = Self.line(seconds, beat, anchor) {
      lay(line, base, unit: 1)
    }
  }

  /// Counts on as the told beat did; its bars are lost where the unit is another.
  private mutating func lay(_ line: Line, _ base: Instant, unit: Double) {
    guard let tempo = Tempo(beatsPerMinute: 60 / line.beat) else { return }
    // The beat nearest to the last onset.
    let count = (-line.start / line.beat).rounded()
    let anchor = base + .seconds(line.start + count * line.beat)
    let isSame = (unit - 1).magnitude < 0.1
    grid.origin = Beats((grid.position(at: anchor).count / (isSame ? 1 : unit)).rounded())
    if !isSame { grid.metre = nil }
    (grid.tempo, grid.anchor) = (tempo, anchor)
  }
}

// MARK: Fitting

extension BeatFit {
  /// Beats at `start` + n `beat`, in seconds.
  struct Line {
    var start, beat: Double
  }

  typealias Pairs = (line: Line, offBeat: Double, error: Double)

  /// In other units than the told one: the one that explains the onsets best.
  private static func otherwise(_ times: [Double], _ beat: Double) -> Pairs? {
    guard alternates(times) else { return nil }
    let fits = ([1] + units).filter { tempi.contains(60 / (beat * $0)) }.flatMap { unit in
      times.suffix(2).compactMap { pairs(times, beat * unit, $0) }
    }
    return fits.filter { $0.offBeat > 0.54 }.min { $0.error < $1.error }
  }

  /// Through onsets on the beat and at one place between the middle and the last quarter of it; nil where there are others.
  private static func pairs(_ times: [Double], _ beat: Double, _ anchor: Double) -> Pairs? {
    var (line, offBeat, error) = (Line(start: anchor, beat: beat), 0.5, Double.infinity)
    // From the latest on, so that a beat that is not exact yet does not lose count.
    for count in [12, 24, times.count, times.count] {
      let latest = times.suffix(count)
      let places = latest.map { ($0 - line.start) / line.beat }
      if error == .infinity { offBeat = middle(places) }
      let known = zip(latest, places).compactMap { time, place in
        Self.place(place, offBeat).map { (time: time, count: $0.count, isOff: $0.isOff) }
      }
      guard Double(known.count) >= most.share * Double(latest.count), arePairs(known), let solved = solve(known)
      else { return nil }
      (line, offBeat, error) = solved
    }
    guard (0.46...0.79).contains(offBeat), (line.beat / beat - 1).magnitude < 0.08, error < unsteady.seconds,
      error < unsteady.beats * line.beat
    else { return nil }
    return (line, offBeat, error)
  }

  /// In half of the beats at least both places are struck, and most beats follow one another; else it is another rhythm
  /// that falls on such places. `known` is in order of time.
  private static func arePairs(_ known: [(time: Double, count: Double, isOff: Bool)]) -> Bool {
    var (both, all, following) = (0, 0, 0)
    var last: (count: Double, isOn: Bool)?
    for onset in known {
      guard let beat = last, beat.count == onset.count else {
        if let last, last.count + 1 == onset.count { following += 1 }
        all += 1
        last = (onset.count, !onset.isOff)
        continue
      }
      if beat.isOn, onset.isOff { both += 1 }
    }
    return both >= 3 && both * 2 >= all && following * 2 >= all
  }

  /// Whether long and short follow each other in turn, as swung eighths do in whatever unit. Few rhythms do: it spares the
  /// search.
  private static func alternates(_ times: [Double]) -> Bool {
    let intervals = zip(times.dropFirst(), times).map { $0 - $1 }.suffix(24)
    guard intervals.count >= 5 else { return false }
    let swung = zip(zip(intervals, intervals.dropFirst()), intervals.dropFirst(2)).count { pair, third in
      (pair.0 - third).magnitude < 0.2 * pair.0 && max(pair.0, pair.1) > 1.2 * min(pair.0, pair.1)
    }
    return swung * 2 >= intervals.count - 2
  }

  /// The middle one of the places in a beat that are far from it.
  private static func middle(_ places: [Double]) -> Double {
    let between = places.map { $0 - $0.rounded(.down) }.filter { (0.35...0.85).contains($0) }.sorted()
    return between.isEmpty ? 0.5 : between[between.count / 2]
  }

  private static func place(_ place: Double, _ offBeat: Double) -> (count: Double, isOff: Bool)? {
    let count = place.rounded()
    let below = (place - offBeat).rounded()
    let (onError, offError) = ((place - count).magnitude, (place - offBeat - below).magnitude)
    guard min(onError, offError) < reach else { return nil }
    return offError < onError ? (below, true) : (count, false)
  }

  /// Least squares for start, beat and the off-beat's distance from the beat.
  private static func solve(_ known: [(time: Double, count: Double, isOff: Bool)]) -> Pairs? {
    // An off-beat's own mean takes its place in the normal equations: two lines of one slope.
    var groups = Array(repeating: (n: 0.0, count: 0.0, time: 0.0), count: 2)
    for onset in known {
      let index = onset.isOff ? 1 : 0
      groups[index].n += 1
      groups[index].count += onset.count
      groups[index].time += onset.time
    }
    let means = groups.map { (count: $0.count / max(1, $0.n), time: $0.time / max(1, $0.n)) }
    var (slope, spread) = (0.0, 0.0)
    for onset in known {
      let mean = means[onset.isOff ? 1 : 0]
      slope += (onset.count - mean.count) * (onset.time - mean.time)
      spread += (onset.count - mean.count) * (onset.count - mean.count)
    }
    guard spread > 0, slope > 0 else { return nil }
    let beat = slope / spread
    let starts = means.map { $0.time - $0.count * beat }
    let squares = known.reduce(0.0) { sum, onset in
      let error = onset.time - starts[onset.isOff ? 1 : 0] - onset.count * beat
      return sum + error * error
    }
    return (
      Line(start: starts[0], beat: beat), (starts[1] - starts[0]) / beat, (squares / Double(known.count)).squareRoot()
    )
  }

  /// Through the onsets on told beats alone, where they are steady.
  private static func line(_ times: [Double], _ beat: Double, _ anchor: Double) -> Line? {
    var line = Line(start: anchor, beat: beat)
    for _ in 0..<3 {
      let known = times.compactMap { time -> (time: Double, count: Double, isOff: Bool)? in
        let place = (time - line.start) / line.beat
        return (place - place.rounded()).magnitude < reach ? (time, place.rounded(), false) : nil
      }
      guard known.count >= 6, let solved = solve(known), solved.error < unsteady.seconds,
        solved.error < unsteady.beats * line.beat, (solved.line.beat / beat - 1).magnitude < 0.03
      else { return nil }
      line = solved.line
    }
    return line
  }
}
