// SPDX-License-Identifier: Apache-2.0
// Programs/jamd, LIBRARY: the session as a MIDI file.
import Dispatch
import FoundationEssentials
import Improviser
import Logging
import Music
import Scores

/// Keeps what every keyboard sends and what jamd plays, each on a track of its own, and writes the whole take to a file:
/// after phrases, at most every `pause`, and in the end. The file is replaced at once, so it is whole at any moment.
///
/// Methods may be called from the loop: they hand over and return. Only `finish` waits for the disk.
final class TakeRecorder: Sendable {
  private static let pause = DispatchTimeInterval.seconds(5)

  private struct State {
    var origin: Instant?
    var players: [Keyboard: Take.Track] = [:]
    /// Channels that each keyboard has used: what an unplugged one has to be released on.
    var channels: [Keyboard: Set<UInt8>] = [:]
    var markers: [Take.Marker] = []
    var performance = Performance()
    var isWriteDue = false
    var hasFailed = false
  }

  let path: String
  private let log: Logger
  private let answerChannel: Channel
  private let queue = DispatchQueue(label: "jamd.library.take", qos: .utility)
  /// Touched on `queue` alone.
  private nonisolated(unsafe) var state = State()

  /// To `file`, else to a new file in `folder`, named by date and time; nil for neither.
  init?(file: String?, folder: String, answerChannel: Channel, log: Logger) {
    guard file != nil || !folder.isEmpty else { return nil }
    path = file ?? "\(folder)/jamd-\(Self.dateAndTime()).mid"
    self.log = log
    self.answerChannel = answerChannel
  }

  /// Inputs with the instants at which the improviser counts them.
  func hear(_ input: Input) { queue.async { self.keep(input) } }

  func record(_ action: Action) { queue.async { self.keep(action) } }

  func mark(_ text: String, at instant: Instant) {
    queue.async { self.state.markers.append(Take.Marker(time: self.time(of: instant), text)) }
  }

  /// Writes what there is and waits for it.
  func finish() {
    queue.sync { if self.state.origin != nil { self.write() } }
  }

  // MARK: On the queue

  private func time(of instant: Instant) -> Duration {
    let origin = state.origin ?? instant
    state.origin = origin
    return max(.zero, instant - origin)
  }

  private func keep(_ input: Input) {
    switch input.event {
    case .midi(let message, let keyboard):
      state.channels[keyboard, default: []].insert(message.channel.index)
      append(message, keyboard, input.at)
    case .keyboardGone(let keyboard):
      for channel in (state.channels[keyboard] ?? []).sorted() {
        append(.controlChange(123, 0, Channel(statusByte: channel)), keyboard, input.at)
      }
    case .command: break
    }
  }

  private func append(_ message: MIDIMessage, _ keyboard: Keyboard, _ instant: Instant) {
    let track = Take.Track(name: keyboard == .jack ? "Player (JACK)" : "Player \(state.players.count + 1)")
    state.players[keyboard, default: track].events.append(Take.Event(time: time(of: instant), message))
  }

  private func keep(_ action: Action) {
    state.performance.take(action)
    if case .report(.phraseEnded, _) = action { writeSoon() }
  }

  private func writeSoon() {
    guard !state.isWriteDue else { return }
    state.isWriteDue = true
    queue.asyncAfter(deadline: .now() + Self.pause) {
      self.state.isWriteDue = false
      self.write()
    }
  }

  private func write() {
    let players = state.players.sorted { $0.key.number < $1.key.number }.map(\.value)
    let take = Take(
      title: "jamd session", tracks: players + [answers], markers: state.markers.sorted { $0.time < $1.time })
    do {
      try Data(take.file.encoded()).write(to: URL(filePath: path), options: .atomic)
      state.hasFailed = false
    } catch {
      if !state.hasFailed { log.error("the take cannot be written to \(path): \(error); still trying") }
      state.hasFailed = true
    }
  }

  private var answers: Take.Track {
    Take.Track(name: Take.answerTrack, notes: state.performance.played, channel: answerChannel) { self.time(of: $0) }
  }

  private static func dateAndTime() -> String {
    Date.now.formatted(.iso8601.timeSeparator(.omitted)).replacing("Z", with: "")
  }
}
