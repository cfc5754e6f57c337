// SPDX-License-Identifier: Apache-2.0
// Programs/jam, offline: made playing whose beats are known, to measure the following of beats with.
import Listening
import Music

#if canImport(Glibc)
  import Glibc
#endif

/// Single notes with 15 ms (standard deviation) of jitter: in one tempo, or in one that drifts.
package struct SteadyPlaying {
  private static let jitter = 0.015
  private static let rhythms: [[Double]] = [
    [1], [0.5], [1, 0.5, 0.5], [1.5, 0.5, 1, 1], [0.5, 0.5, 1], [1, 1, 2], [0.5, 1, 0.5], [0.25, 0.25, 0.5],
  ]

  package var notes: [PlayedNote]
  /// In seconds.
  package var beats: [Double]
  package var tempo: Double

  /// Eight beats of one tempo, a note on each, 50 to 220 beats a minute, so many times.
  package static func steady(times: Int, seed: UInt64) -> [SteadyPlaying] {
    var random = RandomSource(seed: seed)
    return stride(from: 50.0, through: 220, by: 2).flatMap { tempo in
      (0..<times).map { _ in
        let beats = (0..<8).map { 1 + Double($0) * 60 / tempo }
        let notes = played(beats.map { $0 + jitter * normal(&random) })
        return SteadyPlaying(notes: notes, beats: beats, tempo: tempo)
      }
    }
  }

  /// Sixteen bars of four beats whose tempo swings by 15 % up and down, in eight rhythms.
  package static func drifting(seed: UInt64) -> [SteadyPlaying] {
    var random = RandomSource(seed: seed)
    return [80.0, 100, 120, 140].flatMap { tempo in
      rhythms.flatMap { rhythm in
        [1.0, -1].map { sign in drifting(tempo, rhythm, sign, &random) }
      }
    }
  }

  private static func drifting(
    _ tempo: Double, _ rhythm: [Double], _ sign: Double, _ random: inout RandomSource
  ) -> SteadyPlaying {
    var (onsets, beats): ([Double], [Double]) = ([], [])
    var (time, next, index) = (1.0, 0, 0)
    for step in 0..<(64 * 96) {
      if step == next {
        onsets.append(time + jitter * normal(&random))
        next += Int(rhythm[index % rhythm.count] * 96)
        index += 1
      }
      if step % 96 == 0 { beats.append(time) }
      time += 60 / (tempo * (1 + sign * 0.15 * sin(2 * Double.pi * Double(step) / 96 / 64))) / 96
    }
    return SteadyPlaying(notes: played(onsets.sorted()), beats: beats, tempo: tempo)
  }

  private static func played(_ onsets: [Double]) -> [PlayedNote] {
    onsets.map {
      PlayedNote(
        pitch: Pitch(clamping: 60), velocity: .standard, onset: .zero + .seconds($0), duration: .milliseconds(60))
    }
  }

  private static func normal(_ random: inout RandomSource) -> Double {
    (-2 * log(max(1e-12, random.uniform()))).squareRoot() * cos(2 * Double.pi * random.uniform())
  }
}

/// How well the beat of made playing is heard, beside autocorrelation of the whole.
package enum SteadyMeasurement {
  package struct Figures: Hashable, Sendable {
    /// The share of steady playing whose tempo is known within 2 % after eight onsets, half and twice of it being right.
    package var steady = 0.0
    /// The median F-measure of drifting playing from the second bar on.
    package var drifting = 0.0
  }

  /// In the moment, and by autocorrelation of the whole.
  package static func figures(times: Int = 12, seed: UInt64 = 3) -> (live: Figures, classic: Figures) {
    var (live, classic) = (Figures(), Figures())
    let steady = SteadyPlaying.steady(times: times, seed: seed)
    for playing in steady {
      let part = 1 / Double(steady.count)
      live.steady += isRight(tempo(heardIn: playing.notes), playing.tempo) ? part : 0
      classic.steady += isRight(Baseline(playing.notes).tempo, playing.tempo) ? part : 0
    }
    let drifting = SteadyPlaying.drifting(seed: seed + 1)
    live.drifting = median(
      drifting.map { playing in
        agreement(PerformanceAnalysis(hearing: playing.notes).beats.map { ($0 - .zero).seconds }, playing)
      })
    classic.drifting = median(drifting.map { agreement(Baseline($0.notes).beats, $0) })
    return (live, classic)
  }

  private static func tempo(heardIn notes: [PlayedNote]) -> Tempo? {
    var tracker = BeatTracker()
    for note in notes.sorted(by: PlayedNote.inPlayedOrder) { tracker.hear(note.pitch, note.velocity, at: note.onset) }
    tracker.advance(to: (notes.map(\.onset).max() ?? .zero) + .milliseconds(60))
    return tracker.grid?.tempo
  }

  private static func isRight(_ heard: Tempo?, _ tempo: Double) -> Bool {
    guard let heard else { return false }
    return [0.5, 1, 2].contains { abs(heard.beatsPerMinute / (tempo * $0) - 1) <= 0.02 }
  }

  private static func agreement(_ beats: [Double], _ playing: SteadyPlaying) -> Double {
    let from = playing.beats[4] - 0.1
    return BeatAgreement.measure(beats.filter { $0 > from }, playing.beats.filter { $0 > from })
  }

  private static func median(_ values: [Double]) -> Double { values.isEmpty ? 0 : values.sorted()[values.count / 2] }
}
