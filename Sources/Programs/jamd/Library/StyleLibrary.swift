// SPDX-License-Identifier: Apache-2.0
// Programs/jamd, LIBRARY: the style files on disk. Never waited for by the loop.
import FoundationEssentials
import Glibc
import Style

/// Every style in a list of folders, by the name of its file without `.style`; the same name in an earlier folder wins.
///
/// An actor at ordinary priority: it reads and checks files and hands out immutable styles.
actor StyleLibrary {
  struct Entry: Sendable {
    let name: String
    let path: String
    /// Nil when the file was refused, for `problem`.
    let style: Style?
    let problem: String?
  }

  enum Change: Sendable {
    case loaded(name: String, Style, replaced: Bool)
    case refused(name: String, reason: String)
    case removed(name: String)
  }

  /// What tells one state of a file from the next.
  private struct Fingerprint: Hashable {
    let path: String
    let device: UInt
    let inode: UInt
    let size: Int
    let seconds: Int
    let nanoseconds: Int
  }

  nonisolated let folders: [String]
  private var entries: [String: Entry] = [:]
  private var fingerprints: [String: Fingerprint] = [:]

  /// Folders that do not exist count as empty until they appear.
  init(folders: [String]) { self.folders = folders }

  /// Every style that could be read, in order of its name: the order that Program Change counts in.
  var loaded: [Entry] { all.filter { $0.style != nil } }

  /// Every style file, also the refused ones, in order of its name.
  var all: [Entry] { entries.values.sorted { $0.name < $1.name } }

  func style(named name: String) -> Style? { entries[name]?.style }

  /// Why `name` cannot be used, and the way out.
  func problem(with name: String) -> String {
    if let problem = entries[name]?.problem { return "style \"\(name)\" cannot be used: \(problem)" }
    let known = loaded.map(\.name)
    let choice =
      known.isEmpty
      ? "there are no styles in \(folders.joined(separator: ", "))" : "there are \(known.joined(separator: ", "))"
    return "no style is called \"\(name)\"; \(choice)"
  }

  /// Reads what is new or changed since the last call. A file that cannot be read leaves the style of that name as it was.
  func rescan() -> [Change] {
    var changes: [Change] = []
    let found = filesByName()
    for name in entries.keys.sorted() where found[name] == nil {
      entries[name] = nil
      fingerprints[name] = nil
      changes.append(.removed(name: name))
    }
    for (name, fingerprint) in found.sorted(by: { $0.key < $1.key }) where fingerprints[name] != fingerprint {
      fingerprints[name] = fingerprint
      changes.append(load(name, from: fingerprint.path))
    }
    return changes
  }

  private func load(_ name: String, from path: String) -> Change {
    let before = entries[name]?.style
    do {
      let style = try Self.style(at: path)
      entries[name] = Entry(name: name, path: path, style: style, problem: nil)
      return .loaded(name: name, style, replaced: before != nil)
    } catch {
      let reason = "\(path): \(error)"
      entries[name] = Entry(name: name, path: path, style: before, problem: reason)
      return .refused(name: name, reason: reason)
    }
  }

  /// Read, not mapped: a file that somebody cuts while it is mapped would end jamd. Once, into the style's own memory.
  private static func style(at path: String) throws -> Style {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw CocoaError(.fileReadNoPermission) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw CocoaError(.fileReadUnknown) }
    return try Style(count: Int(status.st_size)) { read(descriptor, $0.baseAddress, $0.count) }
  }

  private func filesByName() -> [String: Fingerprint] {
    var found: [String: Fingerprint] = [:]
    for folder in folders {
      let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
      for file in files where file.hasSuffix(".style") && !file.hasPrefix(".") {
        let name = String(file.dropLast(".style".count))
        if found[name] == nil { found[name] = Self.fingerprint(of: "\(folder)/\(file)") }
      }
    }
    return found
  }

  private static func fingerprint(of path: String) -> Fingerprint? {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    return Fingerprint(
      path: path, device: UInt(status.st_dev), inode: UInt(status.st_ino), size: Int(status.st_size),
      seconds: status.st_mtim.tv_sec, nanoseconds: status.st_mtim.tv_nsec)
  }
}
