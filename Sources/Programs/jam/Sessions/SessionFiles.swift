// SPDX-License-Identifier: Apache-2.0
// Programs/jam, sessions: what jamd has kept, found and read.
import ArgumentParser
import ControlProtocol
import FoundationEssentials
import Glibc
import Improviser
import Scores

/// Where sessions are looked for.
struct SessionFolderOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("Look for sessions here. Otherwise in yours, then in the system's.", valueName: "dir"),
    completion: .directory)
  var folder: String?

  var sessions: SessionFiles { folder.map { SessionFiles(folders: [$0]) } ?? Self.standard }

  /// Where jamd keeps them that was told nothing else.
  static var standard: SessionFiles {
    SessionFiles(
      folders: StatePath.candidates(environment: ProcessInfo.processInfo.environment).map(StatePath.sessions))
  }
}

/// The files that jamd's recorder leaves in folders.
package struct SessionFiles {
  package struct Session: Hashable, Sendable {
    package let id: String
    package let path: String
    /// Being played, or cut off and not yet put in order.
    package var isJournal: Bool { path.hasSuffix(".journal") }
  }

  package let folders: [String]

  package init(folders: [String]) { self.folders = folders }

  /// The oldest first; an ID of an earlier folder hides that of a later one, and a MIDI file its journal. A folder that does
  /// not exist has none; one that cannot be read is told of where nothing else is found.
  package func all() throws(FileFailure) -> [Session] {
    var found: [String: Session] = [:]
    var unreadable: FileFailure?
    for folder in folders {
      let names: [String]
      do throws(FileFailure) {
        names = try Self.names(in: folder)
      } catch {
        unreadable = unreadable ?? error
        continue
      }
      for name in names.sorted().reversed() {
        guard let dot = name.lastIndex(of: "."), ["mid", "journal"].contains(name[dot...].dropFirst()),
          name.first?.isNumber == true
        else { continue }
        let id = String(name[..<dot])
        if found[id] == nil { found[id] = Session(id: id, path: "\(folder)/\(name)") }
      }
    }
    if found.isEmpty, let unreadable { throw unreadable }
    return found.values.sorted { $0.id < $1.id }
  }

  private static func names(in folder: String) throws(FileFailure) -> [String] {
    guard let entries = opendir(folder) else {
      switch errno {
      case ENOENT: return []
      case EACCES:
        throw .cannotRead(
          path: folder, reason: "permission is denied; ask as its owner (sudo), or name another with --folder")
      default: throw .cannotRead(path: folder, reason: String(cString: strerror(errno)))
      }
    }
    closedir(entries)
    return (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
  }

  /// The session `id`, or of which `id` is the beginning as long as there is but one; `last` is the latest.
  package func session(_ id: String) throws(FileFailure) -> Session {
    let all = try all()
    if let exact = all.first(where: { $0.id == id }) { return exact }
    if id == "last", let last = all.last { return last }
    let near = all.filter { $0.id.hasPrefix(id) && !id.isEmpty }
    if near.count == 1 { return near[0] }
    let place = folders.joined(separator: ", ")
    throw .nothingFound(
      near.isEmpty
        ? "no session \"\(id)\" in \(place); `jam sessions` lists what is there"
        : "\"\(id)\" may be any of \(near.map(\.id).joined(separator: ", "))")
  }

  /// The session as a MIDI file; one that is over as it stands in the folder, byte for byte.
  package static func midi(_ session: Session) throws(FileFailure) -> [UInt8] {
    guard !session.isJournal else { return try take(session).file.encoded() }
    let bytes = try Files.read(session.path)
    do throws(MIDIFileError) {
      _ = try StandardMIDIFile(parsing: bytes)
    } catch {
      throw .badData(path: session.path, reason: error.description)
    }
    return bytes
  }

  package static func take(_ session: Session) throws(FileFailure) -> Take {
    guard session.isJournal else { return Take(try Files.readMIDI(session.path)) }
    let bytes = try Files.read(session.path)
    do throws(JournalError) {
      return Recording(try Journal.read(bytes)).takeWithBeats
    } catch {
      throw .badData(path: session.path, reason: error.description)
    }
  }
}
