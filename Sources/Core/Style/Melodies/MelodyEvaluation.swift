// SPDX-License-Identifier: Apache-2.0
// Core/Style: how well melodies are predicted.
import Glibc
import Music

/// Cross-validation over folds: the pieces of one fold are predicted by a model that has learned all others.
///
/// Every note is predicted, the first of a piece from an empty context; the alphabet is that of the whole set; bits are
/// pooled over all notes. Within a fold a live model goes on learning from piece to piece.
public struct MelodyEvaluation: Sendable {
  /// Bits that notes cost; the scores of folds add up.
  public struct Score: Hashable, Sendable {
    public var bits = 0.0
    public var notes = 0

    public init() {}

    /// Not a number without notes.
    public var bitsPerNote: Double { bits / Double(notes) }

    public static func + (a: Score, b: Score) -> Score {
      var sum = a
      sum.bits += b.bits
      sum.notes += b.notes
      return sum
    }
  }

  /// Training notes, about, from which weights are learned; all are learned from otherwise.
  private static let adaptationNotes = 12_000

  public let melodies: [Melody]
  /// The fold of each melody.
  public let folds: [Int]
  private let alphabet: [Pitch]

  /// Nil unless there is a fold for every melody.
  public init?(melodies: [Melody], folds: [Int]) {
    guard melodies.count == folds.count else { return nil }
    self.melodies = melodies
    self.folds = folds
    alphabet = Set(melodies.flatMap(\.pitches)).sorted()
  }

  /// All folds, one after the other.
  public func score(_ model: MelodyModel) -> Score {
    Set(folds).sorted().reduce(Score()) { $0 + score(model, fold: $1) }
  }

  /// The choice of viewpoints for one fold, by the melodies of all others; it never sees those of the fold.
  public func selection(_ model: MelodyModel, fold: Int) -> MelodySelection {
    MelodySelection(training(fold).map { melodies[$0] }, alphabet: alphabet, model: model)
  }

  private func training(_ fold: Int) -> [Int] { melodies.indices.filter { folds[$0] != fold } }

  /// One fold; independent of the others, so that they can be scored at the same time.
  public func score(_ model: MelodyModel, fold: Int, viewpoints: [Viewpoint]? = nil) -> Score {
    var predictor = MelodyPredictor(alphabet: alphabet, model: model, viewpoints: viewpoints)
    let training = training(fold)
    let notes = training.reduce(0) { $0 + melodies[$1].pitches.count }
    let stride = notes / Self.adaptationNotes + 1
    for (number, index) in training.enumerated() {
      predictor.learn(melodies[index], adapts: number % stride == 0)
    }
    return melodies.indices.filter { folds[$0] == fold }
      .reduce(Score()) { $0 + score(melodies[$1], by: &predictor) }
  }

  private func score(_ melody: Melody, by predictor: inout MelodyPredictor) -> Score {
    var score = Score()
    predictor.begin()
    for (index, pitch) in melody.pitches.enumerated() {
      let distribution = predictor.distribution()
      guard let outcome = alphabet.firstIndex(of: pitch) else { continue }
      score.bits -= log2(distribution[outcome])
      score.notes += 1
      predictor.observe(pitch, duration: melody.durations.isEmpty ? .zero : melody.durations[index])
    }
    return score
  }
}
