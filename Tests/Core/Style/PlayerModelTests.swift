// SPDX-License-Identifier: Apache-2.0
// Tests of Core/Style: the player's own model.
import Foundation
import Music
import Style
import Testing

@Suite struct PlayerModelTests {
  /// `JAMD_LIVE_NOTES` sets the number of notes.
  @Test("notes without end never exceed the capacity")
  func bounded() {
    let total = ProcessInfo.processInfo.environment["JAMD_LIVE_NOTES"].flatMap { Int($0) } ?? 20_000
    var player = PlayerModel(capacity: 500)
    var seed: UInt64 = 0
    var given = 0
    while given < total {
      let phrase = syntheticPhrase(seed: seed, onsets: Int(seed % 40))
      player.learn(phrase, key: nil)
      given += phrase.count
      seed += 1
      #expect(player.notesHeld <= 500)
    }
    #expect(player.notesLearned == given)
    #expect(player.notesHeld > 400)
  }

  @Test("what is forgotten has left no trace")
  func forgetting() {
    let recent = (100..<110).map { syntheticPhrase(seed: UInt64($0)) }
    let capacity = recent.reduce(0) { $0 + $1.count }
    var old = PlayerModel(capacity: capacity)
    for seed in 0..<40 as Range<UInt64> { old.learn(syntheticPhrase(seed: seed), key: nil) }
    var fresh = PlayerModel(capacity: capacity)
    for phrase in recent {
      old.learn(phrase, key: nil)
      fresh.learn(phrase, key: nil)
    }
    #expect(old.notesHeld == fresh.notesHeld)
    let mixture = StyleMixture(parts: [], playerWeight: 1)!
    for seed in 0..<10 as Range<UInt64> {
      let request = ContinuationRequest(context: recent[Int(seed)], length: Beats(8))
      var (a, b) = (RandomSource(seed: seed), RandomSource(seed: seed))
      let fromOld = mixture.continuation(of: request, player: old, using: &a)
      #expect(fromOld == mixture.continuation(of: request, player: fresh, using: &b))
    }
  }

  @Test("a phrase longer than the capacity is learned from its end")
  func longPhrase() {
    var player = PlayerModel(capacity: 50)
    player.learn(syntheticPhrase(seed: 1, onsets: 400), key: nil)
    #expect(player.notesHeld == 50)
  }
}
