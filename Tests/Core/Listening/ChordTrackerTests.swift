// SPDX-License-Identifier: Apache-2.0
// Tests of Core/Listening: chords.
import Listening
import Music
import Testing

@Suite("The chord tracker") struct ChordTrackerTests {
  private static func instant(_ seconds: Double) -> Instant { Instant(nanoseconds: Int64(seconds * 1e9)) }

  private static func play(_ keys: [Int], _ tracker: inout ChordTracker, from start: Double, to end: Double) {
    for (index, key) in keys.enumerated() {
      tracker.press(Pitch(clamping: key), .standard, at: instant(start + 0.006 * Double(index)))
    }
    for key in keys { tracker.release(Pitch(clamping: key), at: instant(end)) }
  }

  /// Close position from `lowest` up, so that member `inversion` is the bass.
  private static func voicing(_ chord: Chord, inversion: Int) -> [Int] {
    let steps = chord.quality.intervals.map { $0 + 48 + Int(chord.root.number) }
    return Array(steps[inversion...]) + steps[..<inversion].map { $0 + 12 }
  }

  @Test("every chord of the vocabulary is heard as what it is", arguments: Chord.Quality.allCases)
  func vocabulary(quality: Chord.Quality) {
    for root in PitchClass.all {
      var tracker = ChordTracker()
      let chord = Chord(root: root, quality: quality)
      Self.play(Self.voicing(chord, inversion: 0), &tracker, from: 1, to: 1.4)
      #expect(tracker.chord == chord)
    }
  }

  @Test("an inverted chord keeps its root and names its bass")
  func inversions() {
    // Augmented and diminished-seventh chords are the same in every inversion: their bass is their root.
    for quality in Chord.Quality.allCases where quality != .augmented && quality != .diminishedSeventh {
      for inversion in 1..<quality.intervals.count {
        for root in PitchClass.all {
          var tracker = ChordTracker()
          let bass = root.transposed(by: quality.intervals[inversion])
          let chord = Chord(root: root, quality: quality, bass: bass)
          Self.play(Self.voicing(chord, inversion: inversion), &tracker, from: 1, to: 1.4)
          #expect(tracker.chord == chord)
        }
      }
    }
  }

  @Test("a struck chord replaces the one before as soon as its last key is down")
  func changes() {
    var (tracker, random) = (ChordTracker(), RandomSource(seed: 3))
    for step in 0..<400 {
      let root = PitchClass(Int.random(in: 0..<12, using: &random))
      let quality = Chord.Quality.allCases[Int.random(in: 0..<Chord.Quality.allCases.count, using: &random)]
      let chord = Chord(root: root, quality: quality)
      let keys = Self.voicing(chord, inversion: 0)
      for (index, key) in keys.enumerated() {
        tracker.press(Pitch(clamping: key), .standard, at: Self.instant(Double(step) + 0.008 * Double(index)))
      }
      #expect(tracker.chord == chord)
      for key in keys { tracker.release(Pitch(clamping: key), at: Self.instant(Double(step) + 0.9)) }
    }
  }

  @Test("each beat has the chord that was broken in it")
  func beats() {
    var tracker = ChordTracker()
    let chords = ["C", "Am", "Dm", "G7"].compactMap { Chord($0) }
    for (beat, chord) in chords.enumerated() {
      let keys = Self.voicing(chord, inversion: 0)
      for (index, key) in keys.enumerated() {
        let start = Double(beat) + Double(index) / Double(keys.count)
        Self.play([key], &tracker, from: start, to: start + 0.9 / Double(keys.count))
      }
      #expect(tracker.beat(at: Self.instant(Double(beat + 1))) == chord)
    }
    #expect(tracker.beat(at: Self.instant(5)) == nil)
  }

  @Test("a chromatic run is no chord, and long silence leaves none")
  func none() {
    var tracker = ChordTracker()
    for step in 0..<24 {
      Self.play([60 + step], &tracker, from: Double(step) * 0.1, to: Double(step) * 0.1 + 0.1)
    }
    #expect(tracker.beat(at: Self.instant(2.4)) == nil)
    Self.play([60, 64, 67], &tracker, from: 3, to: 3.5)
    #expect(tracker.chord == Chord("C"))
    tracker.advance(to: Self.instant(7200))
    #expect(tracker.chord == nil)
  }

  @Test("a key that is never released does not spoil the chords of later minutes")
  func stuckKeys() {
    var tracker = ChordTracker()
    tracker.press(Pitch(clamping: 37), .standard, at: .zero)
    for step in 0..<60 { Self.play([48, 52, 55], &tracker, from: Double(step), to: Double(step) + 0.8) }
    #expect(tracker.chord == Chord("C"))
  }

  @Test("a storm of keys and a clock that jumps leave the tracker sane")
  func storm() {
    var (tracker, features, random) = (ChordTracker(), PlayingFeatures(), RandomSource(seed: 11))
    var time: Int64 = 0
    for _ in 0..<20_000 {
      let steps: [Int64] = [0, 1_000_000, -5_000_000_000, 200_000_000, 8_000_000_000_000]
      time += steps[[0, 1, 1, 1, 3, 3, 2, 4][Int.random(in: 0..<8, using: &random)]]
      let (instant, pitch) = (Instant(nanoseconds: time), Pitch(clamping: Int.random(in: 0...127, using: &random)))
      switch Int.random(in: 0..<5, using: &random) {
      case 0, 1:
        tracker.press(pitch, .standard, at: instant)
        features.press(pitch, .standard, at: instant)
      case 2:
        tracker.release(pitch, at: instant)
        features.release(pitch, at: instant)
      case 3: _ = tracker.beat(at: instant)
      default:
        tracker.advance(to: instant)
        features.advance(to: instant)
      }
      #expect(features.density.isFinite && features.density >= 0)
      #expect((0...1).contains(features.articulation ?? 0))
    }
    tracker.reset()
    #expect(tracker.chord == nil)
  }
}
