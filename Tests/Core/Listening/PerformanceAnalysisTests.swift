// SPDX-License-Identifier: Apache-2.0
// Tests of Core/Listening: what is heard when the whole performance is known.
import Foundation
import Listening
import Music
import Testing

@Suite("The analysis of a whole performance") struct PerformanceAnalysisTests {
  static func note(_ pitch: Int, _ onset: Double, _ length: Double, _ velocity: Int = 70) -> PlayedNote {
    PlayedNote(
      pitch: Pitch(clamping: pitch), velocity: Velocity(clamping: velocity), onset: .zero + .seconds(onset),
      duration: .seconds(length))
  }

  static func seconds(_ instants: [Instant]) -> [Double] { instants.map { ($0 - .zero).seconds } }

  /// A waltz in C and, from the middle on, in E flat: a bass note, two chords, a tune in quarters and eighths, at `time`.
  static func waltz(bars: Int, seed: UInt64 = 1, _ time: (Double) -> Double) -> [PlayedNote] {
    var random = RandomSource(seed: seed)
    let chords = [(36, [52, 55, 60]), (43, [53, 55, 59]), (43, [50, 53, 59]), (36, [52, 55, 60])]
    let tune = [[76, 74, 72], [74, 71, 67], [77, 74, 71], [76, 72, 67]]
    return (0..<bars).flatMap { bar -> [PlayedNote] in
      let (bass, chord) = chords[bar % 4]
      let up = bar >= bars / 2 ? 3 : 0
      func played(_ pitch: Int, _ beat: Double, _ length: Double) -> PlayedNote {
        let start = Double(bar * 3) + beat
        return note(pitch + up, time(start) + 0.012 * (random.uniform() - 0.5), time(start + length) - time(start))
      }
      var notes = [played(bass, 0, 0.9)]
      for beat in 0..<3 { notes.append(played(tune[bar % 4][beat], Double(beat), bar % 4 == 3 ? 1 : 0.5)) }
      for beat in [1.0, 2] { notes += chord.map { played($0, beat, 0.7) } }
      if bar % 2 == 0 { notes.append(played(tune[bar % 4][2] + 1, 2.5, 0.4)) }
      return notes
    }
  }

  /// Beats of which one of ours lies within 70 ms, and ours that are none.
  static func misses(_ beats: [Double], _ truth: [Double]) -> (missed: Int, wrong: Int) {
    func isNear(_ beat: Double, _ others: [Double]) -> Bool { others.contains { abs($0 - beat) <= 0.07 } }
    return (truth.count { !isNear($0, beats) }, beats.count { !isNear($0, truth) })
  }

  @Test("in a steady waltz every beat and every bar is found, and both keys")
  func waltz() throws {
    let time = { (beat: Double) in 1 + beat * 0.5 }
    let analysis = PerformanceAnalysis(of: Self.waltz(bars: 32, time))
    let truth = (0..<96).map { time(Double($0)) }
    let (missed, wrong) = Self.misses(Self.seconds(analysis.beats), truth)
    #expect(missed <= 1 && wrong <= 1)
    #expect(analysis.metre == TimeSignature(beats: 3, unit: 4))
    let bars = stride(from: 0, to: 96, by: 3).map { truth[$0] }
    #expect(Self.misses(Self.seconds(analysis.downbeats), bars) == (0, 0))
    #expect(abs(try #require(analysis.medianTempo).beatsPerMinute - 120) < 2)
    #expect(analysis.keys.map(\.value) == [Key(sharps: 0, mode: .major), Key(sharps: -3, mode: .major)])
    let change = ((analysis.keys.last?.start ?? .zero) - .zero).seconds
    #expect(abs(change - time(48)) < 4)
    #expect(analysis.confidence > 0.8)
  }

  @Test("rubato of a fifth up and down within eight bars, and a fermata, are followed")
  func rubato() {
    var times = [1.0]
    for beat in 0..<200 {
      let swell = 1 + 0.2 * sin(2 * .pi * Double(beat) / 24)
      times.append(times[beat] + 0.55 * swell * (beat == 83 ? 2.2 : 1))
    }
    let time = { (beat: Double) in
      let whole = min(198, Int(beat))
      return times[whole] + (beat - Double(whole)) * (times[whole + 1] - times[whole])
    }
    let analysis = PerformanceAnalysis(of: Self.waltz(bars: 60, seed: 2, time))
    let (missed, wrong) = Self.misses(Self.seconds(analysis.beats), Array(times[..<180]))
    #expect(missed + wrong <= 12, "\(missed) missed, \(wrong) wrong")
  }

