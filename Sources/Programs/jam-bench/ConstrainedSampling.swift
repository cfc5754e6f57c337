// SPDX-License-Identifier: Apache-2.0
// Programs/jam-bench: what constraints ahead cost.
import Music
import Style

/// 64 steps, each constrained to the chord on beats and to the key between them, some given, the last on the tonic.
enum ConstrainedSampling {
  private static let steps = 64
  private static let piano = Pitch(clamping: 21)...Pitch(clamping: 108)
  private static let scale = PitchSet(Key(tonic: PitchClass(0), mode: .major).scale)

  static func figures(_ style: Style, _ extent: Extent) -> [Figure] {
    let chains = (0..<extent.runs).map { run in chain(run: run, samples: extent.answers) }
    let answers = (0..<extent.runs).map { run in self.answers(style, run: run, count: extent.answers / 4) }
    return [
      .microseconds("constrained sampling, backward pass and \(steps) steps, 88 keys", chains),
      .microseconds("constrained answer, its time for \(steps) onsets", answers),
    ]
  }

  /// The exact chain alone: building it, passing the messages back, drawing forwards.
  private static func chain(run: Int, samples count: Int) -> Quantiles {
    var random = RandomSource(seed: Extent.seed, stream: UInt64(run))
    let numbers = Int(piano.lowerBound.number)...Int(piano.upperBound.number)
    let potentials: [[Double]?] = (0..<steps).map { step in
      numbers.map { number in
        if step == steps - 1 { return number % 12 == 0 ? 1 : 0 }
        if step % 16 == 8 { return number == 60 + step / 4 ? 1 : 0 }
        return scale.contains(Pitch(clamping: number)) ? 1 : 0
      }
    }
    var samples = Samples(capacity: count)
    for _ in 0..<count {
      let (line, time) = timed {
        let chain = PitchChain(numbers) { from, semitones in 1 / Double(1 + abs(semitones) + Int(from.number) % 3) }
        let messages = chain.messages(potentials)
        var pitch = 60
        return (0..<steps).map { step in
          let chances = chain.distribution(after: pitch, potential: potentials[step], message: messages[step])
          pitch = chain.low + drawn(chances, &random)
          return pitch
        }
      }
      precondition(line.last.map { $0 % 12 == 0 } == true)
      samples.add(time)
    }
    return samples.quantiles()
  }

  private static func drawn(_ chances: [Double], _ random: inout RandomSource) -> Int {
    var left = random.uniform()
    for (index, chance) in chances.enumerated() {
      left -= chance
      if left < 0 { return index }
    }
    return chances.lastIndex { $0 > 0 } ?? 0
  }

  /// Whole answers, with rhythm, chords and expression, of the full model; the time is scaled to 64 onsets.
  private static func answers(_ style: Style, run: Int, count: Int) -> Quantiles {
    var random = RandomSource(seed: Extent.seed, stream: UInt64(run))
    var ragtime = Ragtime(seed: Extent.seed &+ 3)
    let player = PlayerModel()
    var samples = Samples(capacity: count)
    guard let mixture = StyleMixture(parts: [(style, 1)], playerWeight: 0) else { return samples.quantiles() }
    for _ in 0..<count {
      let request = ContinuationRequest(
        context: ragtime.call(bars: 4), timeSignature: TimeSignature(beats: 2, unit: 4), length: Beats(32),
        range: piano,
        polyphony: 1.2, endings: [PitchClass(0)], allowed: [Positioned(position: .zero, value: scale)],
        given: [Positioned(position: Beats(8), value: Pitch(clamping: 72))])
      let (answer, time) = timed { mixture.compose(request, player: player, using: &random) }
      let onsets = max(1, Set(answer.notes.map(\.onset)).count)
      samples.add(time * Double(steps) / Double(onsets))
    }
    return samples.quantiles()
  }
}
