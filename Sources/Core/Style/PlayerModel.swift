// SPDX-License-Identifier: Apache-2.0
// Core/Style: the player's own model.
import Music

/// What the player has played lately, learned at once. Bounded: beyond `capacity` notes the oldest phrases are forgotten
/// exactly, as if they had never been played.
public struct PlayerModel: Sendable {
  /// Enough for an hour of dense playing; at most about 12 MB.
  public static let standardCapacity = 16_384

  public let capacity: Int
  /// All notes ever learned, also those that are forgotten by now.
  public private(set) var notesLearned = 0
  /// Notes that the model holds at present, never more than `capacity`.
  public private(set) var notesHeld = 0

  let viewpoints: [Viewpoint]
  private(set) var counts: [LiveCounts]
  private var phrases: [(notes: [Note], key: Key?)] = []
  private var oldest = 0

  public init(capacity: Int = standardCapacity, viewpoints: [Viewpoint] = Viewpoint.standard) {
    self.capacity = max(1, capacity)
    self.viewpoints = viewpoints
    counts = Array(repeating: LiveCounts(), count: Stores.count(viewpoints: viewpoints.count))
  }

  /// Learns one phrase, in beats from its start. O(notes * viewpoints * log capacity). A phrase longer than the capacity
  /// is learned from its last notes.
  public mutating func learn(_ notes: [Note], key: Key?) {
    guard !notes.isEmpty else { return }
    let phrase = Array(notes.sorted(by: Note.inScoreOrder).suffix(capacity))
    notesLearned += notes.count
    while notesHeld + phrase.count > capacity, oldest < phrases.count { forgetOldest() }
    notesHeld += phrase.count
    phrases.append((phrase, key))
    Self.walk(phrase, key, viewpoints) { counts[$0].insert($1) }
  }

  private mutating func forgetOldest() {
    let (notes, key) = phrases[oldest]
    Self.walk(notes, key, viewpoints) { counts[$0].remove($1) }
    notesHeld -= notes.count
    phrases[oldest].notes = []
    oldest += 1
    if oldest * 2 > phrases.count {
      phrases.removeFirst(oldest)
      oldest = 0
    }
  }

  private static func walk(
    _ notes: [Note], _ key: Key?, _ viewpoints: [Viewpoint], _ body: (Int, ContextKey) -> Void
  ) {
    let walk = ContextWalk(viewpoints: viewpoints)
    for sequence in EventReader(notes, key: key).sequences() { walk.walk(sequence, body) }
  }
}
