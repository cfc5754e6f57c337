// SPDX-License-Identifier: Apache-2.0
// Programs/jamd, LIBRARY: the whole run of the daemon as one MIDI file, for --take.
import Dispatch
import Improviser
import Logging
import Music
import Scores

/// Writes the take after phrases, at most every `pause`, and in the end. The file is replaced at once, so it is whole at
/// any moment. A pipe or a device gets it once, in the end.
final class TakeFile {
  private static let pause = DispatchTimeInterval.seconds(5)

  private let path: String
  private let queue: DispatchQueue
  private let log: Logger
  private var recording = Recording()
  /// The first input, from which the improviser counts.
  private var origin: Instant?
  /// What came before it.
  private var early: [RecordedEvent] = []
  private var isWriteDue = false
  private var hasFailed = false
  private let isStream: Bool

  init(path: String, answers: Channel, queue: DispatchQueue, log: Logger) {
    (self.path, self.queue, self.log) = (path, queue, log)
    isStream = WholeFile.isSpecial(path)
    recording.take(JournalEntry(time: .zero, .opened(wallClock: 0, answers: answers)))
  }

  func keep(_ event: RecordedEvent) {
    if origin == nil, case .input(let input) = event { begin(at: input.at) }
    guard let origin else { return early.append(event) }
    if let entry = event.entry(from: origin) { recording.take(entry) }
    if event.endsPhrase, !isStream { writeSoon() }
  }

  private func begin(at instant: Instant) {
    origin = instant
    for event in early {
      if let entry = event.entry(from: instant) { recording.take(entry) }
    }
    early = []
  }

  func finish() {
    recording.take(JournalEntry(time: recording.end, .closed))
    if origin != nil { write() }
  }

  private func writeSoon() {
    guard !isWriteDue else { return }
    isWriteDue = true
    nonisolated(unsafe) let this = self
    queue.asyncAfter(deadline: .now() + Self.pause) {
      this.isWriteDue = false
      this.write()
    }
  }

  private func write() {
    do throws(FileProblem) {
      try WholeFile.write(recording.take.file.encoded(), to: path)
      hasFailed = false
    } catch {
      if !hasFailed { log.error("the take cannot be written: \(error); still trying") }
      hasFailed = true
    }
  }
}
