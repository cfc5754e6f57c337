// SPDX-License-Identifier: Apache-2.0
// Programs/jamd: which files and flags make the configuration, and in which order.
import ControlProtocol

/// Why jamd does not start with this configuration.
package enum ConfigurationError: Error, Hashable, Sendable {
  case problems([ConfigurationProblem])
}

extension ConfigurationError: CustomStringConvertible {
  /// One line a problem.
  package var description: String {
    switch self {
    case .problems(let problems): problems.map(\.description).joined(separator: "\n")
    }
  }
}

extension Configuration {
  /// What `jamd --check` prints and with which code it ends: 0, or EX_CONFIG (78) of sysexits. What is allowed but does not
  /// exist is no mistake: it may be there when jamd starts.
  package static func check(
    _ arguments: Arguments, environment: [String: String], read: (_ path: String) -> ConfigurationFile
  ) -> (output: String, exitCode: Int32) {
    do throws(ConfigurationError) {
      let (configuration, _) = try load(arguments, environment: environment, read: read)
      return ((configuration.absences.map { "warning: \($0)" } + ["ok"]).joined(separator: "\n"), 0)
    } catch {
      return (error.description, 78)
    }
  }
}

/// What a configuration file turned out to be.
package enum ConfigurationFile: Hashable, Sendable {
  case text(String)
  case missing
  case unreadable(reason: String)
}

extension Configuration {
  /// The files that are read, the later one over the earlier: the one given by --config and no other, else the system's
  /// and then the user's. Only a file that was given has to exist.
  package static func paths(given: String?, environment: [String: String]) -> [String] {
    if let given { return [given] }
    var paths = ["/etc/jamd/jamd.toml"]
    if let folder = environment["XDG_CONFIG_HOME"], folder.hasPrefix("/") {
      paths.append("\(folder)/jamd/jamd.toml")
    } else if let home = environment["HOME"], home.hasPrefix("/") {
      paths.append("\(home)/.config/jamd/jamd.toml")
    }
    return paths
  }

  /// The defaults, then the files, then the command line. Throws all problems of all files at once.
  package static func load(
    _ arguments: Arguments, environment: [String: String], read: (_ path: String) -> ConfigurationFile
  ) throws(ConfigurationError) -> (configuration: Configuration, files: [String]) {
    var configuration = Configuration()
    var problems: [ConfigurationProblem] = []
    var files: [String] = []
    for path in paths(given: arguments.config, environment: environment) {
      switch read(path) {
      case .text(let text):
        files.append(path)
        problems += configuration.apply(text, file: path)
      case .missing where arguments.config == nil: break
      case .missing: problems.append(ConfigurationProblem(file: path, line: nil, message: "there is no such file"))
      case .unreadable(let reason): problems.append(ConfigurationProblem(file: path, line: nil, message: reason))
      }
    }
    problems += configuration.contradictions(file: files.last ?? "the defaults")
    guard problems.isEmpty else { throw .problems(problems) }
    arguments.apply(to: &configuration)
    configuration.expandHome(environment["HOME"])
    guard configuration.control.socket.utf8.count <= SocketPath.longest else {
      let message = "control.socket: \(configuration.control.socket) has more than \(SocketPath.longest) bytes"
      throw .problems([ConfigurationProblem(file: files.last ?? "command line", line: nil, message: message)])
    }
    return (configuration, files)
  }

  /// Settings that are each allowed but not together.
  private func contradictions(file: String) -> [ConfigurationProblem] {
    guard phrase.shortestSilence > phrase.longestSilence else { return [] }
    let message = "phrase.shortest_silence_ms is longer than phrase.longest_silence_ms"
    return [ConfigurationProblem(file: file, line: nil, message: message)]
  }

  private mutating func expandHome(_ home: String?) {
    guard let home, !home.isEmpty else { return }
    func expanded(_ path: String) -> String { path.hasPrefix("~/") ? home + path.dropFirst() : path }
    style.folders = style.folders.map(expanded)
    synth.soundFont = expanded(synth.soundFont)
    record.folder = expanded(record.folder)
    control.socket = expanded(control.socket)
  }
}
