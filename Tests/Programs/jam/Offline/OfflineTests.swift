// SPDX-License-Identifier: Apache-2.0
// Tests of Programs/jam, offline: files, names and sessions.
import Foundation
import Improviser
import Music
import Scores
import Style
import Testing
import jam

@Suite struct OfflineTests {
  static let folder = FileManager.default.temporaryDirectory.appending(path: "jam-offline-\(getpid())")

  static func write(_ text: String, _ name: String) throws -> String {
    let file = folder.appending(path: name)
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
    return file.path
  }

  @Test("lines of numbers are read as they are; what is none is named with its line")
  func numbers() throws {
    #expect(try MelodyFiles.numbers(Self.write("60 62\n\n64\n\n", "a.pitch"), in: 0...127) == [[60, 62], [], [64]])
    let bad = try Self.write("60 62\n64 x\n", "b.pitch")
    #expect(throws: FileFailure.badData(path: bad, reason: "line 2: \"x\" is no number of 0...127")) {
      try MelodyFiles.numbers(bad, in: 0...127)
    }
    let high = try Self.write("128", "c.pitch")
    #expect(throws: FileFailure.self) { try MelodyFiles.numbers(high, in: 0...127) }
  }

  @Test("melodies, durations and folds that do not fit each other are refused")
  func evaluationFiles() throws {
    let melodies = try Self.write("60 62\n64 65\n", "m.pitch")
    let folds = try Self.write("0\n1\n", "m.folds")
    let short = try Self.write("480\n480 480\n", "m.dur")
    #expect(try MelodyFiles.evaluation(melodies: melodies, durations: nil, folds: folds).melodies.count == 2)
    #expect(throws: FileFailure.badData(path: short, reason: "line 1: 1 durations for 2 pitches")) {
      try MelodyFiles.evaluation(melodies: melodies, durations: short, folds: folds)
    }
    let one = try Self.write("0\n", "one.folds")
    #expect(throws: FileFailure.self) { try MelodyFiles.evaluation(melodies: melodies, durations: nil, folds: one) }
  }

  private func evaluation(_ pitches: String, _ folds: String, _ durations: String? = nil) throws -> MelodyEvaluation {
    // The cases of a test run side by side: each has files of its own.
    let name = UUID().uuidString
    return try MelodyFiles.evaluation(
      melodies: Self.write(pitches, "\(name).pitch"), durations: durations.map { try Self.write($0, "\(name).dur") },
      folds: Self.write(folds, "\(name).folds"))
  }

  @Test("lines end as on any system, and melodies without notes are melodies, also at the end")
  func oddLines() throws {
    for end in ["\n", "\r\n", "\r"] {
      let text = ["60 62 64", "65 67", "72"].joined(separator: end)
      for closing in ["", end] {
        let evaluation = try evaluation(text + closing, ["0", "1", "0"].joined(separator: end))
        #expect(evaluation.melodies.map(\.pitches.count) == [3, 2, 1])
      }
    }
    #expect(try evaluation("\u{FEFF}60 62\n61\n", "0\n1\n").melodies.map(\.pitches.count) == [2, 1])
    let empty = try evaluation("60 62\n\n65\n\n", "0\n1\n1\n0\n", "480 480\n\n240\n\n")
    #expect(empty.melodies.map(\.pitches.count) == [2, 0, 1, 0])
    #expect(throws: FileFailure.self) { try evaluation("60\n61\n", "0\n1\n1\n") }
    #expect(throws: FileFailure.self) { try evaluation("60\n61\n62\n", "0\n1\n") }
    #expect(throws: FileFailure.self) { try evaluation("\n\n", "0\n1\n") }
    #expect(throws: FileFailure.self) { try evaluation("", "") }
  }

  @Test("sets of hardly any music have sane figures", arguments: MelodyModel.allCases)
  func littleMusic(_ model: MelodyModel) throws {
    // Two notes of two: a bit each and a little more; one pitch for all: nothing; a fold without notes: none.
    for (pitches, folds, durations, limit) in [
      ("60\n62\n", "0\n1\n", "480\n480\n", 1.3), ("60 60 60\n60\n", "0\n1\n", "0 0 0\n1\n", 1e-6),
      ("0 127 0 127\n0\n\n", "7\n1000000\n3\n", "10000000 0 1 2\n9\n\n", 3.0),
    ] {
      let score = try evaluation(pitches, folds, durations).score(model)
      #expect(score.notes == pitches.split(whereSeparator: \.isWhitespace).count)
      #expect(score.bitsPerNote >= 0 && score.bitsPerNote <= limit, "\(pitches)")
    }
  }

  @Test("a style is found by its path, else by its name in the first folder that has it")
  func styleSearch() throws {
    let path = try Self.write("x", "monk.style")
    let folders = ["/nowhere", Self.folder.path]
    #expect(try StyleSearch.path(of: path, folders: [], environment: [:]) == path)
    #expect(try StyleSearch.path(of: "monk", folders: folders, environment: [:]) == path)
    #expect(try StyleSearch.path(of: "monk", folders: [], environment: ["JAMD_STYLES": Self.folder.path]) == path)
    #expect(throws: FileFailure.self) { try StyleSearch.path(of: "nobody", folders: folders, environment: [:]) }
    #expect(StyleSearch.name(of: "/a/b/monk.style") == "monk")
  }

  @Test("learning in shards gives what learning in a row gives, byte for byte")
  func shards() throws {
    let pieces = (0..<5).map { shift in
      Piece(
        parts: [
          Part(
            notes: (0..<40).map { index in
              Note(
                pitch: Pitch(clamping: 60 + shift + index * 5 % 12), onset: Beats(Double(index) / 2),
                duration: Beats(0.4))
            })
        ])
    }
    let information = StyleInformation(title: "T")
    var learner = StyleLearner(information: information)
    for piece in pieces { learner.learn(piece) }
    #expect(try Learning.style(information, pieces).encoded() == learner.style().encoded())
  }

  @Test("a session keeps the players' tracks as they were, and leaves out an earlier jamd's")
  func session() {
    let player = Take.Track(
      name: "P",
      events: [
        Take.Event(time: .zero, .noteOn(Pitch(clamping: 60), .standard)),
        Take.Event(time: .milliseconds(100), .noteOff(Pitch(clamping: 60))),
      ])
    let old = Take.Track(name: Take.answerTrack, events: [Take.Event(time: .zero, .noteOff(Pitch(clamping: 1)))])
    let session = Replaying.session(
      of: Take(tracks: [player, old]), Improviser(settings: Settings(playerWeight: 0), styles: [], seed: 1))
    #expect(session.tracks.first == player)
    #expect(session.tracks.last == Take.Track(name: Take.answerTrack))
  }

  @Test("an answer tells what is copied in it, where that was allowed, and of which style")
  func copies() throws {
    let line = (0..<300).map { index -> Note in
      let step: Int = (index * index / 3 + index * 5) % 13
      return Note(pitch: Pitch(clamping: 60 + step), onset: Beats(Double(index) / 2), duration: Beats(0.5))
    }
    var learner = StyleLearner(information: StyleInformation(title: "one line"))
    learner.learn(Piece(parts: [Part(notes: line)]))
    let style = WeightedStyle(name: "line", style: learner.style())
    let tempo = Tempo.standard
    let played = line.prefix(40).map { note in
      PlayedNote(
        pitch: note.pitch, velocity: note.velocity, onset: .zero + tempo.duration(of: note.onset),
        duration: tempo.duration(of: note.duration))
    }
    let call = Take(tracks: [Take.Track(name: "call", notes: played, channel: .first) { $0 - .zero }])
    for allowed in [false, true] {
      let settings = Settings(
        segmenter: Answering.wholeCall, playerWeight: 0, temperature: 0.3, allowsCopies: allowed)
      let improviser = Improviser(settings: settings, styles: [style], seed: 3)
      let answer = try #require(Answering.response(to: call, improviser))
      let json = try answer.json()
      #expect((answer.copied != nil) == allowed, "\(json)")
      #expect(json.contains(allowed ? "\"copied_from\":\"line\"" : "\"copied\":0"), "\(json)")
    }
  }

  @Test("the manual page names every subcommand")
  func manual() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "../../../..").path
    let manual = try String(contentsOfFile: "\(root)/docs/man/jam.1", encoding: .utf8)
    for name in ["learn", "merge", "inspect", "respond", "replay", "evaluate"] {
      #expect(manual.contains("jam \(name)"))
    }
  }
}
