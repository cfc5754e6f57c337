// SPDX-License-Identifier: Apache-2.0
// Programs/jam: what jam prints.
import Glibc

enum StandardOutput {
  /// As `-o` names it.
  static let name = "-"

  /// After what was printed before.
  static func write(_ bytes: [UInt8]) throws(FileFailure) {
    try flush()
    try Files.write(bytes, into: STDOUT_FILENO, called: "standard output")
  }

  /// Throws when something of what was printed could not be written.
  static func flush() throws(FileFailure) {
    guard fflush(nil) == 0 else { throw .cannotPrint(reason: String(cString: strerror(errno))) }
  }

  /// What jam opens must never take the place of a standard stream that was closed, and nothing printed gets lost
  /// unnoticed. To be called first.
  static func guardStreams() {
    for stream in STDIN_FILENO...STDERR_FILENO where fcntl(stream, F_GETFD) < 0 {
      // The wrong way round: whoever uses it gets an error.
      _ = open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY)
    }
    atexit {
      guard fflush(nil) != 0 else { return }
      printError("jam: \(FileFailure.cannotPrint(reason: String(cString: strerror(errno))))\n")
      _exit(ExitStatus.inputOutput.rawValue)
    }
  }
}

/// Prints for people: names from elsewhere do not move their cursor.
func show(_ text: String, terminator: String = "\n") { print(Printable.text(text), terminator: terminator) }

/// Shows words about what goes to `output`, and not among it.
func tell(_ words: String, besides output: String?) {
  if output == StandardOutput.name { printError(Printable.text(words) + "\n") } else { show(words) }
}

/// Text that a terminal takes for nothing but text.
package enum Printable {
  /// Without control characters but tabs and ends of lines.
  package static func text(_ text: String) -> String { replacing(text) { $0 != "\n" && $0 != "\t" } }

  /// Without any, so that it stays in its line and its column.
  package static func word(_ text: String) -> String { replacing(text) { _ in true } }

  private static func replacing(_ text: String, where isRefused: (Unicode.Scalar) -> Bool) -> String {
    let scalars = text.unicodeScalars.map { scalar in
      scalar.properties.generalCategory == .control && isRefused(scalar) ? " " : scalar
    }
    return String(String.UnicodeScalarView(scalars))
  }
}
