// SPDX-License-Identifier: Apache-2.0
// Core/Responding: giving a phrase back varied (Haile's transformations: Weinberg and Driscoll, "Toward robotic
// musicianship", Computer Music Journal 30(4), 2006).
import Music

/// The call, transformed once in its rhythm and once in its melody. A model is not asked.
public struct Variation: PhraseResponse {
  public enum Choice: String, Hashable, Sendable, CaseIterable {
    /// By chance alone.
    case stochastic
    /// Of `candidates` that chance made the one that is as similar to the call's rhythm as wanted, and more stable than
    /// others as similar.
    case perceptual
  }

  static let candidates = 16
  /// Recognised, and yet not the same.
  static let similarity = 0.75

  private static let rhythmic: [Transformation] = [.divide, .multiply, .skip, .retrograde, .augment]
  private static let melodic: [Transformation] = [.transpose, .invert, .ornament]

  let choice: Choice

  public init(_ choice: Choice = .perceptual) { self.choice = choice }

  /// O(candidates * n log n).
  public func notes(
    for call: Call, in situation: Situation, from model: some ContinuationModel, using random: inout RandomSource
  ) -> [Note] {
    let heard = call.phrase.notes(at: call.tempo)
    let origin = situation.callPosition(call) ?? .zero
    let straight = situation.feel.straightened(heard, at: origin)
    let chosen = choice == .stochastic ? stochastic(straight, call, &random) : perceptual(straight, call, &random)
    return situation.feel.swung(chosen, at: situation.barPosition ?? origin)
  }

  private func stochastic(_ notes: [Note], _ call: Call, _ random: inout RandomSource) -> [Note] {
    var phrase = Chords(notes)
    for transformations in [Self.rhythmic, Self.melodic] {
      let index = Int(random.uniform() * Double(transformations.count))
      phrase = transformations[index].applied(to: phrase, key: call.key, using: &random)
    }
    return phrase.notes
  }

  private func perceptual(_ notes: [Note], _ call: Call, _ random: inout RandomSource) -> [Note] {
    let rhythm = RhythmMeasures.onsets(of: notes)
    var best = (notes: notes, worth: -Double.infinity)
    for _ in 0..<Self.candidates {
      let candidate = stochastic(notes, call, &random)
      let onsets = RhythmMeasures.onsets(of: candidate)
      let distance = (RhythmMeasures.similarity(rhythm, onsets) - Self.similarity).magnitude
      let isSame = candidate.map(\.pitch) == notes.map(\.pitch) && onsets == rhythm
      let worth = 0.4 * RhythmMeasures.stability(of: onsets) - distance - (isSame ? 1 : 0)
      if worth > best.worth { best = (candidate, worth) }
    }
    return best.notes
  }
}

extension Situation {
  /// Where in the beat grid the call began; nil without a beat.
  func callPosition(_ call: Call) -> Beats? { beat?.position(at: call.phrase.start) }
}
