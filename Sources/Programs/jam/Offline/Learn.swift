// SPDX-License-Identifier: Apache-2.0
// Programs/jam, offline: jam learn.
import ArgumentParser
import Dispatch
import FoundationEssentials
import Glibc
import Music
import Scores
import Style
import Synchronization

struct Learn: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Learn a style from MIDI files, on all cores.",
    discussion: """
      Folders are searched to the bottom. A file that cannot be read is skipped, and told of. A style file holds what was \
      learned (how often what follows what), not the pieces.
      """)

  @Argument(help: ArgumentHelp("MIDI files, and folders of them.", valueName: "path"))
  var paths: [String]

  @Option(name: .shortAndLong, help: ArgumentHelp("The style file to write.", valueName: "name.style"))
  var output: String

  @Option(help: "What the style is called; otherwise its file's name.")
  var title: String?

  @Option(help: "Whose music it is.")
  var artist = ""

  @Option(help: "The licence of what it was learned from.")
  var licence = ""

  @Flag(help: "Say nothing of what went well.")
  var quiet = false

  func run() throws {
    try endingProperly {
      let files = try Files.midiFiles(in: paths)
      let pieces = files.compactMap { file in piece(file) }
      guard !pieces.isEmpty else {
        throw FileFailure.nothingFound("nothing was learned: none of \(files.count) files could be read as MIDI")
      }
      let information = StyleInformation(
        title: title ?? StyleSearch.name(of: output), artist: artist, licence: licence,
        sources: pieces.map { StyleSearch.fileName(of: $0.path) })
      let start = Self.now()
      let style = try Learning.style(information, pieces.map(\.piece))
      let seconds = Self.now() - start
      let bytes = style.encoded()
      try Files.write(bytes, to: output)
      tell(style.information, skipped: files.count - pieces.count, bytes: bytes.count, seconds: seconds)
    }
  }

  /// Nil, and said why, for a file that cannot be learned from.
  private func piece(_ path: String) -> (path: String, piece: Piece)? {
    do throws(FileFailure) {
      let piece = Piece(try Files.readMIDI(path))
      let notes = piece.parts.reduce(0) { $0 + $1.notes.count }
      guard notes > 0 else { throw .badData(path: path, reason: "there are no notes in it") }
      if !quiet { printError("\(path): \(notes) notes\n") }
      return (path, piece)
    } catch {
      printError("skipped: \(error)\n")
      return nil
    }
  }

  private func tell(_ information: StyleInformation, skipped: Int, bytes: Int, seconds: Double) {
    guard !quiet else { return }
    let rate = Int(Double(information.notes) / max(1e-9, seconds))
    printError(
      """
      \(output): \(information.notes) notes in \(information.pieces) pieces, \(skipped) files skipped, \(bytes) bytes, \
      \(rate) notes a second\n
      """)
  }

  private static func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}

/// Learning in shards, one a core: learning is a fold, so the outcome is the same.
package enum Learning {
  package static func style(_ information: StyleInformation, _ pieces: [Piece]) throws -> Style {
    let shards = max(1, min(pieces.count, ProcessInfo.processInfo.activeProcessorCount))
    let learned = Mutex<[Style]>([])
    DispatchQueue.concurrentPerform(iterations: shards) { shard in
      var learner = StyleLearner(information: information)
      for index in stride(from: shard, to: pieces.count, by: shards) { learner.learn(pieces[index]) }
      let style = learner.style()
      learned.withLock { $0.append(style) }
    }
    var learner = StyleLearner(information: information)
    for style in learned.withLock({ $0 }) { try learner.merge(style) }
    return learner.style()
  }
}

extension StyleSearch {
  static func fileName(of path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }
}
