// SPDX-License-Identifier: Apache-2.0
// Programs/jam, offline: styles by name.
import ArgumentParser
import FoundationEssentials
import Improviser
import Style

/// Options that all commands with a style share.
struct StyleOptions: ParsableArguments {
  @Option(
    name: .customLong("styles"), help: ArgumentHelp("Look for styles here first.", valueName: "dir"),
    completion: .directory)
  var folders: [String] = []

  func style(named name: String) throws(FileFailure) -> WeightedStyle {
    let path = try StyleSearch.path(of: name, folders: folders, environment: ProcessInfo.processInfo.environment)
    return WeightedStyle(name: StyleSearch.name(of: path), style: try Files.readStyle(path))
  }
}

/// Where styles are looked for. The environment is an argument.
package enum StyleSearch {
  /// `name` itself where it is a path, else the first folder that has it.
  package static func path(
    of name: String, folders: [String], environment: [String: String]
  ) throws(FileFailure) -> String {
    if name.contains("/") || name.hasSuffix(".style") { return name }
    let all = folders + standardFolders(environment)
    for folder in all {
      let path = "\(folder)/\(name).style"
      if FileManager.default.fileExists(atPath: path) { return path }
    }
    throw .unknownStyle(name, searched: all)
  }

  package static func name(of path: String) -> String {
    let file = path.split(separator: "/").last.map(String.init) ?? path
    return file.hasSuffix(".style") ? String(file.dropLast(6)) : file
  }

  package static func standardFolders(_ environment: [String: String]) -> [String] {
    func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
    let data = value("XDG_DATA_HOME") ?? value("HOME").map { "\($0)/.local/share" }
    return [value("JAMD_STYLES"), data.map { "\($0)/jamd/styles" }].compactMap { $0 }
      + ["/usr/local/share/jamd/styles", "/usr/share/jamd/styles"]
  }
}
