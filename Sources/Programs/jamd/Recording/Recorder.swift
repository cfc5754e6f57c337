// SPDX-License-Identifier: Apache-2.0
// Programs/jamd, between THINKING and LIBRARY: what is kept of a session.
import Dispatch
import Improviser
import Music
import Scores
import Style

/// Something to be kept, as the loop hands it over.
package enum RecordedEvent: Sendable {
  /// At the instant at which the improviser counts it.
  case input(Input)
  case action(Action, at: Instant)
  case marker(String, at: Instant)
  case keyboard(Keyboard, name: String, at: Instant)

  var at: Instant {
    switch self {
    case .input(let input): input.at
    case .action(_, let instant), .marker(_, let instant), .keyboard(_, _, let instant): instant
    }
  }

  /// As the journal of a session that began at `origin` holds it; nil for what no journal keeps.
  func entry(from origin: Instant) -> JournalEntry? {
    switch self {
    case .input(let input): JournalEntry(input, from: origin)
    case .action(let action, let instant): JournalEntry(action, at: instant, from: origin)
    case .marker(let text, let instant): JournalEntry(instant, from: origin, .marker(text))
    case .keyboard(let keyboard, let name, let instant):
      JournalEntry(instant, from: origin, .named(name, keyboard: keyboard.number))
    }
  }

  var endsPhrase: Bool {
    if case .action(.report(.phraseEnded, _), _) = self { true } else { false }
  }
}

/// Hands what is played to the session's journal, to the book of players and to the file of `--take`.
///
/// Methods may be called from the loop: they hand over and return. Only `finish` waits for the disk.
final class Recorder: Sendable {
  /// How long `finish` waits for MIDI files: a machine that is switched off wants to be quick.
  private static let patience = DispatchTimeInterval.seconds(3)

  private let queue: DispatchQueue
  /// Where sessions are made MIDI files.
  private let files: DispatchQueue
  private let events = Handover<RecordedEvent>()
  /// Touched on `queue` alone.
  private nonisolated(unsafe) let take: TakeFile?
  private nonisolated(unsafe) let sessions: SessionJournals?
  private nonisolated(unsafe) let players: PlayerBook?

  /// What is given must be used on `queue` alone.
  init(
    queue: DispatchQueue, files: DispatchQueue, take: TakeFile?, sessions: SessionJournals?, players: PlayerBook?
  ) {
    (self.queue, self.files) = (queue, files)
    (self.take, self.sessions, self.players) = (take, sessions, players)
  }

  /// False when jamd was told to keep nobody's playing.
  var keepsPlayers: Bool { players != nil }

  /// Saves who played until now and gives the model of who plays from now on. Nil when nobody's playing is kept.
  func usePlayer(_ name: PlayerName) async -> PlayerModel? {
    await withCheckedContinuation { done in
      onQueue { done.resume(returning: self.players?.use(name)) }
    }
  }

  /// Where keyboards are apart: `name`, or a name like it that nobody else has, plays this one. Nil when nobody's playing
  /// is kept.
  func usePlayer(_ name: PlayerName, at keyboard: Keyboard) async -> (name: PlayerName, model: PlayerModel)? {
    await withCheckedContinuation { done in
      onQueue { done.resume(returning: self.players?.use(name, at: keyboard)) }
    }
  }

  /// In alphabetical order.
  func listPlayers() async -> [(name: String, notes: Int)] {
    await withCheckedContinuation { done in
      onQueue { done.resume(returning: self.players?.list() ?? []) }
    }
  }

  /// Brings in order what an earlier jamd left behind.
  func start() { queue.async { self.sessions?.start() } }

  /// Sessions are kept in this folder from now on; the one that is being played ends.
  func move(to folder: String) { onQueue { self.sessions?.move(to: SessionFolder(folder)) } }

  func keep(_ retention: SessionFolder.Retention) { onQueue { self.sessions?.retention = retention } }

  /// After everything that was kept before.
  private func onQueue(_ body: @escaping @Sendable () -> Void) {
    queue.async {
      self.drain()
      body()
    }
  }

  func keep(_ event: RecordedEvent) { if events.give(event) { write() } }

  /// To be called from time to time: what could not be handed over when it was given.
  func pass() { if events.pass() { write() } }

  private func write() { queue.async { self.drain() } }

  /// On `queue`.
  private func drain() {
    for event in events.take() {
      take?.keep(event)
      sessions?.keep(event)
      players?.keep(event)
    }
  }

  /// Writes what there is and waits for it; for MIDI files of sessions no longer than `patience`.
  func finish(at now: Instant) {
    _ = events.pass()
    queue.sync {
      drain()
      take?.finish()
      sessions?.finish(at: now)
      players?.finish()
    }
    let made = DispatchSemaphore(value: 0)
    files.async { made.signal() }
    _ = made.wait(timeout: .now() + Self.patience)
    queue.sync { sessions?.giveUp() }
  }
}
