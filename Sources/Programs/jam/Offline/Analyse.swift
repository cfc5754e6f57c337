// SPDX-License-Identifier: Apache-2.0
// Programs/jam, offline: jam analyse.
import ArgumentParser
import FoundationEssentials
import Listening
import Music
import Scores

struct Analyse: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Hear beats, tempo, metre, keys, chords and phrases in a MIDI file.",
    discussion: """
      Only the notes are heard, as they sound: the file's own tempo map, bars and time signatures are not looked at, so that \
      a recorded performance is heard as well as a score. All notes are known from the beginning; with --live jam tells \
      what jamd's running trackers would have said in the moment. jam(1) describes the JSON.

      With --measure the files are scores, of which a performance with rubato is made whose beats are known; jam tells how \
      many of them are found, beside plain autocorrelation and Krumhansl and Schmuckler's key.
      """)

  @Argument(
    help: ArgumentHelp("A MIDI file; with --measure any number of files and folders.", valueName: "file"),
    completion: .midiFiles)
  var paths: [String]

  @Flag(help: "Print JSON.")
  var json = false

  @Option(help: ArgumentHelp("Draw what was heard.", valueName: "file.svg"), completion: .file())
  var svg: String?

  @Flag(help: "Tell what is heard in the moment, note by note.")
  var live = false

  @Flag(help: "Tell beside it what the classic methods say.")
  var baseline = false

  @Flag(help: "Measure how many beats are found in performances of scores, and in those that have marked beats.")
  var measure = false

  @Flag(help: .hidden)
  var trainingRows = false

  func validate() throws {
    if paths.isEmpty { throw ValidationError("a MIDI file is missing") }
    if paths.count > 1, !measure, !trainingRows { throw ValidationError("one file at a time; --measure takes many") }
    if measure, json || live || svg != nil { throw ValidationError("--measure prints a table, and only that") }
  }

  func run() throws {
    try endingProperly {
      guard !trainingRows else {
        let measurement = AnalysisMeasurement(scores: try Files.midiFiles(in: paths), longest: 150)
        for row in try measurement.trainingRows(isLive: live) { print(row) }
        return
      }
      guard !measure else {
        print(try AnalysisMeasurement(scores: Files.midiFiles(in: paths)).text(), terminator: "")
        return
      }
      let heard = try HeardFile(paths[0], isLive: live, hasBaseline: baseline)
      if let svg { try Files.write(Array(AnalysisSVG.picture(heard).utf8), to: svg) }
      print(json ? try AnalysisJSON.text(heard) : AnalysisText.text(heard), terminator: "")
    }
  }
}

/// A file and what was heard in it.
package struct HeardFile: Sendable {
  package let path: String
  package let isLive: Bool
  /// As they sound, in seconds of the file.
  package let notes: [PlayedNote]
  package let analysis: PerformanceAnalysis
  package let baseline: Baseline?

  package init(_ path: String, isLive: Bool = false, hasBaseline: Bool = false) throws(FileFailure) {
    let notes = Self.notes(of: try Files.readMIDI(path))
    guard !notes.isEmpty else { throw .badData(path: path, reason: "there is no note in it, so that nothing is heard") }
    self.init(path, notes, isLive: isLive, hasBaseline: hasBaseline)
  }

  package init(_ path: String, _ notes: [PlayedNote], isLive: Bool = false, hasBaseline: Bool = false) {
    (self.path, self.isLive, self.notes) = (path, isLive, notes)
    analysis = isLive ? PerformanceAnalysis(hearing: notes) : PerformanceAnalysis(of: notes)
    baseline = hasBaseline ? Baseline(notes) : nil
  }

  /// The notes in real time; the tempo map says when they sound, and is forgotten then.
  package static func notes(of file: StandardMIDIFile) -> [PlayedNote] {
    let piece = Piece(file, includesPercussion: true)
    return piece.parts.flatMap { part in
      part.notes.map { note in
        let (start, end) = (piece.tempoMap.time(at: note.onset), piece.tempoMap.time(at: note.end))
        return PlayedNote(
          pitch: note.pitch, velocity: note.velocity, channel: part.channel, onset: .zero + start,
          duration: end - start)
      }
    }.sorted(by: PlayedNote.inPlayedOrder)
  }

  /// Nil where there is only percussion.
  package var features: PhraseFeatures? { Phrase(notes.filter { $0.channel != .percussion }).map(PhraseFeatures.init) }

  package var duration: Double { seconds(notes.map(\.release).max() ?? .zero) }

  package func seconds(_ instant: Instant) -> Double { (instant - .zero).seconds }
}
