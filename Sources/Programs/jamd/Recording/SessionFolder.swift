// SPDX-License-Identifier: Apache-2.0
// Programs/jamd, LIBRARY: the folder of sessions: their names, what a crash left behind, and what is kept for how long.
import Glibc
import Improviser
import Scores

/// A session is `ID.journal` while it is played and `ID.mid` afterwards; the ID is its date and time. Blocks on the disk.
package struct SessionFolder: Sendable {
  package struct Retention: Hashable, Sendable {
    /// Seconds; nil: for ever.
    package var age: Int?
    /// Of all sessions together; nil: without limit.
    package var bytes: Int?

    package init(age: Int? = nil, bytes: Int? = nil) { (self.age, self.bytes) = (age, bytes) }
  }

  /// What became of a journal that was left behind.
  package enum Recovery: Hashable, Sendable {
    case saved(id: String, damagedBytes: Int)
    /// Nothing had been played.
    case empty(id: String)
    case failed(String)
  }

  private struct File {
    let name: String
    let size: Int
    /// Seconds since 1970, by its name: a file that was copied or repaired is as old as its session.
    let began: Int
  }

  package let path: String

  package init(_ path: String) { self.path = path }

  package func journal(_ id: String) -> String { "\(path)/\(id).journal" }
  package func midi(_ id: String) -> String { "\(path)/\(id).mid" }

  // MARK: A new session

  /// A new journal, named by `seconds` since 1970 in local time; locked until it is closed.
  package func open(at seconds: Int) throws(FileProblem) -> (id: String, file: Descriptor) {
    try WholeFile.makeFolder(path)
    let name = Self.name(at: seconds)
    var number = 1
    while true {
      let id = number == 1 ? name : "\(name)-\(number)"
      number += 1
      if access(midi(id), F_OK) == 0 { continue }
      do throws(FileProblem) {
        let file = try Descriptor(opening: journal(id), O_WRONLY | O_CREAT | O_EXCL | O_APPEND, mode: 0o640)
        _ = file.lock()
        WholeFile.synchronizeFolder(of: journal(id))
        return (id, file)
      } catch  where error.code == EEXIST && number < 1000 {
        continue
      }
    }
  }

  package static func name(at seconds: Int) -> String {
    var time = time_t(seconds)
    var parts = tm()
    localtime_r(&time, &parts)
    var text = [CChar](repeating: 0, count: 32)
    let count = strftime(&text, text.count, "%Y-%m-%dT%H-%M-%S", &parts)
    return String(decoding: text[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// When a session of this name began, in seconds since 1970; the inverse of `name(at:)`. Nil for what is no date.
  package static func time(of name: String) -> Int? {
    let numbers = name.prefix(19).split { $0 == "-" || $0 == "T" }.compactMap { Int32($0) }
    guard numbers.count == 6 else { return nil }
    var parts = tm()
    (parts.tm_year, parts.tm_mon, parts.tm_mday) = (numbers[0] - 1900, numbers[1] - 1, numbers[2])
    (parts.tm_hour, parts.tm_min, parts.tm_sec) = (numbers[3], numbers[4], numbers[5])
    parts.tm_isdst = -1
    let seconds = mktime(&parts)
    return seconds < 0 ? nil : seconds
  }

  // MARK: After a session

  /// Makes every journal that nobody holds a MIDI file. In order of their names.
  package func recover() -> [Recovery] {
    files.filter { $0.name.hasSuffix(".journal") }.compactMap { file in
      guard let held = try? Descriptor(opening: "\(path)/\(file.name)", O_RDONLY), held.lock() else { return nil }
      return finish(String(file.name.dropLast(".journal".count)))
    }
  }

  /// Makes the journal of a session a MIDI file. The journal stays until that is on the disk.
  package func finish(_ id: String) -> Recovery {
    do {
      let contents = try Journal.read(try WholeFile.read(journal(id)))
      let recording = Recording(contents)
      if !recording.isEmpty { try WholeFile.write(recording.takeWithBeats.file.encoded(), to: midi(id)) }
      unlink(journal(id))
      return recording.isEmpty ? .empty(id: id) : .saved(id: id, damagedBytes: contents.damagedBytes)
    } catch let error as JournalError {
      return .failed("\(journal(id)): \(error)")
    } catch {
      return .failed("\(error)")
    }
  }

  /// Removes the oldest sessions beyond what is to be kept, never `current`. Gives the names of what it removed.
  package func clean(_ retention: Retention, now: Int, except current: String?) -> [String] {
    var kept = files.filter { !$0.name.hasPrefix("\(current ?? "").") && !isBeingWritten($0) }
    var removed: [String] = []
    func remove(_ file: File) { if unlink("\(path)/\(file.name)") == 0 { removed.append(file.name) } }
    if let age = retention.age {
      for file in kept where file.began < now - age { remove(file) }
      kept.removeAll { $0.began < now - age }
    }
    guard let limit = retention.bytes else { return removed }
    var total = kept.reduce(0) { $0 + $1.size }
    for file in kept where total > limit {
      remove(file)
      total -= file.size
    }
    return removed
  }

  private func isBeingWritten(_ file: File) -> Bool {
    guard file.name.hasSuffix(".journal") else { return false }
    return (try? Descriptor(opening: "\(path)/\(file.name)", O_RDONLY))?.lock() == false
  }

  /// Of sessions only, the oldest first.
  private var files: [File] {
    Folder.names(in: path).filter(Self.isSession).compactMap { name in
      var status = stat()
      guard lstat("\(path)/\(name)", &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
      return File(name: name, size: Int(status.st_size), began: Self.time(of: name) ?? status.st_mtim.tv_sec)
    }
  }

  /// Named as `open` names them: nothing else in the folder is ever touched.
  package static func isSession(_ name: String) -> Bool {
    (try? /[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}-[0-9]{2}-[0-9]{2}(-[0-9]+)?\.(mid|journal)/.wholeMatch(in: name)) != nil
  }
}
