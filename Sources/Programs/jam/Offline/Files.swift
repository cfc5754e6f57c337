// SPDX-License-Identifier: Apache-2.0
// Programs/jam, offline: files in and out, with errors that say what to do.
import FoundationEssentials
import Glibc
import Improviser
import Music
import Scores
import Style

/// What can go wrong with a file.
package enum FileFailure: Error, Hashable, Sendable, CustomStringConvertible {
  case cannotRead(path: String, reason: String)
  case badData(path: String, reason: String)
  case cannotWrite(path: String, reason: String)
  /// On standard output.
  case cannotPrint(reason: String)
  case nothingFound(String)
  case unknownStyle(String, searched: [String])

  package var description: String {
    switch self {
    case .cannotRead(let path, let reason): "\(path) cannot be read: \(reason)"
    case .badData(let path, let reason): "\(path): \(reason)"
    case .cannotWrite(let path, let reason): "\(path) cannot be written: \(reason)"
    case .cannotPrint(let reason): "standard output cannot be written: \(reason)"
    case .nothingFound(let what): what
    case .unknownStyle(let name, let searched):
      "no style \"\(name)\" in \(searched.joined(separator: ", ")); name its file, or learn it with `jam learn`"
    }
  }
}

extension FileFailure: ExitStatusProviding {
  package var exitStatus: ExitStatus {
    switch self {
    case .cannotRead, .nothingFound, .unknownStyle: .noInput
    case .badData: .badData
    case .cannotWrite: .cannotCreate
    case .cannotPrint: .inputOutput
    }
  }
}

package enum Files {
  package static func read(_ path: String) throws(FileFailure) -> [UInt8] {
    do {
      return [UInt8](try Data(contentsOf: URL(filePath: path)))
    } catch {
      throw .cannotRead(path: path, reason: reason(error))
    }
  }

  /// Whole or not at all: a file that was there stays until the new one is complete. A link stays one; devices and pipes
  /// are written straight into, and `-` is standard output.
  package static func write(_ bytes: [UInt8], to path: String) throws(FileFailure) {
    guard path != StandardOutput.name else { return try StandardOutput.write(bytes) }
    guard !isSpecial(path) else { return try writeStraight(bytes, to: path) }
    do {
      try Data(bytes).write(to: URL(filePath: destination(of: path)), options: .atomic)
    } catch {
      throw .cannotWrite(path: path, reason: reason(error))
    }
  }

  /// Neither a file nor a folder, but a device, a pipe or a socket.
  private static func isSpecial(_ path: String) -> Bool {
    var status = stat()
    guard stat(path, &status) == 0 else { return false }
    return ![S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT)
  }

  private static func writeStraight(_ bytes: [UInt8], to path: String) throws(FileFailure) {
    let descriptor = open(path, O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .cannotWrite(path: path, reason: String(cString: strerror(errno))) }
    defer { close(descriptor) }
    try write(bytes, into: descriptor, called: path)
  }

  static func write(_ bytes: [UInt8], into descriptor: Int32, called path: String) throws(FileFailure) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw .cannotWrite(path: path, reason: String(cString: strerror(errno))) }
      rest = rest.dropFirst(count)
    }
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

  package static func readMIDI(_ path: String) throws(FileFailure) -> StandardMIDIFile {
    let bytes = try read(path)
    do throws(MIDIFileError) {
      return try StandardMIDIFile(parsing: bytes)
    } catch {
      throw .badData(path: path, reason: error.description)
    }
  }

  /// A file, or a chart that needs none.
  package static func readChart(_ name: String) throws(FileFailure) -> ChordChart {
    if let bundled = ChordChart.bundled[name] { return bundled }
    let text = String(decoding: try read(name), as: UTF8.self)
    do throws(ChordChartError) {
      return try ChordChart(text)
    } catch {
      throw .badData(path: name, reason: "\(error)")
    }
  }

  /// Read once into the style's own memory; what has no length beforehand, such as a pipe, takes a copy more.
  package static func readStyle(_ path: String) throws(FileFailure) -> Style {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .cannotRead(path: path, reason: String(cString: strerror(errno))) }
    defer { close(descriptor) }
    var status = stat()
    let isWhole = fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    do {
      guard isWhole else { return try Style(decoding: try read(path)) }
      return try Style(count: Int(status.st_size)) { Glibc.read(descriptor, $0.baseAddress, $0.count) }
    } catch let failure as FileFailure {
      throw failure
    } catch {
      throw .badData(path: path, reason: "\(error)")
    }
  }

  /// MIDI files among `paths`, folders searched to the bottom, in order of their paths.
  package static func midiFiles(in paths: [String]) throws(FileFailure) -> [String] {
    var found: [String] = []
    for path in paths {
      var isFolder = false
      guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
        throw .cannotRead(path: path, reason: "there is no such file or folder")
      }
      guard isFolder else {
        found.append(path)
        continue
      }
      let inside = (try? FileManager.default.subpathsOfDirectory(atPath: path)) ?? []
      found += inside.filter { $0.lowercased().hasSuffix(".mid") || $0.lowercased().hasSuffix(".midi") }.sorted()
        .map { "\(path)/\($0)" }
    }
    return found
  }

  private static func reason(_ error: any Error) -> String {
    switch (error as? CocoaError)?.code {
    case .fileReadNoSuchFile, .fileNoSuchFile: "there is no such file or folder"
    case .fileReadNoPermission, .fileWriteNoPermission: "permission is denied"
    case .fileWriteOutOfSpace: "the disk is full"
    case .fileWriteVolumeReadOnly: "the disk is read-only"
    default: "\(error)"
    }
  }
}
