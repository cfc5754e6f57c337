// SPDX-License-Identifier: Apache-2.0
// Core/Improviser: from calls to answers.
import Music
import Responding
import Style

/// An answer that has been decided on.
struct PlannedAnswer: Sendable {
  var generation: Generation
  var call: Call
  /// In order of onset; never empty.
  var notes: [PlayedNote]
  var end: Instant
}

/// Learns what is called and answers in the styles in use. Answer `k` draws from stream `k` of the seed, so that what one
/// answer draws does not shift the next.
struct Responder: Sendable {
  /// Of the player, where nothing else was said.
  private let playerWeight: Double
  private let temperature: Double
  private let seed: UInt64
  var player: PlayerModel
  private var answers: UInt32 = 0
  private(set) var mix: Mix

  init(_ settings: Settings, styles: [WeightedStyle], seed: UInt64, player: PlayerModel) {
    playerWeight = settings.playerWeight
    temperature = settings.temperature
    mix = Mix(styles, player: settings.playerWeight)
    self.seed = seed
    self.player = player
  }

  mutating func use(_ styles: [WeightedStyle]) { mix = Mix(styles, player: playerWeight) }

  mutating func move(to styles: [WeightedStyle], player: Double, from now: Instant, over length: Duration) {
    mix.move(to: styles, player: player, from: now, over: length)
  }

  /// The generation of the next answer.
  var next: Generation { Generation(answers + 1) }

  /// Gives the number of notes learned so far; nil where the player has no share and the settings want none.
  mutating func learn(_ call: Call) -> Int? {
    guard playerWeight > 0 || mix.parts.contains(where: { $0.style == nil }) else { return nil }
    player.learn(call.phrase.notes(at: call.tempo), key: call.key)
    return player.notesLearned
  }

  /// The answer to `call` from `start` on; nil where neither a style nor the player has a share.
  mutating func answer(_ call: Call, from start: Instant, on grid: TimeGrid) -> PlannedAnswer? {
    let request = Answer().request(for: call, startingAt: start, temperature: temperature)
    return plan(call, request, from: start, on: grid)
  }

  /// From `start` on what is left of `former`, which was heard until `end`.
  mutating func goOn(
    from former: PlannedAnswer, until end: Instant, from start: Instant, on grid: TimeGrid
  ) -> PlannedAnswer? {
    let begun = former.notes.filter { $0.onset < end }
    let request = Answer().request(for: former.call, goingOnFrom: begun, at: start, temperature: temperature)
    return plan(former.call, request, from: start, on: grid)
  }

  private mutating func plan(
    _ call: Call, _ request: ContinuationRequest, from start: Instant, on grid: TimeGrid
  ) -> PlannedAnswer? {
    guard let mixture = mix.mixture(from: start, at: call.tempo) else { return nil }
    let generation = next
    var random = RandomSource(seed: seed, stream: UInt64(generation.number))
    let notes = Answer().notes(for: request, from: MixtureModel(mixture: mixture, player: player), using: &random)
    let played = Answer().render(notes, from: start, tempo: call.tempo).compactMap { $0.on(grid) }
    guard let end = played.map(\.release).max() else { return nil }
    answers += 1
    return PlannedAnswer(generation: generation, call: call, notes: played, end: end)
  }
}

/// The styles in use and the player's own model, as one.
private struct MixtureModel: ContinuationModel {
  let mixture: StyleMixture
  let player: PlayerModel

  func continuation(of request: ContinuationRequest, using random: inout RandomSource) -> [Note] {
    mixture.continuation(of: request, player: player, using: &random)
  }
}

extension PlayedNote {
  /// Nil when nothing of it would be left.
  fileprivate func on(_ grid: TimeGrid) -> PlayedNote? {
    var note = self
    note.onset = grid.nearest(onset)
    note.duration = grid.nearest(release) - note.onset
    return note.duration > .zero ? note : nil
  }
}
