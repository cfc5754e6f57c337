// SPDX-License-Identifier: Apache-2.0
// Programs/jam, offline: takes in every mode, as pictures with figures.
import FoundationEssentials
import Improviser
import Music
import Scores
import Style

/// What jamd plays with recorded takes, for people to look at.
package struct TakeReport: Sendable {
  package struct Row: Sendable {
    package var take: String
    package var mode: PlayingMode
    package var style: String
    package var picture: RollPicture
    package var figures: TakeFigures

    /// The picture's file.
    package var file: String { "\(take)-\(mode.rawValue).svg".replacing(" ", with: "-") }
  }

  package var rows: [Row] = []

  /// Every take in every mode; the styles take turns from take to take.
  package init(_ takes: [(name: String, take: Take)], styles: [WeightedStyle], settings: Settings, seed: UInt64) {
    for (number, (name, take)) in takes.enumerated() where !styles.isEmpty {
      let style = styles[number % styles.count]
      for mode in PlayingMode.allCases {
        let settings = Settings(
          playerWeight: settings.playerWeight, temperature: settings.temperature, playing: PlayingSettings(mode: mode))
        var replay = Replay(Improviser(settings: settings, styles: [style], seed: seed))
        replay.run(take.inputs)
        rows.append(Self.row(name, take, mode, style.name, replay.performance))
      }
    }
  }

  private static func row(
    _ name: String, _ take: Take, _ mode: PlayingMode, _ style: String, _ performance: Performance
  ) -> Row {
    let players = Piece(take.file).parts.filter { !Take.isAnswer($0.name) }
    let map = Piece(take.file).tempoMap
    let heard = players.flatMap(\.notes).map { note in
      PlayedNote(
        pitch: note.pitch, velocity: note.velocity, onset: .zero + map.time(at: note.onset),
        duration: map.time(at: note.end) - map.time(at: note.onset))
    }
    let picture = RollPicture(
      title: "\(name), \(mode.rawValue), \(style)",
      voices: [
        .init(name: "player", isAnswer: false, notes: heard),
        .init(name: Take.answerTrack, isAnswer: true, notes: performance.played),
      ])
    return Row(take: name, mode: mode, style: style, picture: picture, figures: TakeFigures(heard, performance))
  }

  /// One page with every picture beside its figures; `text` is the report in words.
  package func page(text: String) -> String {
    let pictures = rows.map { row in
      """
      <h3>\(ReportSVG.escaped(row.take)), \(row.mode.rawValue), \(ReportSVG.escaped(row.style))</h3>
      <p>\(ReportSVG.escaped(row.figures.text))</p>
      <img src="\(ReportSVG.escaped(row.file))" alt="\(ReportSVG.escaped(row.file))">
      """
    }
    return """
      <!DOCTYPE html>
      <html lang="en"><head><meta charset="utf-8"><title>jam report</title></head>
      <body style="font-family: sans-serif">
      <h1>Answers and their styles</h1>
      <pre>\(ReportSVG.escaped(text))</pre>
      <img src="report.svg" alt="histograms">
      <h2>Calls and answers</h2>
      <img src="rolls.svg" alt="calls and answers">
      <h2>Takes in every mode</h2>
      \(pictures.joined(separator: "\n"))
      </body></html>\n
      """
  }
}

/// Of a player and jamd together.
package struct TakeFigures: Hashable, Sendable {
  package var playerNotes: Int
  package var notes: Int
  /// Notes a second while each plays; nil for nobody.
  package var playerDensity: Double?
  package var density: Double?
  package var lowest: Pitch?
  package var highest: Pitch?
  /// Answers whose last onset's highest note is of the tonic's triad, of all with a key.
  package var resolved: Int
  package var answers: Int
  /// Mean semitones from the player's highest note before an answer to the answer's first, up or down; nil without
  /// answers.
  package var leap: Double?

  package init(_ heard: [PlayedNote], _ performance: Performance) {
    let played = performance.played
    (playerNotes, notes) = (heard.count, played.count)
    (playerDensity, density) = (Self.density(heard), Self.density(played))
    (lowest, highest) = (played.map(\.pitch).min(), played.map(\.pitch).max())
    (resolved, answers) = (0, 0)
    var key: Key?
    var leaps: [Double] = []
    for (report, _) in performance.reports {
      if case .phraseEnded(_, _, let found) = report { key = found }
      guard case .answered(let notes, _, _, _) = report, let first = notes.map(\.onset).min() else { continue }
      if let key, let last = Self.highest(at: notes.map(\.onset).max() ?? first, notes) {
        answers += 1
        if [0, 2, 4].contains(where: { key.scale[$0] == last.pitchClass }) { resolved += 1 }
      }
      let before = heard.filter { $0.onset < first }
      if let from = Self.highest(at: before.map(\.onset).max() ?? first, before),
        let to = Self.highest(at: first, notes)
      {
        leaps.append(Double(abs(to.semitones(above: from))))
      }
    }
    leap = leaps.isEmpty ? nil : leaps.reduce(0, +) / Double(leaps.count)
  }

  private static func highest(at onset: Instant, _ notes: [PlayedNote]) -> Pitch? {
    let window = Duration.milliseconds(60)
    return notes.filter { $0.onset > onset - window && $0.onset < onset + window }.map(\.pitch).max()
  }

  /// Silences of more than two seconds do not count.
  private static func density(_ notes: [PlayedNote]) -> Double? {
    let onsets = notes.map(\.onset).sorted()
    let gaps = zip(onsets, onsets.dropFirst()).map { ($1 - $0).seconds }.filter { $0 < 2 }
    let time = gaps.reduce(0, +)
    return time > 0 ? Double(gaps.count + 1) / time : nil
  }

  package var text: String {
    func number(_ value: Double?) -> String { value.map { ReportText.decimal($0, 1) } ?? "-" }
    let range = lowest.flatMap { low in highest.map { "\(low) to \($0)" } } ?? "nothing"
    return "player \(playerNotes) notes, \(number(playerDensity)) a second; jamd \(notes) notes, \(number(density)) a "
      + "second, \(range); \(resolved) of \(answers) answers end on the tonic's triad; \(number(leap)) semitones from call "
      + "to answer"
  }
}
