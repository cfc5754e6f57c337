// SPDX-License-Identifier: Apache-2.0
// Programs/jamd: where each setting in force comes from, and which of them change while jamd runs.
import ControlProtocol

extension Configuration {
  /// Every setting in the order of the table: how a file writes it, and the file and line, or the command line, that say
  /// so. Of files that cannot be read as TOML nothing is told. Call it when `load` has accepted them.
  package func settings(
    _ arguments: Arguments, environment: [String: String], read: (_ path: String) -> ConfigurationFile
  ) -> [SettingEntry] {
    var sources: [String: String] = [:]
    var fromFiles = Configuration()
    for path in Self.paths(given: arguments.config, environment: environment) {
      guard case .text(let text) = read(path), let document = try? TOMLDocument(parsing: text) else { continue }
      _ = fromFiles.apply(text, file: path)
      for entry in document.entries { sources[entry.path.joined(separator: ".")] = "\(path):\(entry.line)" }
    }
    var given = fromFiles
    arguments.apply(to: &given)
    return ConfigurationKey.all.map { key in
      let isGiven = key.read(given) != key.read(fromFiles)
      return SettingEntry(
        key: key.path, value: key.read(self)?.toml ?? "",
        source: isGiven ? "command line" : sources[key.path] ?? "default")
    }
  }
}

extension ConfigurationKey {
  /// What SIGHUP changes while jamd plays; everything else waits for the next start.
  package static let live: Set<String> = [
    "style.name", "player.name", "player.channels", "record.keep_days", "record.keep_mb",
    "midi.lowest_key", "midi.highest_key", "midi.keyboards", "clock.follow", "clock.beats_in_bar", "clock.send",
    "clock.transport",
  ]

  /// The keys that have another value in `b` than in `a`, in the order of the table.
  package static func changes(from a: Configuration, to b: Configuration) -> [ConfigurationKey] {
    all.filter { $0.read(a) != $0.read(b) }
  }
}
