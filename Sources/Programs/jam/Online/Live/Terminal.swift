// SPDX-License-Identifier: Apache-2.0
// Programs/jam, online: the terminal of the live view.
import Glibc
import Synchronization

/// Set by a signal: the view has to leave the terminal as it was.
private let ending = Atomic<Bool>(false)

/// The whole screen, from `init` to `deinit`, with keys that come without a newline.
struct Terminal: ~Copyable {
  private let former: termios

  /// Both ends are a terminal that can move its cursor.
  static var isThere: Bool {
    let kind = getenv("TERM").map { String(cString: $0) } ?? "dumb"
    return isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1 && kind != "dumb"
  }

  init() {
    var raw = termios()
    tcgetattr(STDIN_FILENO, &raw)
    former = raw
    raw.c_lflag &= ~tcflag_t(ICANON | ECHO)
    tcsetattr(STDIN_FILENO, TCSANOW, &raw)
    for number in [SIGINT, SIGTERM, SIGHUP] {
      signal(number) { _ in ending.store(true, ordering: .relaxed) }
    }
    // The alternate screen, without a cursor and without wrapping.
    Self.write("\u{1B}[?1049h\u{1B}[?25l\u{1B}[?7l")
  }

  deinit {
    Self.write("\u{1B}[?7h\u{1B}[?25h\u{1B}[?1049l")
    var former = former
    tcsetattr(STDIN_FILENO, TCSANOW, &former)
  }

  var isEnding: Bool { ending.load(ordering: .relaxed) }

  var size: (columns: Int, rows: Int) {
    var window = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &window) == 0, window.ws_col > 0 else { return (80, 24) }
    return (Int(window.ws_col), Int(window.ws_row))
  }

  /// A key that was pressed, without waiting for one.
  func key() -> UInt8? {
    var request = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
    guard poll(&request, 1, 0) > 0 else { return nil }
    var byte: UInt8 = 0
    let count = read(STDIN_FILENO, &byte, 1)
    // A terminal that is gone ends the view.
    if count == 0 { ending.store(true, ordering: .relaxed) }
    return count == 1 ? byte : nil
  }

  func show(_ lines: [String]) {
    Self.write("\u{1B}[H" + lines.map { $0 + "\u{1B}[K" }.joined(separator: "\r\n"))
  }

  private static func write(_ text: String) {
    print(text, terminator: "")
    fflush(nil)
  }
}
