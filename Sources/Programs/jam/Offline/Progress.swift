// SPDX-License-Identifier: Apache-2.0
// Programs/jam, offline: how far a long task is.
import Glibc
import Synchronization

/// What is done so far, and in how many seconds.
package struct Progress: Hashable, Sendable {
  /// "read", "learned".
  package let verb: String
  /// "files", "pieces".
  package let unit: String
  package let total: Int
  package private(set) var done = 0
  package private(set) var notes = 0
  package private(set) var skipped = 0

  package init(_ verb: String, _ unit: String, of total: Int) {
    self.verb = verb
    self.unit = unit
    self.total = total
  }

  package mutating func add(notes count: Int) {
    done += 1
    notes += count
  }

  package mutating func skip() {
    done += 1
    skipped += 1
  }

  package func text(seconds: Double) -> String {
    let rate = Int(Double(notes) / max(1e-3, seconds))
    let skips = skipped > 0 ? ", \(skipped) skipped" : ""
    return "\(verb) \(done) of \(total) \(unit), \(notes) notes, \(rate) notes/s\(skips)"
  }
}

/// Shows progress on standard error: on a terminal as one line that changes, elsewhere as a line every few seconds, so that
/// a log stays short. From any thread.
final class ProgressPrinter: Sendable {
  private struct State {
    var progress: Progress
    var nextLine: Double
  }

  private let state: Mutex<State>
  private let isTerminal = isatty(STDERR_FILENO) == 1
  private let isQuiet: Bool
  private let start = monotonicSeconds()

  init(_ progress: Progress, quiet: Bool) {
    isQuiet = quiet
    state = Mutex(State(progress: progress, nextLine: start + (isTerminal ? 0 : Self.logPeriod)))
  }

  private static let terminalPeriod = 0.1
  private static let logPeriod = 5.0

  func update(_ change: (inout Progress) -> Void) {
    state.withLock { state in
      change(&state.progress)
      let now = monotonicSeconds()
      guard !isQuiet, now >= state.nextLine else { return }
      state.nextLine = now + (isTerminal ? Self.terminalPeriod : Self.logPeriod)
      printError(line(state.progress, now))
    }
  }

  /// The last line stays.
  func finish() {
    guard !isQuiet else { return }
    printError(line(state.withLock { $0.progress }, monotonicSeconds()) + (isTerminal ? "\n" : ""))
  }

  private func line(_ progress: Progress, _ now: Double) -> String {
    let text = progress.text(seconds: now - start)
    return isTerminal ? "\r\u{1B}[K\(text)" : "\(text)\n"
  }
}

/// CLOCK_MONOTONIC.
func monotonicSeconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}
