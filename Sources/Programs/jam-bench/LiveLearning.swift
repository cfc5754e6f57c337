// SPDX-License-Identifier: Apache-2.0
// Programs/jam-bench: how long a note takes to be learned from the player.
import Music
import Style

enum LiveLearning {
  private static let phraseLength = 16

  static func figures(_ extent: Extent) -> [Figure] {
    let phrases = self.phrases(notes: extent.liveNotes)
    var (alone, inPhrases): ([Quantiles], [Quantiles]) = ([], [])
    for _ in 0..<extent.runs {
      alone.append(run(phrases.flatMap { $0.map { [$0] } }))
      inPhrases.append(run(phrases))
    }
    return [
      .microseconds("live note, a phrase of its own", alone),
      .microseconds("live note, mean of a phrase of \(phraseLength)", inPhrases),
    ]
  }

  /// Nanoseconds a note, in a model that is filled first: every phrase also forgets the oldest.
  private static func run(_ phrases: [[Note]]) -> Quantiles {
    var player = PlayerModel(capacity: min(PlayerModel.standardCapacity, phrases.count / 2 * phrases[0].count))
    let key = Key(tonic: PitchClass(0), mode: .major)
    var samples = Samples(capacity: phrases.count)
    for phrase in phrases {
      let isFull = player.notesHeld + phrase.count > player.capacity
      let time = timed { player.learn(phrase, key: key) }.nanoseconds
      if isFull { samples.add(time / Double(phrase.count)) }
    }
    return samples.quantiles()
  }

  static func phrases(notes: Int) -> [[Note]] {
    var ragtime = Ragtime(seed: Extent.seed &+ 2)
    return (0..<max(2, notes / phraseLength)).map { _ in Array(ragtime.call(bars: 8).prefix(phraseLength)) }
  }
}
