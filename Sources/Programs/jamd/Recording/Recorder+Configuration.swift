// SPDX-License-Identifier: Apache-2.0
// Programs/jamd: the recorder as it is configured.
import ControlProtocol
import Dispatch
import Logging
import Music
import RealTime

extension Recorder {
  /// `states` is told on the recorder's own queue.
  convenience init(
    _ configuration: Configuration, take: String?, log: Logger, states: RecordingStates
  ) {
    let queue = DispatchQueue(label: "jamd.library.recording", target: .global(qos: .utility))
    // With a thread of its own: where there is one core the queues of the library share one, and would wait.
    let files = DispatchQueue(label: "jamd.library.sessions", qos: .utility)
    let answers = configuration.answerChannel
    let folder = configuration.sessionFolder
    if configuration.record.isEnabled, folder == nil {
      states.tell(SessionJournals.State(problem: "sessions are not kept: no $HOME; set record.folder"))
    }
    let sessions = configuration.record.isEnabled ? folder : nil
    let schedule: (Duration, @escaping () -> Void) -> Void = { delay, body in
      nonisolated(unsafe) let body = body
      queue.asyncAfter(deadline: .now() + .nanoseconds(Int(delay.nanoseconds))) { body() }
    }
    let aside: (@escaping SessionJournals.FileWork, @escaping ([SessionFolder.Recovery]) -> Void) -> Void = {
      work, done in
      nonisolated(unsafe) let done = done
      files.async {
        let recoveries = work()
        queue.async { done(recoveries) }
      }
    }
    self.init(
      queue: queue, files: files, take: take.map { TakeFile(path: $0, answers: answers, queue: queue, log: log) },
      sessions: sessions.map { folder in
        SessionJournals(
          SessionJournals.Settings(
            folder: SessionFolder(folder), retention: configuration.retention,
            pause: .seconds(60 * configuration.record.pauseMinutes), answers: answers),
          log: log, now: { .now() },
          schedule: schedule, aside: aside, onState: { states.tell($0) })
      },
      players: configuration.playerFolder.map { folder in
        PlayerBook(folder: folder, log: log, schedule: schedule) { states.tell(playerProblem: $0) }
      })
  }
}

extension Configuration {
  /// Nil where nobody has a home.
  package var sessionFolder: String? {
    guard record.folder.isEmpty else { return record.folder }
    return StatePath.keeping(environment: Environment.current).map(StatePath.sessions)
  }

  /// Nil when nobody's playing is kept.
  package var playerFolder: String? {
    guard !player.name.isEmpty else { return nil }
    return StatePath.keeping(environment: Environment.current).map(StatePath.players)
  }

  package var retention: SessionFolder.Retention {
    SessionFolder.Retention(
      age: record.keepDays > 0 ? record.keepDays * 86400 : nil,
      bytes: record.keepMegabytes > 0 ? record.keepMegabytes << 20 : nil)
  }
}

/// Brings the recorder's states to the loop.
final class RecordingStates: Sendable {
  /// Set before the first state is told.
  @MainActor var onState: (SessionJournals.State) -> Void = { _ in }
  /// Why what somebody played is not kept; nil when it is.
  @MainActor var onPlayerProblem: (String?) -> Void = { _ in }

  nonisolated init() {}

  func tell(_ state: SessionJournals.State) {
    Task { @MainActor in self.onState(state) }
  }

  func tell(playerProblem problem: String?) {
    Task { @MainActor in self.onPlayerProblem(problem) }
  }
}
