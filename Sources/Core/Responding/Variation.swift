// SPDX-License-Identifier: Apache-2.0
// Core/Responding: giving a phrase back varied (Haile's transformations: Weinberg and Driscoll, "Toward robotic
// musicianship", Computer Music Journal 30(4), 2006).
import Music

/// The call, transformed once in its rhythm and once in its melody. A model is not asked.
///
/// Which transformations these are is drawn first, of those that make something else of the call; so all are heard,
/// whatever the call's rhythm is. How far they go is chance's too, or chosen by how the rhythm would be perceived.
public struct Variation: PhraseResponse {
  static let candidates = 16
  /// Recognised, and yet not the same.
  static let similarity = 0.75

  /// Those of one row are heard as much the same.
  private static let rhythmic: [[Transformation]] = [[.divide], [.multiply, .skip], [.retrograde], [.augment]]
  private static let melodic: [[Transformation]] = [[.transpose], [.invert], [.ornament]]

  let choice: VariationChoice

  public init(_ choice: VariationChoice = .either) { self.choice = choice }

  /// O(candidates * n log n).
  public func notes(
    for call: Call, in situation: Situation, from model: some ContinuationModel, using random: inout RandomSource
  ) -> [Note] {
    let heard = call.phrase.notes(at: call.tempo)
    let origin = situation.callPosition(call) ?? .zero
    var phrase = Chords(situation.feel.straightened(heard, at: origin))
    if let bar = situation.beat?.bar { (phrase.place, phrase.bar) = (origin.count, bar.count) }
    let isPerceptual = choice == .either ? random.uniform() < 0.5 : choice == .perceptual
    let kinds = [Self.rhythmic, Self.melodic].compactMap { rows -> Transformation? in
      let fitting = rows.map { $0.filter { $0.changes(phrase, key: call.key) } }.filter { !$0.isEmpty }
      return Self.any(fitting, &random).flatMap { Self.any($0, &random) }
    }
    func varied(by kinds: [Transformation]) -> [Note] {
      kinds.reduce(phrase) { $1.applied(to: $0, key: call.key, using: &random) }.notes
    }
    let candidates = (0..<(isPerceptual ? Self.candidates : 1)).map { _ in varied(by: kinds) }
    var chosen = Self.nearest(candidates, to: phrase)
    // Turned round and upside down some phrases are themselves.
    if chosen == phrase.notes { chosen = varied(by: [.transpose]) }
    return situation.feel.swung(chosen, at: situation.barPosition ?? origin)
  }

  private static func any<Element>(_ elements: [Element], _ random: inout RandomSource) -> Element? {
    elements.isEmpty ? nil : elements[Int(random.uniform() * Double(elements.count))]
  }

  /// Of `candidates` the one that is as similar to the call's rhythm as wanted, and more stable than others as similar.
  private static func nearest(_ candidates: [[Note]], to phrase: Chords) -> [Note] {
    let rhythm = RhythmMeasures.onsets(of: phrase.notes)
    let rated = candidates.map { notes in
      let onsets = RhythmMeasures.onsets(of: notes)
      let distance = (RhythmMeasures.similarity(rhythm, onsets) - similarity).magnitude
      return (notes: notes, worth: 0.4 * RhythmMeasures.stability(of: onsets) - distance)
    }
    // Of equals the first.
    return rated.reduce(rated[0]) { $1.worth > $0.worth ? $1 : $0 }.notes
  }
}

extension Situation {
  /// Where in the beat grid the call began; nil without a beat.
  func callPosition(_ call: Call) -> Beats? { beat?.position(at: call.phrase.start) }
}
