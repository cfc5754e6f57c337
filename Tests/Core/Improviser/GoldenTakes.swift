// SPDX-License-Identifier: Apache-2.0
// Tests of Core/Improviser: six takes, written as real playing would be.
import Improviser
import JamTestKit
import Music

/// Playing that is made up from a seed: phrases of four bars, each followed by a rest of four, with the jitter of hands.
struct GoldenTake: Sendable {
  var name: String
  /// At the beginning; the beat is at multiples of it from the first onset, where `isSteady`.
  var tempo: Tempo
  var isSteady: Bool
  var inputs: [Input]

  static let all = [rubatoBallad, swingBlues, straightRag, pedalChords, oneFinger, storm]

  /// Where music says, where hands are: milliseconds of standard deviation.
  private struct Hands {
    var random: RandomSource
    var jitter: Double
    var tempo: Tempo
    var events: [(at: Double, message: MIDIMessage)] = []
    /// Real time of a position, in seconds.
    var time: (Double) -> Double

    init(seed: UInt64, jitter: Double, bpm: Double, time: ((Double) -> Double)? = nil) {
      random = RandomSource(seed: seed)
      self.jitter = jitter
      tempo = Tempo(beatsPerMinute: bpm)!
      self.time = time ?? { $0 * 60 / bpm }
    }

    mutating func deviation() -> Double {
      let sum = (0..<12).reduce(0.0) { sum, _ in sum + random.uniform() }
      return min(2.5, max(-2.5, sum - 6)) * jitter / 1000
    }

    mutating func play(_ pitches: [Int], at beat: Double, for length: Double, velocity: Int) {
      for pitch in pitches {
        // The first onset is the origin of everything.
        let onset = events.isEmpty ? time(beat) : max(0, time(beat) + deviation())
        let loudness = Velocity(clamping: velocity + Int(random.uniform() * 12) - 6)
        events.append((onset, .noteOn(Pitch(clamping: pitch), loudness)))
        events.append((max(onset + 0.03, time(beat + length) + deviation()), .noteOff(Pitch(clamping: pitch))))
      }
    }

    mutating func pedal(_ isDown: Bool, at beat: Double) {
      events.append((max(0, time(beat)), .controlChange(64, isDown ? 127 : 0)))
    }

    func take(_ name: String, isSteady: Bool = true) -> GoldenTake {
      let inputs = events.enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }
        .map { Input(at: .zero + .seconds($0.element.at), .midi($0.element.message, from: .jack)) }
      return GoldenTake(name: name, tempo: tempo, isSteady: isSteady, inputs: inputs)
    }
  }

  /// The bars that are played of sixteen: four, and four of rest.
  private static let played = Array(0..<4) + Array(8..<12)

  static var rubatoBallad: GoldenTake {
    // The pulse swells and ebbs by a tenth every two bars.
    var hands = Hands(seed: 1, jitter: 18, bpm: 66) { beat in
      (beat + 0.1 * 8 / 6.2832 * sine(beat / 8)) * 60 / 66
    }
    let chords = [[48, 55, 64], [45, 52, 60], [41, 57, 60], [43, 53, 59]]
    for bar in played {
      let beat = Double(bar * 4)
      hands.play(chords[bar % 4], at: beat, for: 3.7, velocity: 52)
      for (offset, pitch) in [(0.0, 72), (1.5, 74), (2.0, 76), (3.0, 71)] {
        hands.play([pitch + bar % 2], at: beat + offset, for: 0.9, velocity: 66)
      }
    }
    return hands.take("rubato ballad", isSteady: false)
  }

  static var swingBlues: GoldenTake {
    var hands = Hands(seed: 2, jitter: 10, bpm: 138)
    let line = [60, 63, 65, 66, 67, 70, 72, 70, 67, 65, 63, 60]
    for bar in played {
      for half in 0..<8 where half != 7 || bar % 4 != 3 {
        let onset = Double(bar * 4) + Double(half / 2) + (half % 2 == 1 ? 2.0 / 3 : 0)
        hands.play([line[(bar * 8 + half) % line.count]], at: onset, for: 0.3, velocity: half % 2 == 1 ? 84 : 76)
      }
    }
    return hands.take("swing blues")
  }

  static var straightRag: GoldenTake {
    var hands = Hands(seed: 3, jitter: 9, bpm: 96)
    let right = [(0.0, 76), (0.25, 79), (0.75, 76), (1.0, 72), (1.5, 74), (1.75, 76), (2.25, 74), (3.0, 72), (3.5, 67)]
    for bar in played {
      for quarter in 0..<4 {
        let beat = Double(bar * 4 + quarter)
        hands.play([quarter % 2 == 0 ? 36 : 43], at: beat, for: 0.4, velocity: 78)
        hands.play([52, 55, 60], at: beat + 0.5, for: 0.3, velocity: 62)
      }
      for (offset, pitch) in right { hands.play([pitch], at: Double(bar * 4) + offset, for: 0.2, velocity: 88) }
    }
    return hands.take("straight rag")
  }

  static var pedalChords: GoldenTake {
    var hands = Hands(seed: 4, jitter: 12, bpm: 84)
    let chords = [[50, 57, 60, 65], [43, 53, 59, 65], [48, 55, 59, 64], [48, 52, 55, 59]]
    for bar in played {
      for half in 0..<2 {
        let beat = Double(bar * 4 + half * 2)
        hands.play(chords[bar % 4], at: beat, for: 1.2, velocity: 70)
        hands.pedal(true, at: beat + 0.3)
        hands.pedal(false, at: beat + 1.9)
      }
      hands.play([chords[bar % 4][3] + 12], at: Double(bar * 4) + 1, for: 0.8, velocity: 74)
      hands.play([chords[bar % 4][2] + 12], at: Double(bar * 4) + 3, for: 0.8, velocity: 72)
    }
    return hands.take("chords with pedal")
  }

  static var oneFinger: GoldenTake {
    var hands = Hands(seed: 5, jitter: 15, bpm: 104)
    let tune = [60, 60, 67, 67, 69, 69, 67, 65, 65, 64, 64, 62, 62, 60]
    for bar in played {
      for beat in 0..<4 {
        hands.play([tune[(bar * 4 + beat) % tune.count]], at: Double(bar * 4 + beat), for: 0.6, velocity: 72)
      }
    }
    return hands.take("one-finger melody")
  }

  static var storm: GoldenTake {
    var hands = Hands(seed: 6, jitter: 6, bpm: 126)
    for bar in played {
      for sixteenth in 0..<16 {
        let beat = Double(bar * 4) + Double(sixteenth) / 4
        let step = (bar * 16 + sixteenth * 5) % 12
        hands.play([72 + step], at: beat, for: 0.2, velocity: sixteenth % 4 == 0 ? 108 : 96)
        if sixteenth % 2 == 0 { hands.play([36 + step, 43 + step], at: beat, for: 0.4, velocity: 100) }
      }
    }
    return hands.take("two-handed storm")
  }

  /// Of a turn; near enough for a tempo, and the same on every machine.
  private static func sine(_ turns: Double) -> Double {
    let x = (turns - turns.rounded()) * 2
    return 4 * x * (1 - x.magnitude)
  }
}
