// SPDX-License-Identifier: Apache-2.0
// Programs/jam, offline: a score, played as people play.
import FoundationEssentials
import Music

#if canImport(Glibc)
  import Glibc
#endif

/// A stand-in for performances whose beats somebody has marked: tempo that swells and ebbs by the phrase and wanders,
/// ritardandi, fermatas, lengthened downbeats, chords that are spread or broken, a melody ahead of its accompaniment, grace
/// notes, slips, and hands that are not exact. Made from a seed; the true beats are known.
package struct HumanRendition: Sendable {
  /// In order of onset.
  package var notes: [PlayedNote]
  /// Seconds from `Instant.zero`.
  package var beats: [Double]

  package enum Freedom: Sendable, CaseIterable {
    /// The score's own tempi, and 15 ms (standard deviation) of jitter.
    case strict
    case rubato
  }

  package init(of piece: Piece, _ freedom: Freedom, seed: UInt64) {
    var hands = Hands(piece, freedom, RandomSource(seed: seed))
    let positions = ScoreBeats.positions(of: piece)
    hands.choosePace(positions, piece.notes)
    hands.shape(positions)
    beats = positions.map(hands.time)
    notes = hands.play(piece.notes)
  }
}

/// What the rendition is made with.
private struct Hands {
  private let freedom: HumanRendition.Freedom
  private let map: TempoMap
  private var random: RandomSource
  private var speed = 1.0
  private let jitter: Double
  /// The share of a note's length that its key is held.
  private let articulation: Double
  /// Positions and times between which time runs evenly.
  private var places: [Double] = []
  private var times: [Double] = []

  init(_ piece: Piece, _ freedom: HumanRendition.Freedom, _ random: RandomSource) {
    (self.freedom, self.map, self.random) = (freedom, piece.tempoMap, random)
    let isStrict = freedom == .strict
    jitter = isStrict ? 0.015 : self.random.between(0.012, 0.030)
    articulation = self.random.between(0.45, 1.2)
  }

  func time(_ position: Beats) -> Double {
    let place = position.count
    guard let last = places.indices.last, last > 0 else { return 1 + map.time(at: position).seconds / speed }
    var (low, high) = (0, last)
    while high - low > 1 {
      let middle = (low + high) / 2
      if places[middle] <= place { low = middle } else { high = middle }
    }
    let share = (place - places[low]) / (places[high] - places[low])
    return times[low] + share * (times[high] - times[low])
  }

  /// Scores seldom say how fast; people play some 88 beats a minute, fewer where many notes are to be played in a beat.
  mutating func choosePace(_ beats: [Beats], _ notes: [Note]) {
    guard freedom == .rubato, let first = beats.first, let last = beats.last, beats.count > 1 else { return }
    let onsets = Double(Set(notes.map(\.onset)).count)
    let length = (map.time(at: last) - map.time(at: first)).seconds / Double(beats.count - 1)
    let density = log(max(0.5, onsets / Double(beats.count)) / 2.8)
    let period = 60 / 88.0 * exp(0.45 * density + 0.28 * random.normal())
    speed = length / min(1.6, max(0.28, period))
  }

