// SPDX-License-Identifier: Apache-2.0
// Core/Listening: properties of following the beat.
import Foundation
import Listening
import Music
import Testing

@Suite("The beat tracker") struct BeatTrackerTests {
  private static let rhythms: [[Double]] = [
    [1], [0.5], [1, 0.5, 0.5], [1.5, 0.5, 1, 1], [0.5, 0.5, 1], [1, 1, 2], [0.5, 1, 0.5], [0.25, 0.25, 0.5],
  ]

  private static func instant(_ seconds: Double) -> Instant { Instant(nanoseconds: Int64(seconds * 1e9)) }

  private static func normal(_ random: inout RandomSource) -> Double {
    let (a, b) = (Double.random(in: 1e-12..<1, using: &random), Double.random(in: 0..<1, using: &random))
    return (-2 * log(a)).squareRoot() * cos(2 * .pi * b)
  }

  /// Of the tempo there was, half of it or twice of it.
  private static func isRight(_ tracker: BeatTracker, _ tempo: Double, within share: Double) -> Bool {
    guard let heard = tracker.grid?.tempo.beatsPerMinute else { return false }
    return [0.5, 1, 2].contains { abs(heard / (tempo * $0) - 1) <= share }
  }

  @Test("after eight onsets with 15 ms of jitter the tempo is known within 2 % in 95 of 100 cases, from 50 to 220 bpm")
  func steady() {
    var random = RandomSource(seed: 3)
    var (right, all) = (0, 0)
    for tempo in stride(from: 50.0, through: 220, by: 2) {
      for _ in 0..<12 {
        var tracker = BeatTracker()
        var last = 0.0
        for beat in 0..<8 {
          last = max(last + 0.001, 1 + Double(beat) * 60 / tempo + 0.015 * Self.normal(&random))
          tracker.hear(Pitch(clamping: 60), .standard, at: Self.instant(last))
        }
        tracker.advance(to: Self.instant(last + 0.06))
        all += 1
        right += Self.isRight(tracker, tempo, within: 0.02) ? 1 : 0
      }
    }
    #expect(Double(right) / Double(all) >= 0.95, "\(right) of \(all)")
  }

  /// Beats as they were predicted before they came.
  private static func predicted(_ onsets: [Double], pitches: [Int] = []) -> [Double] {
    var tracker = BeatTracker()
    var beats: [Double] = []
    var told = 0.0
    for (index, onset) in onsets.enumerated() {
      let pitch = pitches.isEmpty ? 60 : pitches[index]
      tracker.hear(Pitch(clamping: pitch), .standard, at: instant(onset))
      guard let grid = tracker.grid else { continue }
      while true {
        let next = Double(grid.nextBeat(from: instant(told + 0.05)).nanoseconds) / 1e9
        guard next < onset else { break }
        told = next
        if beats.last.map({ next - $0 > 0.4 * grid.tempo.beat.seconds }) ?? true { beats.append(next) }
      }
      told = max(told, onset - 0.05)
    }
    return beats
  }

  /// The F-measure with a window of 70 ms.
  private static func agreement(_ beats: [Double], _ truth: [Double]) -> Double {
    var (a, b, hits) = (0, 0, 0)
    while a < beats.count, b < truth.count {
      let distance = beats[a] - truth[b]
      if abs(distance) <= 0.07 {
        (a, b, hits) = (a + 1, b + 1, hits + 1)
      } else if distance < 0 {
        a += 1
      } else {
        b += 1
      }
    }
    return 2 * Double(hits) / Double(max(1, beats.count + truth.count))
  }

  /// Onsets and beats of 16 bars whose tempo swings by 15 % up and down.
  private static func drifting(
    _ tempo: Double, _ rhythm: [Double], _ sign: Double, _ random: inout RandomSource
  ) -> (onsets: [Double], beats: [Double]) {
    var (onsets, beats): ([Double], [Double]) = ([], [])
    var (time, next, index) = (1.0, 0, 0)
    for step in 0..<(64 * 96) {
      if step == next {
        onsets.append(time + 0.015 * normal(&random))
        next += Int(rhythm[index % rhythm.count] * 96)
        index += 1
      }
      if step % 96 == 0 { beats.append(time) }
      time += 60 / (tempo * (1 + sign * 0.15 * sin(2 * .pi * Double(step) / 96 / 64))) / 96
    }
    return (onsets.sorted(), beats)
  }

