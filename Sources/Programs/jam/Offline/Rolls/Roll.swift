// SPDX-License-Identifier: Apache-2.0
// Programs/jam, offline: jam roll.
import ArgumentParser
import Improviser
import Music
import Scores

struct Roll: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Draw a take as a piano roll.",
    discussion: "Players are blue, what jamd played (the track \"jamd\") is red; the louder a note, the darker it is.")

  @Argument(help: ArgumentHelp("A session, or any MIDI file.", valueName: "file.mid"), completion: .midiFiles)
  var file: String

  @Option(name: .shortAndLong, help: ArgumentHelp("The SVG file to write.", valueName: "file.svg"), completion: .file())
  var output: String

  @Option(help: ArgumentHelp("What stands above it; otherwise the file's name.", valueName: "text"))
  var title: String?

  func run() throws {
    try endingProperly {
      let piece = Piece(try Files.readMIDI(file))
      guard !piece.notes.isEmpty else { throw FileFailure.badData(path: file, reason: "there are no notes in it") }
      let name = file.split(separator: "/").last.map(String.init) ?? file
      try Files.write(Array(RollPicture(title: title ?? name, piece).svg().utf8), to: output)
    }
  }
}
