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
  /// Nothing may sound from here on; nil where it may last as it likes.
  var limit: Instant?
  var copied: CopiedEvents?
}

/// Learns what is called and answers in the styles in use. Answer `k` draws from stream `k` of the seed, so that what one
/// answer draws does not shift the next.
struct Responder: Sendable {
  /// Of the player, where nothing else was said.
  private let playerWeight: Double
  private let seed: UInt64
  private let allowsCopies: Bool
  var player: PlayerModel
  private var answers: UInt32 = 0
  private var generations: UInt32 = 0
  /// What styles are mixed from, with the weights they were given.
  private var styles: [WeightedStyle]
  private(set) var mix: Mix

  init(_ settings: Settings, styles: [WeightedStyle], seed: UInt64, player: PlayerModel) {
    playerWeight = settings.playerWeight
    allowsCopies = settings.allowsCopies
    self.styles = styles
    mix = Mix(styles, player: settings.playerWeight)
    self.seed = seed
    self.player = player
  }

  /// `player` is the player's share; nil: the settings'.
  mutating func use(_ styles: [WeightedStyle], player: Double? = nil) {
    self.styles = styles
    mix = Mix(styles, player: player ?? playerWeight)
  }

  mutating func move(to styles: [WeightedStyle], player: Double, from now: Instant, over length: Duration) {
    self.styles = styles
    mix.move(to: styles, player: player, from: now, over: length)
  }

  /// Only the player's share moves; nil: to the settings'.
  mutating func move(player: Double?, from now: Instant, over length: Duration) {
    mix.move(to: styles, player: player ?? playerWeight, from: now, over: length)
  }

  /// The generation of what is played next.
  var next: Generation { Generation(generations + 1) }

  /// For what no model chooses: a generation of its own, so that whatever cancels answers cancels it too.
  mutating func takeNext() -> Generation {
    generations += 1
    return Generation(generations)
  }

  /// Gives the number of notes learned so far; nil where the player has no share and the settings want none.
  mutating func learn(_ notes: [Note], in key: Key?) -> Int? {
    guard playerWeight > 0 || mix.parts.contains(where: { $0.style == nil }) else { return nil }
    player.learn(notes, key: key)
    return player.notesLearned
  }

  /// What `response` says to `call`, for so many beats at most; nil where neither a style nor the player has a share.
  mutating func respond(
    _ response: some PhraseResponse, to call: Call, in situation: Situation, limit: Beats? = nil, on grid: TimeGrid
  ) -> PlannedAnswer? {
    plan(call, from: situation.start, limit, on: grid) { model, random in
      response.notes(for: call, in: situation, from: model, using: &random)
    }
  }

  /// From `start` on what is left of `former`, which was heard until `end`.
  mutating func goOn(
    from former: PlannedAnswer, until end: Instant, from start: Instant, temperature: Double, order: Int,
    on grid: TimeGrid
  ) -> PlannedAnswer? {
    let begun = former.notes.filter { $0.onset < end }
    var request = Answer().request(for: former.call, goingOnFrom: begun, at: start, temperature: temperature)
    request.order = order
    let limit = former.limit.map { former.call.tempo.beats(in: $0 - start) }
    return plan(former.call, from: start, limit, on: grid) { model, random in
      Answer().notes(for: request, from: model, using: &random)
    }
  }

  /// The notes of one beat, chosen by `choose`; nil for none.
  mutating func playAlong(
    _ beat: ComingBeat, on grid: TimeGrid, _ choose: (MixtureModel, inout RandomSource) -> [Note]
  ) -> (notes: [PlayedNote], generation: Generation)? {
    guard let mixture = mix.mixture(from: beat.situation.start, at: beat.tempo) else { return nil }
    let generation = next
    var random = RandomSource(seed: seed, stream: UInt64(answers + 1))
    let notes = choose(MixtureModel(mixture: mixture, player: player), &random)
    answers += 1
    generations += 1
    let first = notes.map(\.onset).min() ?? .zero
    let start = beat.situation.start + beat.tempo.duration(of: first)
    let played = Answer().render(notes, from: start, tempo: beat.tempo).compactMap { $0.on(grid) }
    return played.isEmpty ? nil : (played, generation)
  }

  private mutating func plan(
    _ call: Call, from start: Instant, _ limit: Beats?, on grid: TimeGrid,
    _ choose: (MixtureModel, inout RandomSource) -> [Note]
  ) -> PlannedAnswer? {
    guard var mixture = mix.mixture(from: start, at: call.tempo) else { return nil }
    mixture.allowsCopies = allowsCopies
    let generation = next
    var random = RandomSource(seed: seed, stream: UInt64(answers + 1))
    let account = CompositionAccount()
    var notes = choose(MixtureModel(mixture: mixture, player: player, account: account), &random)
    if let limit { notes = Self.cut(notes, at: limit) }
    let played = Answer().render(notes, from: start, tempo: call.tempo).compactMap { $0.on(grid) }
    guard let end = played.map(\.release).max() else { return nil }
    answers += 1
    generations += 1
    return PlannedAnswer(
      generation: generation, call: call, notes: played, end: end,
      limit: limit.map { start + call.tempo.duration(of: $0) },
      copied: account.copied.map { CopiedEvents(count: $0.events, style: mix.styles[$0.style].name) })
  }

  /// Nothing at or beyond `limit`, an onset on it included.
  private static func cut(_ notes: [Note], at limit: Beats) -> [Note] {
    notes.filter { $0.onset < limit - Beats(0.1) }.map { note in
      var note = note
      note.duration = min(note.duration, limit - note.onset)
      return note
    }
  }
}

/// The styles in use and the player's own model, as one.
struct MixtureModel: ContinuationModel {
  let mixture: StyleMixture
  let player: PlayerModel
  var account = CompositionAccount()

  func continuation(of request: ContinuationRequest, using random: inout RandomSource) -> [Note] {
    let continuation = mixture.compose(request, player: player, using: &random)
    account.add(continuation)
    return continuation.notes
  }
}

/// What a way of playing does not ask of its model, and reports tell all the same; for one answer, in one thread.
final class CompositionAccount {
  /// The longest of all continuations.
  private(set) var copied: CopiedRun?

  func add(_ continuation: Continuation) {
    if let run = continuation.copied, run.events > copied?.events ?? 0 { copied = run }
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