  /// Lays out the tempo, beat by beat.
  mutating func shape(_ beats: [Beats]) {
    guard freedom == .rubato, beats.count > 1 else { return }
    let bar = random.below(2) == 0 ? 4 : 3
    let phrase = bar * (random.below(2) == 0 ? 2 : 4)
    let (depth, unrest) = (random.between(0.04, 0.16), random.between(0.015, 0.06))
    let agogic = random.between(0, 0.12)
    var owed = 0.0
    let (retards, holds) = (random.between(0.1, 0.4), random.between(0, 0.12))
    var (time, wandering, retard, hold) = (1.0, 0.0, false, false)
    for (index, beat) in beats.enumerated() {
      places.append(beat.count)
      times.append(time)
      let next = index + 1 < beats.count ? beats[index + 1] : beat + (beat - beats[index - 1])
      let plain = (map.time(at: next) - map.time(at: beat)).seconds / speed
      let place = index % phrase
      if place == 0 { (retard, hold) = (random.uniform() < retards, random.uniform() < holds) }
      let arc = 2 * Double(place) / Double(phrase) - 1
      wandering = 0.7 * wandering + unrest * random.normal()
      var factor = depth * (arc * arc - 1 / 3.0) + wandering
      if retard { factor += 0.12 * Double(max(0, place - phrase + 4)) }
      if hold, place == phrase - 1 { factor += random.between(0.3, 0.8) }
      if index % bar == 0 { factor += random.between(0, 0.06) }
      factor += 0.1 * Double(max(0, index - beats.count + 7))
      // A beat is waited for; often the next one makes up for it.
      factor -= owed
      owed = 0
      if random.uniform() < agogic {
        let wait = -0.12 * log(max(0.02, random.uniform()))
        factor += wait
        if random.uniform() < 0.6 { owed = 0.8 * wait }
      }
      time += plain * exp(factor)
    }
    places.append(beats[beats.count - 1].count + 4)
    times.append(time + 4)
    places.insert(places[0] - 4, at: 0)
    times.insert(times[0] - 4 * (times[1] - times[0]) / max(0.25, places[2] - places[1]), at: 0)
  }

  mutating func play(_ notes: [Note]) -> [PlayedNote] {
    var played: [PlayedNote] = []
    var first = 0
    while first < notes.count {
      let end = notes[first...].firstIndex { $0.onset > notes[first].onset } ?? notes.count
      play(chord: Array(notes[first..<end]), into: &played)
      first = end
    }
    return played.sorted(by: PlayedNote.inPlayedOrder)
  }

  private mutating func play(chord: [Note], into played: inout [PlayedNote]) {
    let isStrict = freedom == .strict
    let isBroken = !isStrict && chord.count > 2 && random.uniform() < 0.06
    let together = isStrict ? 0 : 0.6 * jitter * random.normal()
    for (index, note) in chord.enumerated() {
      if !isStrict, random.uniform() < 0.015 { continue }
      let start = time(note.onset) + together + (isStrict ? jitter : 0.8 * jitter) * random.normal()
      let late = isBroken ? 0.045 * Double(index) : 0
      let ahead = !isStrict && index == chord.count - 1 && chord.count > 1 ? random.between(0, 0.025) : 0
      let length = (time(note.end) - time(note.onset)) * (isStrict ? 1 : articulation * exp(0.4 * random.normal()))
      let top = index == chord.count - 1 ? 14.0 : 0
      let loud = (isStrict ? Double(note.velocity.value) : 58 + top + 9 * random.normal())
      let onset = max(0.02, start + late - ahead)
      append(note.pitch, loud, onset, length, to: &played)
      guard !isStrict else { continue }
      if random.uniform() < 0.012 {
        append(note.pitch.transposed(up: 2), loud - 8, onset - random.between(0.05, 0.11), 0.07, to: &played)
      }
      if random.uniform() < 0.006 {
        append(note.pitch.transposed(up: 1), loud - 12, onset + random.between(-0.2, 0.2), 0.08, to: &played)
      }
    }
  }

  private func append(
    _ pitch: Pitch, _ loudness: Double, _ onset: Double, _ length: Double, to played: inout [PlayedNote]
  ) {
    played.append(
      PlayedNote(
        pitch: pitch, velocity: Velocity(clamping: Int(loudness)),
        onset: Instant(nanoseconds: Int64(max(0.01, onset) * 1e9)), duration: .seconds(max(0.03, length))))
  }
}

extension Pitch {
  fileprivate func transposed(up semitones: Int) -> Pitch { Pitch(clamping: Int(number) + semitones) }
}

extension RandomSource {
  fileprivate mutating func normal() -> Double {
    (-2 * log(max(1e-12, uniform()))).squareRoot() * cos(2 * Double.pi * uniform())
  }

  fileprivate mutating func between(_ low: Double, _ high: Double) -> Double { low + (high - low) * uniform() }

  fileprivate mutating func below(_ count: Int) -> Int { Int(uniform() * Double(count)) }
}
