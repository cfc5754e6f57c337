// SPDX-License-Identifier: Apache-2.0
// Programs/jamd: log lines for a terminal or for journald.
import Glibc
import Logging

/// Writes to standard error. Under systemd each line carries its priority in the `<N>` form of sd-daemon(3), so that
/// `journalctl -p warning` works; on a terminal it carries the level's name instead.
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
    // One write a line: lines of several threads never mix. A closed standard error is nobody's problem.
    line.withUTF8 { bytes in _ = write(STDERR_FILENO, bytes.baseAddress, bytes.count) }
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
