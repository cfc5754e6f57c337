// SPDX-License-Identifier: Apache-2.0
// Programs/jam, offline: jam learn.
import ArgumentParser
import Music
import Style

struct Learn: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Learn a style from MIDI files, on all cores.",
    discussion: """
      Folders are searched to the bottom. A file that cannot be read is skipped, and told of. A style file holds what was \
      learned (how often what follows what), not the pieces.
      """)

  @Argument(help: ArgumentHelp("MIDI files, and folders of them.", valueName: "path"), completion: .midiFiles)
  var paths: [String]

  @Option(
    name: .shortAndLong, help: ArgumentHelp("The style file to write.", valueName: "name.style"), completion: .file())
  var output: String

  @Option(help: "What the style is called; otherwise its file's name.")
  var title: String?

  @Option(help: "Whose music it is.")
  var artist = ""

  @Option(help: "The licence of what it was learned from.")
  var licence = ""

  @Flag(
    help: """
      Choose the viewpoints that predict these pieces best, stepwise, each by pieces that it was not learned from, and tell \
      of every step. Without, a style has the standard viewpoints.
      """)
  var select = false

  @Option(
    help: ArgumentHelp(
      "Use the viewpoints of this style: only styles of the same ones can be merged.", valueName: "style"),
    completion: .styles)
  var like: String?

  @OptionGroup var options: StyleOptions

  @Flag(help: "Say nothing of what went well.")
  var quiet = false

  func validate() throws {
    if select, like != nil {
      throw ValidationError("--select chooses viewpoints, --like takes those of a style: one of both")
    }
  }

  func run() throws {
    try endingProperly {
      let given = try like.map { try options.style(named: $0).style.viewpoints }
      let files = try Files.midiFiles(in: paths)
      let pieces = read(files)
      guard !pieces.isEmpty else {
        throw FileFailure.nothingFound("nothing was learned: none of \(files.count) files could be read as MIDI")
      }
      let information = StyleInformation(
        title: title ?? StyleSearch.name(of: output), artist: artist, licence: licence,
        sources: pieces.map { StyleSearch.fileName(of: $0.path) })
      let viewpoints = try given ?? viewpoints(pieces.map(\.piece))
      let start = monotonicSeconds()
      let style = try learn(information, pieces.map(\.piece), viewpoints)
      let seconds = monotonicSeconds() - start
      let bytes = style.encoded()
      try Files.write(bytes, to: output)
      tell(style.information, skipped: files.count - pieces.count, bytes: bytes.count, seconds: seconds)
    }
  }

  /// What cannot be learned from is told of, in order, when all has been read.
  private func read(_ files: [String]) -> [(path: String, piece: Piece)] {
    let printer = ProgressPrinter(Progress("read", "files", of: files.count), quiet: quiet)
    let read = Learning.pieces(files) { result in
      printer.update { progress in
        switch result {
        case .success(let piece): progress.add(notes: Learning.noteCount(piece))
        case .failure: progress.skip()
        }
      }
    }
    printer.finish()
    return read.compactMap { path, result in
      switch result {
      case .success(let piece): return (path, piece)
      case .failure(let failure):
        printError("skipped: \(failure)\n")
        return nil
      }
    }
  }

  private func viewpoints(_ pieces: [Piece]) throws -> [Viewpoint] {
    guard select else { return Viewpoint.standard }
    return try ViewpointChoice.viewpoints(pieces) { line in if !quiet { printError("\(line)\n") } }
  }

  private func learn(_ information: StyleInformation, _ pieces: [Piece], _ viewpoints: [Viewpoint]) throws -> Style {
    let printer = ProgressPrinter(Progress("learned", "pieces", of: pieces.count), quiet: quiet)
    defer { printer.finish() }
    return try Learning.style(information, pieces, viewpoints: viewpoints) { notes in
      printer.update { $0.add(notes: notes) }
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
}

extension StyleSearch {
  static func fileName(of path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }
}
