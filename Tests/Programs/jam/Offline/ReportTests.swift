// SPDX-License-Identifier: Apache-2.0
// Tests of Programs/jam, offline: reports.
import Foundation
import Improviser
import Music
import Style
import Testing
import jam

@Suite struct ReportTests {
  /// Ten pieces of scales or of broken chords, each in its rhythm, shifted and varied.
  private static func artist(_ name: String, _ shape: [Int], _ rhythm: [Double]) throws -> ReportArtist {
    let pieces = (0..<10).map { number in
      var onset = 0.0
      let notes = (0..<160).map { index in
        defer { onset += rhythm[index % rhythm.count] }
        let step = shape[(index + number) % shape.count] + (index / 7 % 3 == number % 3 ? 12 : 0)
        return Note(
          pitch: Pitch(clamping: 55 + step), onset: Beats(onset), duration: Beats(rhythm[index % rhythm.count] * 0.9))
      }
      return Piece(
        parts: [Part(notes: notes)], keys: [Positioned(position: .zero, value: Key(sharps: 0, mode: .major))])
    }
    return try ReportArtist(name: name, pieces: pieces)
  }

  private static func results(seed: UInt64 = 1, styleOf: [Int] = [0, 1]) throws -> ([ReportResult], ReportPlan) {
    var artists = [
      try artist("scales", [0, 2, 4, 5, 7, 9, 11], [0.5, 0.5, 1]),
      try artist("chords & <more>", [0, 4, 7, 12, 16], [0.25, 0.25, 0.25, 0.75]),
    ]
    let styles = artists.map(\.style)
    for index in artists.indices { artists[index].style = styles[styleOf[index]] }
    let plan = ReportPlan(answers: 24, beats: 8, seed: seed, settings: Settings(playerWeight: 0))
    return (ReportMeasurement(artists: artists, plan: plan).results(), plan)
  }

  @Test("two styles that differ are told apart, in answers and in excerpts of held-out pieces")
  func recognition() throws {
    for result in try Self.results().0 {
      #expect(result.answers.count == 24 && result.excerpts.count == 24)
      #expect(try #require(result.share(result.answers)) > 0.9)
      #expect(try #require(result.share(result.excerpts)) > 0.9)
    }
  }

  @Test(
    "what the models of two artists say alike recognises nobody: the same style under both names is told apart at most by chance"
  )
  func control() throws {
    let results = try Self.results(styleOf: [0, 0]).0
    let shares = try results.map { try #require($0.share($0.answers)) }
    #expect(shares[0] + shares[1] <= 1)
  }

  @Test("of each artist some pieces are heard, and nothing that lies beside the folders")
  func heard() throws {
    let corpora = FileManager.default.temporaryDirectory.appending(path: "jam-report-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: corpora) }
    for artist in ["a", "b"] {
      let folder = corpora.appending(path: artist)
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      for number in 0..<10 { try Data().write(to: folder.appending(path: "\(number).mid")) }
    }
    try Data().write(to: corpora.appending(path: "SOURCES.md"))
    try Data().write(to: corpora.appending(path: "loose.mid"))
    let names = try ReportCorpus.heard(of: corpora.path).map { $0.dropFirst(corpora.path.count) }
    #expect(names == ["/a/0.mid", "/a/2.mid", "/a/5.mid", "/a/7.mid", "/b/0.mid", "/b/2.mid", "/b/5.mid", "/b/7.mid"])
  }

  @Test("the same seed gives the same report, another seed another")
  func determinism() throws {
    let (a, plan) = try Self.results()
    let text = ReportText.text(a, plan)
    #expect(try ReportText.text(Self.results().0, plan) == text)
    #expect(try ReportText.text(Self.results(seed: 2).0, plan) != text)
    #expect(text.contains("scales") && text.contains("held-out"))
  }

  @Test("the pictures are well-formed XML, whatever the artists are called")
  func pictures() throws {
    let (results, _) = try Self.results()
    for picture in [ReportSVG.histograms(results), ReportSVG.rolls(results)] {
      #expect(picture.hasPrefix("<svg") && picture.hasSuffix("</svg>\n"))
      #expect(picture.contains("chords &amp; &lt;more&gt;") && !picture.contains("<more>") && !picture.contains("nan"))
      #expect(picture.split(separator: "<text").count - 1 == picture.split(separator: "</text>").count - 1)
      #expect(picture.split(separator: "<rect").count > 100)
    }
  }

  @Test("numbers are written with all their digits, and histograms lose nothing")
  func numbers() {
    #expect(ReportText.decimal(1.005, 1) == "1.0" && ReportText.decimal(-0.26, 1) == "-0.3")
    #expect(ReportText.decimal(-0.01, 1) == "0.0" && ReportText.decimal(3.06, 2) == "3.06")
    #expect(ReportText.decimal(.nan, 2) == "-" && ReportText.decimal(99.6, 0) == "100")
    let counts = ReportHistogram.counts([-1, 0, 0.5, 1, 7], from: 0, to: 1, in: 4)
    #expect(counts == [2, 0, 1, 2])
    #expect(ReportHistogram.copyBins.map(\.range.lowerBound) == Array(0...9) + [16])
  }

  @Test("a folder without two artists is refused")
  func refusal() throws {
    #expect(throws: FileFailure.self) { try ReportCorpus.artists(in: "/nowhere", styles: nil) }
  }
}
