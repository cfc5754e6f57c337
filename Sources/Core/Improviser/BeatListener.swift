// SPDX-License-Identifier: Apache-2.0
// Core/Improviser: where the beat is, from whoever knows best.
import Listening
import Music

/// The beat: of a MIDI clock that runs; else of the player's taps; else as it is heard in the playing. Bounded; an onset
/// costs what `TempoEstimate` costs.
struct BeatListener: Sendable {
  /// A beat less sure than this is not leaned on.
  static let leastConfidence = 0.5
  /// Onsets that the phase is found from.
  private static let window = 32
  private static let fewest = 5
  /// A pause so long, and the next onset begins a new beat.
  private static let longestPause = Duration.seconds(5)
  /// Taps farther apart belong to different counts.
  private static let longestTap = Duration.seconds(2)

  /// Of a clock that runs.
  private var led: BeatGrid?
  private var taps: [Instant] = []
  private var onsets: [Instant] = []
  private var heard: BeatGrid?

  mutating func hear(_ clock: ClockState, at instant: Instant) { led = clock.grid(at: instant) }

  /// Whether a clock gives the beat.
  var isLed: Bool { led != nil }

  /// From the third tap on they are the beat, until the player pauses or the clock runs.
  mutating func tap(at instant: Instant) {
    if let last = taps.last, instant - last > Self.longestTap || instant <= last { taps = [] }
    taps.append(instant)
    if taps.count > 8 { taps.removeFirst() }
  }

  mutating func hear(onsetAt instant: Instant) {
    if let last = onsets.last {
      if instant - last < PhraseSegmenter.chordSpread { return }
      if instant - last > Self.longestPause || instant < last { forget() }
    }
    onsets.append(instant)
    if onsets.count > Self.window { onsets.removeFirst() }
    heard = onsets.count < Self.fewest ? heard : grid()
  }

  /// The playing and the taps; a clock runs on.
  mutating func forget() {
    onsets = []
    taps = []
    heard = nil
  }

  /// The beat as it is known at `now`; nil where it is not sure enough.
  func grid(at now: Instant) -> BeatGrid? {
    if let led { return led }
    if let tapped { return tapped }
    return heard.flatMap { $0.confidence >= Self.leastConfidence ? $0 : nil }
  }

  private var tapped: BeatGrid? {
    guard taps.count >= 3, let first = taps.first, let last = taps.last else { return nil }
    return Tempo(beat: (last - first) / (taps.count - 1)).map {
      BeatGrid(tempo: $0, anchor: last, origin: Beats(Double(taps.count - 1)))
    }
  }
}

// MARK: From onsets

extension BeatListener {
  private func grid() -> BeatGrid? {
    let tempo = TempoEstimate.tempo(of: onsets, previous: heard?.tempo)
    guard let last = onsets.last else { return nil }
    let places = onsets.map { tempo.beats(in: $0 - last).count }
    // The beat falls on the last onset, or on one of the divisions before it.
    let phases = [0, 0.5, 1 / 3.0, 2 / 3.0, 0.25, 0.75]
    var best = (phase: 0.0, score: -Double.infinity)
    for phase in phases {
      let score = Self.score(places, phase) + continuity(phase, tempo, last)
      if score > best.score + 1e-9 { best = (phase, score) }
    }
    let (offset, fit) = Self.refined(places, best.phase)
    let anchor = last + tempo.duration(of: Beats(best.phase + offset))
    return BeatGrid(
      tempo: tempo, anchor: anchor, origin: position(at: anchor), confidence: min(1, fit * Double(onsets.count) / 8))
  }

  /// Onsets on the beat count, those on its divisions a little.
  private static func score(_ places: [Double], _ phase: Double) -> Double {
    places.reduce(0) { sum, place in
      let rest = place - phase
      let distance = (rest - rest.rounded()).magnitude
      return sum + (distance < 0.1 ? 1 : (distance - 0.5).magnitude < 0.1 ? 0.3 : 0)
    } / Double(places.count)
  }

  /// A beat where it was before is likelier.
  private func continuity(_ phase: Double, _ tempo: Tempo, _ last: Instant) -> Double {
    guard let former = heard ?? first(tempo) else { return 0 }
    let position = former.position(at: last + tempo.duration(of: Beats(phase))).count
    return 0.25 * (1 - 2 * (position - position.rounded()).magnitude)
  }

  /// People begin on a beat.
  private func first(_ tempo: Tempo) -> BeatGrid? { onsets.first.map { BeatGrid(tempo: tempo, anchor: $0) } }

  /// How far the onsets lie from the beat and its divisions in the mean, and how many lie near one.
  private static func refined(_ places: [Double], _ phase: Double) -> (offset: Double, fit: Double) {
    var (sum, count) = (0.0, 0.0)
    for place in places.suffix(12) {
      let rest = place - phase
      let nearest = [2.0, 3, 4].map { ((rest * $0).rounded() / $0) - rest }.min { $0.magnitude < $1.magnitude } ?? 1
      guard nearest.magnitude < 0.07 else { continue }
      sum -= nearest
      count += 1
    }
    return count > 0 ? (sum / count, count / Double(min(12, places.count))) : (0, 0)
  }

  /// Counted on from the beat before, else from the first onset.
  private func position(at anchor: Instant) -> Beats {
    guard let former = heard ?? onsets.first.map({ BeatGrid(tempo: heard?.tempo ?? .standard, anchor: $0) }),
      heard != nil
    else {
      return .zero
    }
    return Beats(former.position(at: anchor).count.rounded())
  }
}
