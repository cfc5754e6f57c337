// SPDX-License-Identifier: Apache-2.0
// Devices/Synthesis: set-up. Where SoundFonts lie.
import Glibc

/// Looks for a SoundFont where distributions and users put them.
public enum SoundFonts {
  /// The folders, those of the user first, by the XDG base directory specification.
  public static func folders(environment: (String) -> String?) -> [String] {
    func present(_ name: String) -> String? { environment(name).flatMap { $0.isEmpty ? nil : $0 } }
    let user = present("XDG_DATA_HOME") ?? present("HOME").map { "\($0)/.local/share" }
    let system = present("XDG_DATA_DIRS") ?? "/usr/local/share:/usr/share"
    let shares = [user].compactMap { $0 } + system.split(separator: ":").map(String.init) + ["/usr/share"]
    var folders: [String] = []
    for folder in shares.flatMap({ ["\($0)/sounds/sf2", "\($0)/soundfonts", "\($0)/sounds/sf3"] })
    where !folders.contains(folder) { folders.append(folder) }
    return folders
  }

  /// The first SoundFont of the first folder that has one: `default-GM`, then any `default...`, then in alphabetical
  /// order. Reads folders: not for the loop.
  public static func find(in folders: [String]) -> String? {
    for folder in folders {
      let fonts = names(in: folder).filter { isSoundFont($0) }.sorted { (rank($0), $0) < (rank($1), $1) }
      if let first = fonts.first { return "\(folder)/\(first)" }
    }
    return nil
  }

  /// As `find`, in the folders of this process's environment.
  public static func find() -> String? {
    find(in: folders { name in getenv(name).map { String(cString: $0) } })
  }

  private static func isSoundFont(_ name: String) -> Bool {
    [".sf2", ".sf3"].contains { name.lowercased().hasSuffix($0) } && !name.hasPrefix(".")
  }

  private static func rank(_ name: String) -> Int {
    name.hasPrefix("default-GM.") ? 0 : name.hasPrefix("default") ? 1 : 2
  }

  private static func names(in folder: String) -> [String] {
    guard let directory = opendir(folder) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      names.append(
        withUnsafePointer(to: &entry.pointee.d_name) { name in
          name.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        })
    }
    return names
  }
}