  @Test("a tempo that drifts by 15 % is followed: of the predicted beats the median F-measure is at least 0.85")
  func drift() {
    var random = RandomSource(seed: 4)
    var figures: [Double] = []
    for tempo in [80.0, 100, 120, 140] {
      for rhythm in Self.rhythms {
        for sign in [1.0, -1] {
          let (onsets, beats) = Self.drifting(tempo, rhythm, sign, &random)
          let heard = Self.predicted(onsets).filter { $0 > beats[4] - 0.1 }
          figures.append(Self.agreement(heard, Array(beats.dropFirst(4))))
        }
      }
    }
    let median = figures.sorted()[figures.count / 2]
    #expect(median >= 0.85, "\(median)")
  }

  /// A bass on the beats, chords after them and a melody above, in a tempo that wanders.
  private static func rubato(_ random: inout RandomSource) -> (notes: [(time: Double, pitch: Int)], beats: [Double]) {
    var (notes, beats): ([(Double, Int)], [Double]) = ([], [])
    var (time, deviation) = (1.0, 0.0)
    let length = 0.6 + 0.2 * random.uniform()
    func strike(_ pitch: Int, _ time: Double) { notes.append((time + 0.015 * normal(&random), pitch)) }
    for beat in 0..<96 {
      beats.append(time)
      deviation = 0.9 * deviation + 0.1 * normal(&random)
      let beatLength = length * exp(deviation)
      strike(beat % 2 == 0 ? 36 + beat / 8 % 3 * 5 : 43, time)
      for pitch in [60, 64] { strike(pitch + beat / 8 % 3, time + beatLength / 2) }
      let divisions = [1, 2, 2, 4][Int(random.next() % 4)]
      for step in 0..<divisions {
        strike(72 + Int(random.next() % 12), time + beatLength * Double(step) / Double(divisions))
      }
      time += beatLength
    }
    return (notes.sorted { $0.0 < $1.0 }.map { (time: $0.0, pitch: $0.1) }, beats)
  }

  @Test("beats whose lengths wander by a fifth are followed where bass, chords and melody tell them apart")
  func rubato() {
    var random = RandomSource(seed: 6)
    var figures: [Double] = []
    for _ in 0..<24 {
      let (notes, beats) = Self.rubato(&random)
      let heard = Self.predicted(notes.map(\.time), pitches: notes.map(\.pitch)).filter { $0 > beats[8] - 0.1 }
      figures.append(Self.agreement(heard, Array(beats.dropFirst(8))))
    }
    let median = figures.sorted()[figures.count / 2]
    #expect(median >= 0.75, "\(median)")
  }