  @Test("bars begin with strong beats, also when a march is counted in halves in the end", arguments: [0, 1, 2, 3])
  func march(upbeats: Int) {
    let notes = (0..<64).flatMap { beat -> [PlayedNote] in
      let (start, isFirst) = (1 + Double(beat) * 0.5, (beat - upbeats) % 4 == 0)
      let struck = (isFirst ? [40, 52] : [60, 64, 67]).map { Self.note($0, start, 0.4, isFirst ? 100 : 60) }
      return struck + [Self.note(72, start + 0.25, 0.2, 50)]
    }
    let bars = Self.seconds(PerformanceAnalysis(hearing: notes).downbeats)
    #expect(bars.count >= 5)
    for bar in bars {
      let place = ((bar - 1) / 0.5 - Double(upbeats)) / 4
      #expect(abs(place - place.rounded()) < 0.05, "\(bar)")
    }
  }

  @Test("a siciliano is heard in beats of three eighths, though its sixteenths stand on no third of them")
  func siciliano() {
    let tune = [[72, 77, 79], [74, 77, 79], [76, 77, 79], [74]]
    let notes = (0..<48).flatMap { beat -> [PlayedNote] in
      let start = 1 + Double(beat) * 0.8
      func at(_ sixth: Int) -> Double { start + Double(sixth) * 0.8 / 6 }
      let isFirst = beat % 2 == 0
      let bass = Self.note([36, 43, 41, 43][beat / 2 % 4] + (isFirst ? 0 : 12), start, 0.3, isFirst ? 84 : 72)
      let chord = [55, 60, 64].map { Self.note($0, at(4), 0.1, 56) }
      return [bass] + chord + zip(tune[beat % 4], [0, 3, 4]).map { Self.note($0, at($1), 0.1, 64) }
    }
    let analysis = PerformanceAnalysis(of: notes)
    let (missed, wrong) = Self.misses(Self.seconds(analysis.beats), (0..<48).map { 1 + Double($0) * 0.8 })
    #expect(missed <= 1 && wrong <= 1, "\(missed) missed, \(wrong) wrong")
    #expect(analysis.metre?.unit == 8, "\(String(describing: analysis.metre))")
  }

