// SPDX-License-Identifier: Apache-2.0
// Programs/jamd, LIBRARY: the always-on recorder.
import Dispatch
import Glibc
import Improviser
import Logging
import Music
import RealTime
import Scores

/// Keeps every session in a journal of its own. A session begins with its first note and ends after a long silence, or
/// with jamd. Written at the end of each phrase and at most `delay` after anything was played; a disk that takes nothing
/// is asked again, and meanwhile everything waits in memory. Lives on one queue; MIDI files are made aside, for that takes
/// seconds for an hour of music.
package final class SessionJournals {
  package struct Settings: Sendable {
    package var folder: SessionFolder
    package var retention: SessionFolder.Retention
    /// Silence that ends a session.
    package var pause: Duration
    package var answers: Channel

    package init(
      folder: SessionFolder, retention: SessionFolder.Retention, pause: Duration = .seconds(600), answers: Channel
    ) {
      (self.folder, self.retention, self.pause, self.answers) = (folder, retention, pause, answers)
    }
  }

  /// What the status shows.
  package struct State: Hashable, Sendable {
    package var path: String?
    /// Why nothing can be written, and the way out.
    package var problem: String?
  }

  private struct Session {
    var origin: Instant
    var startedAt: Int
    var id: String?
    var file: Descriptor?
    /// Nothing has been played, and nothing sounds, since then.
    var silentSince: Instant
  }

  package typealias FileWork = @Sendable () -> [SessionFolder.Recovery]

  private static let delay = Duration.milliseconds(400)
  private static let retry = Duration.seconds(5)

  private var settings: Settings
  /// From the end of this session on.
  package var retention: SessionFolder.Retention
  private let log: Logger
  private let onState: @Sendable (State) -> Void
  /// Calls back on the queue.
  private let schedule: (Duration, @escaping () -> Void) -> Void
  /// Makes files elsewhere, one after the other, and tells the queue of them.
  private let aside: (@escaping FileWork, @escaping ([SessionFolder.Recovery]) -> Void) -> Void
  private let now: () -> Instant
  private var session: Session?
  private var buffer = JournalBuffer()
  private var isFlushDue = false
  /// Sessions that are over and being made MIDI files.
  private var unsaved: [String] = []
  /// What was told before the session began: names of keyboards, and the last marker of each kind.
  private var names: [(keyboard: Keyboard, name: String)] = []
  /// Where keyboards are apart, whose answers have which channel.
  private var seats: [(seat: Channel, keyboard: Keyboard)] = []
  private var standing: [(kind: Substring, text: String, at: Instant)] = []
  private var state = State() { didSet { if state != oldValue { onState(state) } } }

  package init(
    _ settings: Settings, log: Logger, now: @escaping () -> Instant,
    schedule: @escaping (Duration, @escaping () -> Void) -> Void,
    aside: @escaping (@escaping FileWork, @escaping ([SessionFolder.Recovery]) -> Void) -> Void,
    onState: @escaping @Sendable (State) -> Void
  ) {
    retention = settings.retention
    (self.settings, self.log, self.now, self.onState) = (settings, log, now, onState)
    (self.schedule, self.aside) = (schedule, aside)
  }

  /// Saves what an earlier jamd left behind, aside.
  package func start() {
    let folder = settings.folder
    aside({ folder.recover() }, { [weak self] in self?.tell($0, wereCutOff: true) })
  }

  package func keep(_ event: RecordedEvent) {
    if session == nil, event.beginsSession { begin(at: event.at) }
    remember(event)
    guard var session, let entry = event.entry(from: session.origin) else { return }
    session.silentSince = max(session.silentSince, event.soundsUntil)
    self.session = session
    buffer.append(entry)
    if event.endsPhrase { flush() } else { flushSoon(Self.delay) }
  }

  /// Goes on in another folder: the session that is being played ends, and the next note begins another there.
  package func move(to folder: SessionFolder) {
    guard folder.path != settings.folder.path else { return }
    finish(at: now())
    settings.folder = folder
    start()
  }

  package func finish(at instant: Instant) {
    guard session != nil else { return }
    end(at: instant)
  }

  // MARK: Sessions

  private func begin(at instant: Instant) {
    var clock = timespec()
    clock_gettime(CLOCK_REALTIME, &clock)
    session = Session(origin: instant, startedAt: clock.tv_sec, silentSince: instant)
    buffer.begin()
    let milliseconds = Int64(clock.tv_sec) * 1000 + Int64(clock.tv_nsec) / 1_000_000
    buffer.append(JournalEntry(time: .zero, .opened(wallClock: milliseconds, answers: settings.answers)))
    for (keyboard, name) in names {
      buffer.append(JournalEntry(time: .zero, .named(name, keyboard: keyboard.number)))
    }
    for (seat, keyboard) in seats {
      buffer.append(JournalEntry(time: .zero, .seated(keyboard: keyboard.number, seat: seat.index)))
    }
    for (_, text, told) in standing {
      buffer.append(JournalEntry(time: .zero, .marker(Command.marker(text, later: instant - told))))
    }
    watchSilence(settings.pause)
  }

  /// Names of keyboards, who sits where, and what goes on from one session into the next.
  private func remember(_ event: RecordedEvent) {
    switch event {
    case .keyboard(let keyboard, let name, _):
      names.removeAll { $0.keyboard == keyboard }
      names.append((keyboard, name))
    case .action(.report(.seated(let keyboard, let seat), _), _):
      seats.removeAll { $0.seat == seat }
      seats.append((seat, keyboard))
    case .marker(let text, let instant):
      if case .keyboards(.together) = Command(marker: text) { seats = [] }
      let kind = text.prefix { $0 != " " }
      standing.removeAll { $0.kind == kind }
      if Command(marker: text)?.isMomentary != true { standing.append((kind, text, instant)) }
    default: break
    }
  }

  private func watchSilence(_ delay: Duration) {
    guard let origin = session?.origin else { return }
    schedule(delay) { [weak self] in
      guard let self, let session, session.origin == origin else { return }
      let silence = now() - session.silentSince
      if silence < settings.pause {
        watchSilence(settings.pause - silence)
      } else if state.problem != nil, !buffer.pending.isEmpty {
        // What is kept in memory is kept until the disk takes it.
        watchSilence(Self.retry)
      } else {
        end(at: session.silentSince)
      }
    }
  }

  private func end(at instant: Instant) {
    guard let origin = session?.origin else { return }
    buffer.append(JournalEntry(max(instant, session?.silentSince ?? instant), from: origin, .closed))
    flush()
    let unwritten = buffer.pending.count
    if unwritten > 0 { log.error("\(unwritten) bytes of the session could not be written and are lost") }
    let id = session?.id
    session = nil
    buffer = JournalBuffer()
    state.path = nil
    guard let id else { return clean() }
    unsaved.append(id)
    let folder = settings.folder
    aside(
      { [folder.finish(id)] },
      { [weak self] in
        self?.unsaved.removeAll { $0 == id }
        self?.tell($0, wereCutOff: false)
      })
  }

  /// Nobody waits any longer for files that are being made: their journals stay.
  package func giveUp() {
    for id in unsaved {
      log.notice("session \(id) is long: it becomes a MIDI file when jamd is started again, or by jam sessions export")
    }
  }

  private func clean() {
    let current = session?.id
    for name in settings.folder.clean(retention, now: time(nil), except: current) {
      log.notice("\(name) removed: more sessions than record.keep_days and record.keep_mb allow")
    }
  }

  private func tell(_ recoveries: [SessionFolder.Recovery], wereCutOff: Bool) {
    for recovery in recoveries {
      switch recovery {
      case .saved(let id, let damaged):
        let damage = damaged > 0 ? "; \(damaged) damaged bytes were cut off" : ""
        log.info("session \(id) \(wereCutOff ? "was cut off and is saved" : "saved")\(damage)")
      case .empty: break
      case .failed(let reason): log.error("a session stays a journal for now: \(reason)")
      }
    }
    clean()
  }

  // MARK: Writing

  private func flushSoon(_ delay: Duration) {
    guard !isFlushDue else { return }
    isFlushDue = true
    schedule(delay) { [weak self] in
      guard let self else { return }
      isFlushDue = false
      guard let session else { return }
      // While an answer sounds, the journal says how much of it was heard.
      let present = now()
      if present < session.silentSince { buffer.append(JournalEntry(present, from: session.origin, .alive)) }
      flush()
      if present < session.silentSince { flushSoon(Self.delay) }
    }
  }

  private func flush() {
    do throws(FileProblem) {
      let file = try openFile()
      while !buffer.pending.isEmpty { buffer.wrote(try file.write(buffer.pending)) }
      try file.synchronize()
      if state.problem != nil { log.notice("sessions are written again") }
      state.problem = nil
    } catch {
      let problem = "sessions are not written, but kept in memory: \(error)"
      if state.problem == nil { log.error("\(problem)") }
      state.problem = problem
      flushSoon(Self.retry)
    }
  }

  private func openFile() throws(FileProblem) -> Descriptor {
    if let file = session?.file { return file }
    let (id, file) = try settings.folder.open(at: session?.startedAt ?? 0)
    session?.id = id
    session?.file = file
    state.path = settings.folder.journal(id)
    return file
  }
}

extension RecordedEvent {
  fileprivate var beginsSession: Bool {
    switch self {
    case .input(let input):
      if case .midi(let message, _) = input.event, case .noteOn = message.meaning { true } else { false }
    case .action(.play, _): true
    default: false
    }
  }

  /// The end of the sound that it makes.
  fileprivate var soundsUntil: Instant {
    switch self {
    case .input(let input): input.at
    case .action(.play(let note, _), _): note.release
    default: .zero
    }
  }
}
