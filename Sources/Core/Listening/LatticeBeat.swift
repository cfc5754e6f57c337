// SPDX-License-Identifier: Apache-2.0
// Core/Listening: the beat as the likeliest of all that are possible.
import Glibc

/// Follows the beat through rubato: `CueNetwork` says what kind of place an onset is likely to have, `BeatLattice` which
/// beats and which unit that makes likely, `BeatFollower` where they are exactly.
struct LatticeBeat: Sendable {
  /// A beat in another unit or elsewhere has to be so many times likelier than the one that is told.
  private static let hold: Float = 0.26
  /// What the exact beat may differ by from the likely one: in time as a share of the beat, and in length.
  private static let leash = (time: 0.022, period: 0.055)
  /// So many onsets are read again when the beat turns out to be another.
  private static let remembered = 12
  /// So much time, in seconds, is caught up with at once.
  private static let stride = 0.048

  private var lattice = BeatLattice()
  private var follower: BeatFollower?
  /// The last onsets, in seconds.
  private var recent: [Double] = []

  /// Nothing is known.
  mutating func restart() { (follower, recent) = (nil, []) }

  /// When there is enough to catch up with, on the scale of the onsets; nil where nothing changes with time.
  var nextAdvance: Double? {
    guard !recent.isEmpty, !lattice.isIdle else { return nil }
    return lattice.now + Self.stride
  }

  /// Time passes without an onset. It does not matter in how many steps, but the next onset has less to catch up.
  mutating func advance(to now: Double) { if !recent.isEmpty { lattice.advance(to: now) } }

  /// An onset in seconds; `usual` is the period that is expected where nothing was heard yet.
  mutating func hear(_ time: Double, _ cues: OnsetCues, usual: Double?) {
    if recent.isEmpty {
      lattice.begin(time, usual: usual)
    } else {
      lattice.hear(time, CueNetwork.trained.places(cues.window))
    }
    if recent.count == Self.remembered { recent.removeFirst() }
    recent.append(time)
    follow(time)
  }

  /// Nil before anything was heard.
  var reading: BeatReading? {
    guard let follower else { return nil }
    return BeatReading(
      beat: follower.beat, period: follower.period, isOnBeat: follower.place == 0,
      share: lattice.agreement(with: .init(beat: follower.beat, period: follower.period)))
  }

  /// How likely a beat is beside the likeliest.
  func weight(of told: BeatReading) -> Double { lattice.weight(of: .init(beat: told.beat, period: told.period)) }

  /// Finds the exact beat near the likely one.
  private mutating func follow(_ instant: Double) {
    follower?.hear(instant)
    let expected = follower.map { BeatLattice.Reading(beat: $0.beat, period: $0.period) }
    let reading = lattice.reading(expected: expected, hold: Self.hold)
    if let expected, Self.isNear(expected, reading) { return }
    follower =
      read(last: Self.remembered, as: reading) ?? read(last: 6, as: reading) ?? read(last: 3, as: reading)
      ?? BeatFollower(time: reading.beat, period: reading.period, place: 0)
  }

  /// The last onsets, followed from the beginning in another unit or on another beat; nil where they lead elsewhere.
  private func read(last count: Int, as reading: BeatLattice.Reading) -> BeatFollower? {
    let onsets = recent.suffix(count)
    guard let first = onsets.first else { return nil }
    let beats = (first - reading.beat) / reading.period
    let place = RhythmGrid.nearest((beats - beats.rounded(.down)) * Double(RhythmGrid.resolution))
    var follower = BeatFollower(time: first, period: reading.period, place: place)
    for onset in onsets.dropFirst() { follower.hear(onset) }
    return Self.isNear(.init(beat: follower.beat, period: follower.period), reading) ? follower : nil
  }

  private static func isNear(_ exact: BeatLattice.Reading, _ likely: BeatLattice.Reading) -> Bool {
    let beats = (exact.beat - likely.beat) / likely.period
    return abs(exact.period / likely.period - 1) < leash.period && abs(beats - beats.rounded()) < leash.time
  }
}