  @Test("chords are named beat by beat")
  func chords() {
    let analysis = PerformanceAnalysis(of: Self.waltz(bars: 16) { $0 * 0.6 })
    let names = analysis.chords.map { "\($0.value)" }
    #expect(names.contains { $0.hasPrefix("C") } && names.contains { $0.hasPrefix("G7") })
    for (chord, next) in zip(analysis.chords, analysis.chords.dropFirst()) { #expect(chord.end <= next.start) }
  }

  @Test("a phrase ends where the music pauses")
  func phrases() {
    let notes = (0..<36).map { index in
      let onset = Double(index / 9) * 6 + Double(index % 9) * 0.4
      return Self.note(60 + index % 9 % 5, onset, 0.35)
    }
    let starts = Self.seconds(PerformanceAnalysis(of: notes).phrases.map(\.start))
    #expect(starts == [0, 6, 12, 18])
    #expect(PerformanceAnalysis(of: notes).phrases.allSatisfy { $0.value == 9 })
  }

  @Test("nothing, one note, one chord: nothing is invented")
  func little() {
    #expect(PerformanceAnalysis(of: []) == PerformanceAnalysis())
    #expect(PerformanceAnalysis(hearing: []) == PerformanceAnalysis())
    let one = PerformanceAnalysis(of: [Self.note(60, 5, 1)])
    #expect(one.beats.count <= 1 && one.metre == nil && one.confidence == 0 && one.phrases.count == 1)
    #expect(one.keys.isEmpty && one.downbeats.isEmpty)
    let two = PerformanceAnalysis(of: (0..<32).map { Self.note($0 % 2 == 0 ? 60 : 67, Double($0) * 0.5, 0.4) })
    #expect(two.keys.isEmpty && two.beats.count > 8)
    let chord = PerformanceAnalysis(of: [60, 64, 67].map { Self.note($0, 0, 2) })
    #expect(chord.beats.count <= 1 && chord.chords.map { "\($0.value)" } == ["C"] && chord.downbeats.isEmpty)
  }

  @Test(
    "a plain melody without accents has beats and no invented bars", arguments: [66, 80, 90, 96, 104, 112, 120, 140])
  func plainMelody(bpm: Int) {
    var random = RandomSource(seed: UInt64(bpm))
    let tune = [60, 64, 67, 65, 64, 62, 59, 60]
    for _ in 0..<4 {
      let notes = (0..<32).map { index in
        let jitter = 0.012 * ((0..<12).reduce(-6.0) { sum, _ in sum + random.uniform() })
        return Self.note(tune[index % 8], 1 + Double(index) * 60 / Double(bpm) + jitter, 42 / Double(bpm), 80)
      }
      let analysis = PerformanceAnalysis(of: notes)
      #expect(analysis.beats.count >= 15)
      #expect(analysis.metre == nil && analysis.downbeats.isEmpty)
    }
  }

  @Test("where every quarter is struck, four of them are not three beats")
  func everyQuarter() {
    // Chords and single notes in turn, so that chords stand at each place of a bar of three.
    let chords = [[50, 57, 60, 65], [43, 53, 59, 65], [48, 55, 59, 64], [48, 52, 55, 59]]
    let notes = (0..<32).flatMap { quarter -> [PlayedNote] in
      let (start, chord) = (Double(quarter) * 60 / 84, chords[quarter / 4 % 4])
      guard quarter % 2 == 1 else { return chord.map { Self.note($0, start, 0.85) } }
      return [Self.note(chord[quarter % 4 == 1 ? 3 : 2] + 12, start, 0.57)]
    }
    let beats = Self.seconds(PerformanceAnalysis(of: notes).beats)
    #expect(beats.count >= 15)
    for beat in beats { #expect(abs(beat * 84 / 60 - (beat * 84 / 60).rounded()) < 0.1, "\(beat)") }
  }

  @Test(
    "a fast waltz of which every quarter is struck is counted in quarters, three to the bar",
    arguments: [120, 130, 140])
  func fastWaltz(bpm: Int) {
    let (chords, quarter) = (
      [(43, [55, 59, 62]), (38, [54, 57, 60]), (43, [55, 59, 62]), (48, [55, 60, 64])], 60 / Double(bpm)
    )
    let tune = [71, 74, 79, 78, 76, 74, 72, 71, 69, 67, 71, 74]
    let notes = (0..<72).flatMap { beat -> [PlayedNote] in
      let (start, (bass, chord)) = (1 + Double(beat) * quarter, chords[beat / 3 % 4])
      let struck =
        beat % 3 == 0
        ? [Self.note(bass, start, 0.8 * quarter, 85)] : chord.map { Self.note($0, start, 0.5 * quarter, 60) }
      return struck + [Self.note(tune[beat % 12], start, 0.9 * quarter, 80)]
    }
    let analysis = PerformanceAnalysis(of: notes)
    #expect(abs((analysis.medianTempo?.beatsPerMinute ?? 0) - Double(bpm)) < 3)
    #expect(analysis.metre == TimeSignature(beats: 3, unit: 4))
  }

  @Test("percussion has a beat and no harmony")
  func percussion() {
    let notes = (0..<64).map { step in
      PlayedNote(
        pitch: Pitch(clamping: step % 4 == 0 ? 36 : 42), velocity: .standard, channel: .percussion,
        onset: .zero + .seconds(Double(step) * 0.25), duration: .milliseconds(50))
    }
    let analysis = PerformanceAnalysis(of: notes)
    #expect(analysis.beats.count > 8 && analysis.keys.isEmpty && analysis.chords.isEmpty && analysis.phrases.isEmpty)
  }

  @Test("hours of silence cost nothing, and the beat goes on after them")
  func silence() {
    let early = (0..<40).map { Self.note(60, Double($0) * 0.5, 0.4) }
    let late = (0..<40).map { Self.note(60, 90_000_000 + Double($0) * 0.6, 0.4) }
    let beats = Self.seconds(PerformanceAnalysis(of: early + late).beats)
    #expect(beats.count { $0 < 30 } >= 20 && beats.count { $0 > 80_000_000 } >= 20)
    #expect(!beats.contains { $0 > 30 && $0 < 80_000_000 })
  }

  @Test("whatever is played, beats are in order and within the playing, in both ways of hearing")
  func storm() {
    var random = RandomSource(seed: 11)
    for _ in 0..<60 {
      var now = 0.0
      let pace = random.uniform() * 0.4
      let notes = (0..<Int.random(in: 1...200, using: &random)).map { _ in
        now += Bool.random(using: &random) ? 0 : random.uniform() * pace * (random.uniform() < 0.02 ? 60 : 1)
        return Self.note(
          Int.random(in: 0...127, using: &random), now, random.uniform() * 3, Int.random(in: 1...127, using: &random))
      }
      for analysis in [PerformanceAnalysis(of: notes), PerformanceAnalysis(hearing: notes)] {
        let beats = analysis.beats
        #expect(zip(beats, beats.dropFirst()).allSatisfy { $0 < $1 })
        #expect(beats.allSatisfy { $0 >= .zero - .milliseconds(100) && $0 <= .zero + .seconds(now + 8) })
        #expect(Set(analysis.downbeats).isSubset(of: Set(beats)) && (0...1).contains(analysis.confidence))
      }
    }
  }

  @Test("the same notes in another order are heard the same")
  func order() {
    let notes = Self.waltz(bars: 8) { $0 * 0.5 }
    #expect(PerformanceAnalysis(of: notes) == PerformanceAnalysis(of: notes.reversed()))
  }
}
