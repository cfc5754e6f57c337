// SPDX-License-Identifier: Apache-2.0
// Core/Style: composing a continuation.
import Music

/// Composes one continuation: for each hand first the rhythm, then note by note what sounds on it. The joint
/// probability of rhythm and pitch is kept by predicting every pitch in the context of its rhythm, before and after.
struct Composer {
  private let mixture: StyleMixture
  private let request: ContinuationRequest
  private var predictor: Predictor
  private var dropped: [Continuation.Wish: Int] = [:]
  private var copied: CopiedRun?

  init(mixture: StyleMixture, request: ContinuationRequest) {
    self.mixture = mixture
    self.request = request
    predictor = Predictor(mixture, order: request.order)
  }

  mutating func compose(player: borrowing PlayerModel, using random: inout RandomSource) -> Continuation {
    let contexts = self.contexts()
    let onsets = Streams.stream(request.context.filter(\.onset.count.isFinite)).groups.count
    let originality = Originality(mixture, allowsCopies: mixture.allowsCopies)
    var notes: [Note] = []
    var upper: [Note] = []
    for (index, context) in contexts.enumerated() {
      let share = min(1, Double(context.bytes.count) / Double(max(1, onsets)))
      var hand = Hand(
        request: request, context: context, hands: contexts.count, share: onsets > 0 ? share : 1, above: upper)
      let rhythm = RhythmPlan(hand, &predictor, player: player, using: &random)
      let positions = rhythm.onsets.map(\.position)
      let constraints = PitchConstraints(
        request, isHighest: index == 0, positions: positions, ceilings: positions.map(hand.ceiling(at:)))
      let guide = PitchGuide(constraints, hand, &predictor, player: player)
      hand.fill(rhythm, &predictor, constraints, guide, originality, player: player, using: &random)
      let played = hand.played()
      notes += hand.notes.indices.filter { isFree(hand.notes[$0], under: upper) }.map { played[$0] }
      upper = hand.notes
      dropped.merge(constraints.dropped, uniquingKeysWith: +)
      dropped.merge(hand.dropped, uniquingKeysWith: +)
      if let run = originality.longestRun(in: hand.sequence.bytes, from: hand.start), run.events > copied?.events ?? 0 {
        copied = run
      }
    }
    return Continuation(
      notes: Overlaps.resolved(notes), dropped: dropped, copied: copied, consultations: predictor.consultations)
  }

  /// Whether `note` covers neither a given note nor the highest note of the last onset above.
  private func isFree(_ note: Note, under upper: [Note]) -> Bool {
    guard let last = upper.last?.onset else { return true }
    let highest = upper.lazy.filter { $0.onset == last }.map(\.pitch).max() ?? .highest
    if note.onset >= last - Beats(0.02), note.pitch >= highest { return false }
    guard let given = PitchConstraints.note(in: request.given, at: note.onset.count) else { return true }
    return note.pitch < given
  }

  /// The call's hands, at most two; one without any events where there is no call.
  private func contexts() -> [EventSequence] {
    let bar = request.timeSignature?.bar
    let sequences = EventReader(request.context, key: request.key, bar: bar).sequences()
    guard sequences.count > 1 else { return sequences.isEmpty ? [EventSequence()] : sequences }
    if let polyphony = request.polyphony, polyphony < 1.25 { return [sequences[0]] }
    return [sequences[0], sequences[sequences.count - 1]]
  }
}

/// A pitch that is struck again while it sounds.
enum Overlaps {
  /// No key is struck twice within this many beats.
  private static let nearest = Beats(0.02)

  /// In score order; of the same pitch at about the same onset one, and each ends before it is struck again. O(n log n).
  static func resolved(_ notes: [Note]) -> [Note] {
    var resolved: [Note] = []
    var latest = [Int](repeating: -1, count: 128)
    for note in notes.sorted(by: Note.inScoreOrder) {
      let former = latest[Int(note.pitch.number)]
      if former >= 0 {
        let distance = note.onset - resolved[former].onset
        if distance <= nearest { continue }
        resolved[former].duration = min(resolved[former].duration, distance)
      }
      latest[Int(note.pitch.number)] = resolved.count
      resolved.append(note)
    }
    return resolved
  }
}
