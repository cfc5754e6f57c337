// SPDX-License-Identifier: Apache-2.0
// Programs/jam, offline: jam report.
import ArgumentParser
import FoundationEssentials
import Improviser
import Music
import Scores
import Style

struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Measure whether answers sound like the style they are in.",
    discussion: """
      For each style, calls are taken from pieces of the others and answered as jamd would. How many answers cost their own \
      style's model the fewest bits an event? Beside it, as what can be reached at most, the same for excerpts of real \
      pieces that were held out from learning; and how much is copied, range, key and density, in answers and in pieces.

      CORPORA has a folder of MIDI files for each artist. With --styles, those that have a style of their folder's name \
      there; otherwise all of them, learned anew. Writes report.txt, report.svg and rolls.svg, and index.html, \
      which shows them all; with --takes, also a piano roll of each of these takes in every mode.
      """)

  @Option(help: ArgumentHelp("A folder of MIDI files for each artist.", valueName: "dir"), completion: .directory)
  var corpora: String

  @Option(
    help: ArgumentHelp("The styles to measure; otherwise they are learned.", valueName: "dir"), completion: .directory)
  var styles: String?

  @Option(name: .shortAndLong, help: ArgumentHelp("Where to write.", valueName: "dir"), completion: .directory)
  var output: String

  @Option(help: ArgumentHelp("A folder of takes to play with in every mode.", valueName: "dir"), completion: .directory)
  var takes: String?

  @Option(help: ArgumentHelp("Answers in each style.", valueName: "n"))
  var answers = 200

  @Option(help: ArgumentHelp("The length of a call and of an excerpt, in bars of four beats.", valueName: "n"))
  var bars = 4

  @Option(help: ArgumentHelp("The seed of all chance.", valueName: "n"))
  var seed: UInt64 = 1

  @Option(help: ArgumentHelp("The share of the player's own phrases in an answer, 0...1.", valueName: "share"))
  var playerWeight = Settings().playerWeight

  @Option(help: ArgumentHelp("Above 1 bolder, below 1 more predictable.", valueName: "t"))
  var temperature = Settings().temperature

  func validate() throws {
    if !(1...100_000).contains(answers) { throw ValidationError("--answers has to be 1...100000") }
    if !(1...32).contains(bars) { throw ValidationError("--bars has to be 1...32") }
    if !(0...1).contains(playerWeight) { throw ValidationError("--player-weight has to be 0...1") }
    if !(0...4).contains(temperature) { throw ValidationError("--temperature has to be 0...4") }
  }

  func run() throws {
    try endingProperly {
      let artists = try ReportCorpus.artists(in: corpora, styles: styles)
      let plan = ReportPlan(
        answers: answers, beats: Double(bars * 4), seed: seed,
        settings: Settings(playerWeight: playerWeight, temperature: temperature))
      let results = ReportMeasurement(artists: artists, plan: plan).results()
      let hearing = AnalysisMeasurement(scores: try ReportCorpus.heard(of: corpora), longest: 90)
      let text = ReportText.text(results, plan) + "\n" + (try hearing.text())
      let folder = URL(filePath: output)
      try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try Files.write(Array(text.utf8), to: "\(output)/report.txt")
      try Files.write(Array(ReportSVG.histograms(results).utf8), to: "\(output)/report.svg")
      try Files.write(Array(ReportSVG.rolls(results).utf8), to: "\(output)/rolls.svg")
      let report = try takeReport(artists, plan)
      for row in report.rows { try Files.write(Array(row.picture.svg().utf8), to: "\(output)/\(row.file)") }
      try Files.write(Array(report.page(text: text).utf8), to: "\(output)/index.html")
      print(text, terminator: "")
    }
  }

  private func takeReport(_ artists: [ReportArtist], _ plan: ReportPlan) throws -> TakeReport {
    let paths = try takes.map { try Files.midiFiles(in: [$0]) } ?? []
    let named = try paths.map { path in
      let name = path.split(separator: "/").last?.split(separator: ".").first.map(String.init) ?? path
      return (name: name, take: Take(try Files.readMIDI(path)))
    }
    return TakeReport(
      named, styles: artists.map { WeightedStyle(name: $0.name, style: $0.style) }, settings: plan.settings, seed: seed)
  }
}

/// What is measured, and how.
package struct ReportPlan: Sendable {
  package var answers: Int
  package var beats: Double
  package var seed: UInt64
  package var settings: Settings

  package init(answers: Int, beats: Double, seed: UInt64, settings: Settings) {
    self.answers = answers
    self.beats = beats
    self.seed = seed
    self.settings = settings
  }
}

/// An artist's pieces, the style that answers, and one that has not learned every fifth piece.
package struct ReportArtist: Sendable {
  package var name: String
  package var pieces: [Piece]
  package var heldOut: [Piece]
  package var style: Style
  package var withoutHeldOut: Style

  /// Learns both styles, or only the second where `style` is given.
  package init(name: String, pieces: [Piece], style: Style? = nil) throws {
    let information = StyleInformation(title: name)
    let known = pieces.enumerated().filter { $0.offset % 5 != 4 || pieces.count < 5 }.map(\.element)
    self.name = name
    self.pieces = pieces
    heldOut = pieces.enumerated().filter { $0.offset % 5 == 4 && pieces.count >= 5 }.map(\.element)
    self.style = try style ?? Learning.style(information, pieces)
    withoutHeldOut = try Learning.style(information, known)
  }
}

package enum ReportCorpus {
  /// Of each artist so many pieces are heard.
  private static let piecesHeard = 4

  /// Of each artist some pieces, from first to last: what is heard of them is measured, too. Files beside the artists'
  /// folders are none.
  package static func heard(of corpora: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: corpora).sorted().flatMap { name in
      let folder = "\(corpora)/\(name)"
      let paths = try Files.midiFiles(in: [folder]).filter { $0 != folder }
      let count = min(piecesHeard, paths.count)
      return (0..<count).map { paths[$0 * paths.count / count] }
    }
  }

  /// In the order of their names; at least two.
  package static func artists(in corpora: String, styles: String?) throws -> [ReportArtist] {
    let folders = ((try? FileManager.default.contentsOfDirectory(atPath: corpora)) ?? []).sorted()
    var artists: [ReportArtist] = []
    for folder in folders {
      let stylePath = styles.map { "\($0)/\(folder).style" }
      if let stylePath, !FileManager.default.fileExists(atPath: stylePath) { continue }
      var isFolder = false
      guard FileManager.default.fileExists(atPath: "\(corpora)/\(folder)", isDirectory: &isFolder), isFolder else {
        continue
      }
      let pieces = try Files.midiFiles(in: ["\(corpora)/\(folder)"]).compactMap { path in
        (try? Files.readMIDI(path)).map { Piece($0) }
      }.filter { !$0.notes.isEmpty }
      guard !pieces.isEmpty else { continue }
      artists.append(
        try ReportArtist(name: folder, pieces: pieces, style: try stylePath.map { path in try Files.readStyle(path) }))
    }
    guard artists.count > 1 else {
      throw FileFailure.nothingFound(
        "a report needs two artists or more, and \(corpora) has \(artists.count) folders with MIDI files"
          + (styles.map { " and a style of that name in \($0)" } ?? ""))
    }
    return artists
  }
}
