// SPDX-License-Identifier: Apache-2.0
// Programs/jamd: log lines for a terminal or for journald.
import Dispatch
import Glibc
import Logging
import Synchronization

/// Writes to standard error, in order, from a thread of its own: a terminal that was stopped or a journal that hangs must
/// not stop the loop. Lines that would make more than a thousand wait are dropped, and counted in the next one.
///
/// Under systemd each line carries its priority in the `<N>` form of sd-daemon(3), so that `journalctl -p warning` works;
/// on a terminal it carries the level's name instead.
struct StandardErrorLogHandler: LogHandler {
  var logLevel: Logger.Level = .info
  var metadata: Logger.Metadata = [:]
  private let isJournal: Bool

  init(isJournal: Bool = getenv("JOURNAL_STREAM") != nil) { self.isJournal = isJournal }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    let prefix = isJournal ? "<\(Self.priority(of: event.level))>" : "jamd: \(Self.label(of: event.level))"
    var line = "\(prefix)\(event.message)\n"
    guard let dropped = Self.backlog.admit() else { return }
    if dropped > 0 { line += "\(prefix)\(dropped) lines before this were dropped: nobody read them\n" }
    let text = line
    Self.queue.async {
      // One write a line: lines of several threads never mix. A closed standard error is nobody's problem.
      _ = text.utf8CString.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count - 1) }
      Self.backlog.written()
    }
  }

  private static let backlog = LogBacklog(most: 1000)
  private static let queue = DispatchQueue(label: "jamd.log", target: .global(qos: .utility))

  /// Before the process ends: waits until everything is written, for a second at most.
  static func flush() {
    let done = DispatchSemaphore(value: 0)
    queue.async { done.signal() }
    _ = done.wait(timeout: .now() + 1)
  }

  private static func label(of level: Logger.Level) -> String {
    switch level {
    case .trace, .debug: "debug: "
    case .info, .notice: ""
    case .warning: "warning: "
    case .error, .critical: "error: "
    }
  }

  private static func priority(of level: Logger.Level) -> Int {
    switch level {
    case .trace, .debug: 7
    case .info: 6
    case .notice: 5
    case .warning: 4
    case .error: 3
    case .critical: 2
    }
  }
}

/// How many lines wait to be written, and how many were too many. From any threads.
package final class LogBacklog: Sendable {
  private let most: Int
  private let waiting = Atomic(0)
  private let dropped = Atomic(0)

  package init(most: Int) { self.most = most }

  /// One more line: how many were dropped since the last that was admitted. Nil: this one is dropped.
  package func admit() -> Int? {
    guard waiting.load(ordering: .relaxed) < most else {
      dropped.add(1, ordering: .relaxed)
      return nil
    }
    waiting.add(1, ordering: .relaxed)
    return dropped.exchange(0, ordering: .relaxed)
  }

  /// A line that was admitted waits no more.
  package func written() { waiting.subtract(1, ordering: .relaxed) }
}
