// SPDX-License-Identifier: Apache-2.0
// Programs/jamd, LIBRARY: files that are there whole or not at all, also after a power cut.
import FoundationEssentials
import Glibc

/// What a file system refused, and what to do about it.
package struct FileProblem: Error, Hashable, Sendable, CustomStringConvertible {
  package let path: String
  /// `errno`.
  package let code: Int32

  package init(_ path: String, _ code: Int32 = errno) { (self.path, self.code) = (path, code) }

  package var description: String {
    let reason = String(cString: strerror(code))
    return switch code {
    case ENOSPC, EDQUOT: "\(path): the disk is full; make room on it"
    case EROFS: "\(path): the disk is read-only; see `dmesg` for why, or choose another folder"
    case EACCES, EPERM: "\(path): \(reason); let jamd's user write there, or choose another folder"
    default: "\(path): \(reason)"
    }
  }
}

/// Reads and replaces files; blocks, and is not for the loop.
package enum WholeFile {
  /// The new content is on the disk before it takes the name; a file that was there stays until then. A link stays one;
  /// devices and pipes are written straight into.
  package static func write(_ bytes: [UInt8], to path: String) throws(FileProblem) {
    guard !isSpecial(path) else { return try Descriptor(opening: path, O_WRONLY | O_NONBLOCK).writeAll(bytes) }
    let path = destination(of: path)
    let temporary = "\(path).new"
    do throws(FileProblem) {
      let file = try Descriptor(opening: temporary, O_WRONLY | O_CREAT | O_TRUNC, mode: 0o640)
      try file.writeAll(bytes)
      try file.synchronize()
    } catch {
      unlink(temporary)
      throw FileProblem(path, error.code)
    }
    guard rename(temporary, path) == 0 else {
      let problem = FileProblem(path)
      unlink(temporary)
      throw problem
    }
    synchronizeFolder(of: path)
  }

  /// Neither a file nor a folder, but a device, a pipe or a socket: it has no content that could be replaced.
  package static func isSpecial(_ path: String) -> Bool {
    var status = stat()
    guard stat(path, &status) == 0 else { return false }
    return ![S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT)
  }

  /// Where links lead, also to what does not exist yet.
  private static func destination(of path: String) -> String {
    var path = path
    for _ in 0..<40 {
      guard let link = try? FileManager.default.destinationOfSymbolicLink(atPath: path) else { break }
      let folder = path.lastIndex(of: "/").map { path[...$0] } ?? ""
      path = link.hasPrefix("/") ? link : folder + link
    }
    return path
  }

  /// At most `largest` bytes.
  package static func read(_ path: String, largest: Int = 1 << 30) throws(FileProblem) -> [UInt8] {
    let file = try Descriptor(opening: path, O_RDONLY | O_NONBLOCK)
    return try file.readAll(largest: largest)
  }

  /// Makes a new name last. A file system that cannot do that is not asked again.
  package static func synchronizeFolder(of path: String) {
    let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    if let file = try? Descriptor(opening: folder.isEmpty ? "/" : folder, O_RDONLY | O_DIRECTORY) {
      try? file.synchronize()
    }
  }

  /// Makes the folder and those above it.
  package static func makeFolder(_ path: String) throws(FileProblem) {
    var made = path.hasPrefix("/") ? "" : "."
    for part in path.split(separator: "/") {
      made += "/\(part)"
      guard mkdir(made, 0o750) != 0, errno != EEXIST else { continue }
      let problem = FileProblem(made)
      // On a read-only disk mkdir may say so even where the folder exists.
      guard access(made, F_OK) == 0 else { throw problem }
    }
  }
}

/// What changes when a file is replaced or written to.
package struct FileVersion: Hashable, Sendable {
  private let number: UInt64
  private let size: Int64
  /// Nanoseconds.
  private let written: Int64

  /// Nil where there is no such file.
  package init?(_ path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    (number, size) = (UInt64(status.st_ino), Int64(status.st_size))
    written = Int64(status.st_mtim.tv_sec) &* 1_000_000_000 &+ Int64(status.st_mtim.tv_nsec)
  }
}

package enum Folder {
  /// In order; none where the folder cannot be read.
  package static func names(in path: String) -> [String] {
    guard let folder = opendir(path) else { return [] }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      names.append(
        withUnsafePointer(to: &entry.pointee.d_name) { pointer in
          pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        })
    }
    return names.sorted()
  }
}

/// An open file, closed with its last reference.
package final class Descriptor: Sendable {
  /// How long a pipe may stay full.
  private static let patience: Int32 = 1000

  package let path: String
  private let number: Int32

  package init(opening path: String, _ flags: Int32, mode: mode_t = 0) throws(FileProblem) {
    self.path = path
    number = open(path, flags | O_CLOEXEC, mode)
    guard number >= 0 else { throw FileProblem(path) }
  }

  deinit { close(number) }

  /// False when another process holds it.
  package func lock() -> Bool { flock(number, LOCK_EX | LOCK_NB) == 0 }

  /// Waits for whoever holds it; false when that takes longer than `patience`, or where the file system knows no locks.
  package func lock(within patience: Duration) -> Bool {
    let end = ContinuousClock.now + patience
    while !lock() {
      guard [EWOULDBLOCK, EINTR].contains(errno), ContinuousClock.now < end else { return false }
      usleep(2000)
    }
    return true
  }

  /// Writes some of `bytes` and gives how many; throws when none could be written.
  package func write(_ bytes: ArraySlice<UInt8>) throws(FileProblem) -> Int {
    guard !bytes.isEmpty else { return 0 }
    while true {
      let count = bytes.withUnsafeBytes { Glibc.write(number, $0.baseAddress, $0.count) }
      if count > 0 { return count }
      if count < 0 && errno == EINTR { continue }
      let code = count == 0 ? ENOSPC : errno
      var waiting = pollfd(fd: number, events: Int16(POLLOUT), revents: 0)
      guard code == EAGAIN, poll(&waiting, 1, Self.patience) > 0 else { throw FileProblem(path, code) }
    }
  }

  package func writeAll(_ bytes: [UInt8]) throws(FileProblem) {
    var rest = bytes[...]
    while !rest.isEmpty { rest = rest.dropFirst(try write(rest)) }
  }

  /// Waits until what was written is on the disk.
  package func synchronize() throws(FileProblem) {
    guard fdatasync(number) == 0 || errno == EINVAL else { throw FileProblem(path) }
  }

  package func readAll(largest: Int) throws(FileProblem) -> [UInt8] {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(number, &chunk, chunk.count)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw FileProblem(path) }
      if count == 0 { return bytes }
      bytes.append(contentsOf: chunk[..<count])
      guard bytes.count <= largest else { throw FileProblem(path, EFBIG) }
    }
  }
}
