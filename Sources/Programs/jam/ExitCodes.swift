// SPDX-License-Identifier: Apache-2.0
// Programs/jam: how jam ends, in one place.
import ArgumentParser
import ControlProtocol
import Glibc

/// Exit codes of sysexits(3).
package enum ExitStatus: Int32, Sendable {
  /// The command line is wrong. (ArgumentParser uses it by itself.)
  case usage = 64
  /// What was read is not what it should be.
  case badData = 65
  /// What should be read does not exist or cannot be read.
  case noInput = 66
  /// No jamd is running, or it cannot do it now.
  case unavailable = 69
  /// A mistake in jam itself, or in the system below it.
  case software = 70
  /// What should be written cannot be created.
  case cannotCreate = 73
  /// Reading or writing failed half-way.
  case inputOutput = 74
  /// It may work later.
  case temporary = 75
  /// jamd and jam do not understand each other.
  case wrongProtocol = 76
  case noPermission = 77
}

/// An error that knows how jam ends because of it.
package protocol ExitStatusProviding: Error {
  var exitStatus: ExitStatus { get }
}

extension ControlClientError: ExitStatusProviding {
  package var exitStatus: ExitStatus {
    switch self {
    case .notListening, .noReply, .connectionLost: .unavailable
    case .notAllowed: .noPermission
    case .badPath: .usage
    case .notUnderstood: .wrongProtocol
    case .system: .software
    }
  }
}

extension CommandFailure: ExitStatusProviding {
  package var exitStatus: ExitStatus {
    switch code {
    case .badArgument: .usage
    case .unknownStyle: .noInput
    case .unavailable: .unavailable
    case .tooManyClients: .temporary
    case .notAllowed: .noPermission
    case .badRequest, .unknownCommand: .wrongProtocol
    }
  }
}

/// Runs `body`; an error becomes one line on standard error and the exit code that belongs to it.
package func endingProperly(_ body: () throws -> Void) throws {
  do {
    try body()
  } catch let error as ExitStatusProviding {
    printError("jam: \(Printable.text("\(error)"))\n")
    throw ExitCode(error.exitStatus.rawValue)
  }
}

/// Writes to standard error as it is.
package func printError(_ text: String) {
  var text = text
  text.withUTF8 { bytes in _ = write(STDERR_FILENO, bytes.baseAddress, bytes.count) }
}
