// SPDX-License-Identifier: Apache-2.0
// Core/Style: what is kept of a player from one session to the next.
import Music

/// The player's latest phrases, from which the player's own model can be learned again at any time. Bounded like the
/// model: beyond `capacity` notes the oldest phrases go.
public struct PlayerMemory: Hashable, Sendable {
  public struct Phrase: Hashable, Sendable {
    /// In beats from the start of the phrase; never empty.
    public let notes: [Note]
    public let key: Key?
  }

  public private(set) var phrases: [Phrase] = []
  /// Notes in them.
  public private(set) var notes = 0
  public let capacity: Int

  public init(capacity: Int = PlayerModel.standardCapacity) { self.capacity = max(1, capacity) }

  /// O(notes), amortised.
  public mutating func learn(_ notes: [Note], key: Key?) {
    let kept = Array(notes.sorted(by: Note.inScoreOrder).suffix(capacity))
    guard !kept.isEmpty else { return }
    phrases.append(Phrase(notes: kept, key: key))
    self.notes += kept.count
    var surplus = 0
    while self.notes > capacity {
      self.notes -= phrases[surplus].notes.count
      surplus += 1
    }
    if surplus > 0 { phrases.removeFirst(surplus) }
  }

  /// The model of a player who has just played all this. O(notes * viewpoints * log notes).
  public func model() -> PlayerModel {
    var model = PlayerModel(capacity: capacity)
    for phrase in phrases { model.learn(phrase.notes, key: phrase.key) }
    return model
  }

  /// What was played, as a style for others: each phrase is a piece. O(notes * viewpoints * log notes).
  public func style(_ information: StyleInformation) -> Style {
    var learner = StyleLearner(information: information)
    for phrase in phrases {
      let keys = phrase.key.map { [Positioned(position: .zero, value: $0)] } ?? []
      learner.learn(Piece(parts: [Part(notes: phrase.notes)], keys: keys))
    }
    return learner.style()
  }
}