  @Test("whoever is told the time between the keys hears the very same beat as who is told the keys alone")
  func early() {
    var random = RandomSource(seed: 9)
    var (patient, early) = (BeatTracker(), BeatTracker())
    for (time, pitch) in (0..<8).flatMap({ _ in Self.rubato(&random).notes }).enumerated().map({
      ($1.time + Double($0 / 400) * 80, $1.pitch)
    }) {
      let now = Self.instant(time)
      while let due = early.nextCatchUp ?? early.completion, due < now {
        early.advance(to: due)
        early.catchUp(to: due + .milliseconds(Int64(random.next() % 30)))
        if let again = early.nextCatchUp { #expect(again > due) }
      }
      for pitch in [pitch, pitch + 7] {
        patient.hear(Pitch(clamping: pitch), .standard, at: now)
        early.hear(Pitch(clamping: pitch), .standard, at: now)
      }
      #expect(patient.grid == early.grid)
    }
    #expect(patient.grid != nil)
  }

  @Test("a chord spread over 30 ms is one onset")
  func chords() throws {
    var tracker = BeatTracker()
    for beat in 0..<16 {
      for (note, late) in [0.0, 0.012, 0.03].enumerated() {
        tracker.hear(Pitch(clamping: 60 + 4 * note), .standard, at: Self.instant(1 + Double(beat) * 0.6 + late))
      }
    }
    tracker.advance(to: Self.instant(11))
    #expect(Self.isRight(tracker, 100, within: 0.01))
    let grid = try #require(tracker.grid)
    let beat = grid.position(at: Self.instant(1 + 15 * 0.6 + 0.015)).count
    #expect(abs(beat - beat.rounded()) < 0.05 && grid.confidence > 0.5)
  }

  @Test("a beat that every reading shares is sure, in whatever unit it is counted")
  func sure() throws {
    var tracker = BeatTracker()
    for beat in 0..<12 {
      tracker.hear(Pitch(clamping: 60), .standard, at: Self.instant(1 + Double(beat) * 0.6))
    }
    tracker.advance(to: Self.instant(8))
    #expect(try #require(tracker.grid).confidence > 0.8)
  }

  @Test("in waltzes and marches the bar is found and begins on its strong beat", arguments: [3, 4])
  func metre(beats: Int) throws {
    var tracker = BeatTracker()
    for beat in 0..<48 {
      let isFirst = beat % beats == 0
      for pitch in isFirst ? [40, 52] : [60, 64, 67] {
        let velocity = Velocity(isFirst ? 100 : 60) ?? .standard
        tracker.hear(Pitch(clamping: pitch), velocity, at: Self.instant(1 + Double(beat) * 0.5))
      }
      // A melody in eighths above it.
      tracker.hear(Pitch(clamping: 72), Velocity(50) ?? .standard, at: Self.instant(1.25 + Double(beat) * 0.5))
    }
    tracker.advance(to: Self.instant(30))
    let grid = try #require(tracker.grid)
    #expect(grid.metre == TimeSignature(beats: beats, unit: 4))
    let lastBar = grid.position(at: Self.instant(1 + Double(48 - beats) * 0.5)) / grid.bar
    #expect(abs(lastBar - lastBar.rounded()) < 0.05)
  }

  @Test("the count of beats goes with the time, however often the beat is heard in another unit")
  func count() {
    var (tracker, random) = (BeatTracker(), RandomSource(seed: 5))
    var (time, step, units, worst) = (1.0, 0.5, 0, 0.0)
    var (last, allowed): (Tempo?, Double) = (nil, 0)
    // Half an hour without a pause, at another pace every few seconds.
    for index in 0..<6000 {
      if index % 16 == 0 { step = [0.12, 0.2, 0.3, 0.45, 0.7, 1.1][Int.random(in: 0..<6, using: &random)] }
      let velocity = Velocity(index % 4 == 0 ? 100 : 70) ?? .standard
      tracker.hear(Pitch(clamping: 60 + index % 5), velocity, at: Self.instant(time))
      time += step * Double.random(in: 0.85...1.15, using: &random)
      guard let grid = tracker.grid else { continue }
      if let last, case let ratio = grid.tempo.beatsPerMinute / last.beatsPerMinute, !(0.7...1.4).contains(ratio) {
        units += 1
        // At most twelve of the longer beat more with each change of unit.
        allowed += 12 * max(1, ratio.rounded())
      }
      last = grid.tempo
      worst = max(worst, grid.position(at: Self.instant(time)).count - time * 7 - allowed)
    }
    #expect(units > 60 && worst < 24, "\(units) changes of unit, \(worst) beats too many")
  }

  @Test("taps are the beat from the third on, until the player pauses")
  func taps() throws {
    var tracker = BeatTracker()
    for tap in 0..<4 { tracker.tap(at: Self.instant(1 + Double(tap) * 0.75)) }
    let grid = try #require(tracker.grid)
    #expect(abs(grid.tempo.beatsPerMinute - 80) < 1e-6 && grid.nextBeat(from: Self.instant(3.3)) == Self.instant(4))
    tracker.pause()
    #expect(tracker.grid == nil)
  }

  @Test("whatever comes, at whatever times, the beat has a sensible tempo and time goes on")
  func storm() {
    var random = RandomSource(seed: 8)
    var tracker = BeatTracker()
    var now: Int64 = 0
    for _ in 0..<30_000 {
      switch Int.random(in: 0..<60, using: &random) {
      case 0: now += Int64.random(in: -9_000_000_000...9_000_000_000, using: &random)
      case 1: now += 3_600_000_000_000
      case 2: tracker.tap(at: Instant(nanoseconds: now))
      case 3...20: now += Int64.random(in: 0...1_000_000, using: &random)
      default: now += Int64.random(in: 0...400_000_000, using: &random)
      }
      let pitch = Pitch(clamping: Int.random(in: 0...127, using: &random))
      tracker.hear(pitch, Velocity(Int.random(in: 1...127, using: &random)) ?? .standard, at: Instant(nanoseconds: now))
      guard let grid = tracker.grid else { continue }
      #expect((20...400).contains(grid.tempo.beatsPerMinute) && (0...1).contains(grid.confidence))
      #expect(grid.position(at: Instant(nanoseconds: now)).count.isFinite)
    }
  }
}
