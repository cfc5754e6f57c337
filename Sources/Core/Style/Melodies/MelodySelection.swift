// SPDX-License-Identifier: Apache-2.0
// Core/Style: the statistical model. Which viewpoints a melody predictor should use, found out from melodies.
import Glibc
import Music

/// A `StepwiseSelection` of the viewpoints of a `MelodyPredictor`, from training melodies alone. They are read in order: the
/// first half is learned, and in the second every candidate predicts each note before it is learned (prequential, as in
/// Dawid, "Present position and potential developments: some personal views: statistical theory: the prequential approach",
/// JRSS A 1984). Any choice's mixture is then made from what its candidates said, its weights learned on the way.
public struct MelodySelection: Sendable {
  public struct Step: Sendable {
    public let isAddition: Bool
    public let viewpoint: Viewpoint
    /// Bits a note, of the choice after this step.
    public let bits: Double
  }

  public static let highestCount = 12

  private let candidates: [Viewpoint]
  private var selection: StepwiseSelection

  /// `limit` notes, about, are predicted. O(notes * candidates).
  public init(_ training: [Melody], alphabet: some Sequence<Pitch>, model: MelodyModel, limit: Int = 3_000) {
    let candidates = MelodyViewpoints.candidates(model)
    self.candidates = candidates
    let opinions = MelodyOpinions(training, alphabet: alphabet, model: model, candidates, limit: limit)
    selection = StepwiseSelection(
      candidates: candidates.count, highestCount: Self.highestCount, pieces: opinions.countedPieces
    ) { opinions.bits($0) }
  }

  /// Bits a note, of the present choice.
  public var bits: Double { selection.cost }

  public var viewpoints: [Viewpoint] { selection.chosen.sorted().map { candidates[$0] } }

  /// One step, nil when the choice is made.
  public mutating func next() -> Step? {
    selection.next().map { Step(isAddition: $0.isAddition, viewpoint: candidates[$0.number], bits: bits) }
  }
}

/// What every candidate's two memories (of all pieces, and of the piece at hand) said about notes.
private struct MelodyOpinions: Sendable {
  private typealias Lanes = FastMath.Lanes
  private static let nothing: UInt8 = 255

  private let outcomes: Int
  private let rows: Int
  private let experts: Int
  /// Of each note, then each expert.
  private var logs: [Lanes] = []
  private var states: [UInt8] = []
  private var truths: [Int] = []
  private var pieces: [Int] = []

  init(
    _ training: [Melody], alphabet: some Sequence<Pitch>, model: MelodyModel, _ candidates: [Viewpoint], limit: Int
  ) {
    var predictor = MelodyPredictor(alphabet: alphabet, model: model, viewpoints: candidates)
    outcomes = max(1, predictor.alphabet.count)
    rows = (outcomes + 7) / 8
    experts = candidates.count * 2
    let half = training.count / 2
    let notes = training[half...].reduce(0) { $0 + $1.pitches.count }
    let stride = max(0, notes - 1) / max(1, limit) + 1
    for (index, melody) in training.enumerated() {
      if index >= half, (index - half) % stride == 0 {
        predict(melody, piece: index, &predictor)
      } else {
        predictor.learn(melody, adapts: false)
      }
    }
  }

  private mutating func predict(_ melody: Melody, piece: Int, _ predictor: inout MelodyPredictor) {
    predictor.begin()
    for (index, pitch) in melody.pitches.enumerated() {
      _ = predictor.distribution()
      let (firstState, firstRow) = (states.count, logs.count)
      states.append(contentsOf: repeatElement(Self.nothing, count: experts))
      logs.append(contentsOf: repeatElement(Lanes(repeating: 0), count: experts * rows))
      predictor.mixer.visit { expert, state, known in
        states[firstState + expert] = UInt8(state)
        for (row, lanes) in known.enumerated() { logs[firstRow + expert * rows + row] = lanes }
      }
      truths.append(predictor.alphabet.firstIndex(of: pitch) ?? 0)
      pieces.append(piece)
      predictor.learn(pitch, duration: melody.durations.isEmpty ? .zero : melody.durations[index])
    }
  }

  /// Weights are learned on the first third, which does not count.
  private var uncounted: Int { truths.count / 3 }

  var countedPieces: [Int] { Array(pieces.dropFirst(uncounted)) }

  /// What each note that counts costs when these candidates predict it.
  func bits(_ chosen: [Int]) -> [Double] {
    var mixer = ExpertMixer(experts: chosen.count * 2, outcomes: outcomes)
    var bits: [Double] = []
    bits.reserveCapacity(truths.count)
    for (note, truth) in truths.enumerated() {
      mixer.begin()
      for (place, number) in chosen.enumerated() {
        for memory in 0..<2 {
          let expert = note * experts + number * 2 + memory
          guard states[expert] != Self.nothing else { continue }
          mixer.add(
            logs[expert * rows..<(expert + 1) * rows], state: Int(states[expert]), expert: place * 2 + memory)
        }
      }
      mixer.mix()
      bits.append(-log2(mixer.probabilities[truth]))
      mixer.adapt(to: truth, rate: MelodyPredictor.rate)
    }
    return Array(bits.dropFirst(uncounted))
  }
}
