// SPDX-License-Identifier: Apache-2.0
// Programs/jam, offline: how many beats are found.
import FoundationEssentials
import Listening
import Music
import Scores

/// The share of beats that are found and are right: the F-measure with a window of 70 ms (Davies, Degara and Plumbley,
/// Evaluation Methods for Musical Audio Beat Tracking Algorithms, 2009, section 3.1).
package enum BeatAgreement {
  package static func measure(_ beats: [Double], _ truth: [Double]) -> Double {
    var (a, b, hits) = (0, 0, 0)
    while a < beats.count, b < truth.count {
      let distance = beats[a] - truth[b]
      if abs(distance) <= 0.07 {
        (a, b, hits) = (a + 1, b + 1, hits + 1)
      } else if distance < 0 {
        a += 1
      } else {
        b += 1
      }
    }
    return 2 * Double(hits) / Double(max(1, beats.count + truth.count))
  }

  /// The same where beats of half and of twice the length count as right.
  package static func tolerant(_ beats: [Double], _ truth: [Double]) -> Double {
    let halves = (0..<2).map { odd in beats.indices.filter { $0 % 2 == odd }.map { beats[$0] } }
    let between = zip(beats, beats.dropFirst()).map { ($0 + $1) / 2 }
    let readings = [beats, halves[0], halves[1], (beats + between).sorted()]
    return readings.map { measure($0, truth) }.max() ?? 0
  }
}

/// Made playing, and scores played strictly and with rubato, and what was heard of them.
package struct AnalysisMeasurement {
  private struct Row {
    var name: String
    var figures: [Double] = []
    var tolerant: [Double] = []
  }

  private let paths: [String]
  /// Performances are cut here, in seconds.
  private let longest: Double

  package init(scores paths: [String], longest: Double = 240) { (self.paths, self.longest) = (paths, longest) }

  /// Tables of beats and keys for each way of hearing, beside the classic methods.
  package func text() throws(FileFailure) -> String {
    var sections = [Self.steady(), ""]
    var (pieces, marked): ([(String, Piece)], [Performance]) = ([], [])
    for path in paths {
      let file = try Files.readMIDI(path)
      if let beats = try MarkedBeats.beside(path) {
        marked.append(Performance(notes: HeardFile.notes(of: file), beats: beats))
      } else {
        let piece = Piece(file)
        if piece.notes.count > 20 { pieces.append((path, piece)) }
      }
    }
    if !marked.isEmpty {
      sections.append("\(marked.count) performances with marked beats: F-measure of beats, 70 ms")
      sections += [table(measure(marked)), ""]
    }
    for (freedom, title) in [
      (HumanRendition.Freedom.strict, "in the scores' tempi, with 15 ms of jitter"),
      (.rubato, "with rubato, broken chords, grace notes and slips"),
    ] where !pieces.isEmpty {
      sections.append("\(pieces.count) scores played \(title): F-measure of beats, 70 ms")
      sections += [table(measure(pieces.map { performance(of: $0.1, $0.0, freedom) })), ""]
    }
    if !pieces.isEmpty { sections.append(KeyMeasurement(pieces.map(\.1)).text()) }
    return sections.joined(separator: "\n")
  }

  private static func steady() -> String {
    let (live, classic) = SteadyMeasurement.figures()
    return "Single notes with 15 ms of jitter\n"
      + ReportText.table([
        ["", "tempo within 2 % after 8 onsets, 50-220 a minute", "drift of 15 %: median F-measure"],
        ["autocorrelation", ReportText.percent(classic.steady), ReportText.decimal(classic.drifting, 3)],
        ["in the moment", ReportText.percent(live.steady), ReportText.decimal(live.drifting, 3)],
      ])
  }

  private func measure(_ performances: [Performance]) -> [Row] {
    var rows = ["autocorrelation", "in the moment", "whole file"].map { Row(name: $0) }
    for played in performances {
      let heard = [
        Baseline(played.notes).beats, Self.seconds(PerformanceAnalysis(hearing: played.notes).beats),
        Self.seconds(PerformanceAnalysis(of: played.notes).beats),
      ]
      for (index, beats) in heard.enumerated() {
        rows[index].figures.append(BeatAgreement.measure(beats, played.beats))
        rows[index].tolerant.append(BeatAgreement.tolerant(beats, played.beats))
      }
    }
    return rows
  }

  /// A line for each onset of the scores, played with rubato: what docs/training/learn-onsets reads. `isLive`: as it is heard
  /// in the moment, strictly and three times with rubato.
  package func trainingRows(isLive: Bool) throws(FileFailure) -> [String] {
    var lines: [String] = []
    for (index, path) in paths.enumerated() {
      let piece = Piece(try Files.readMIDI(path))
      guard piece.notes.count > 20 else { continue }
      let artist = path.split(separator: "/").dropLast().last ?? "-"
      let ways: [(HumanRendition.Freedom, UInt64)] =
        isLive
        ? [(.strict, 1), (.rubato, 2), (.rubato, 3), (.rubato, 4)]
        : [(.strict, 5), (.rubato, 0), (.rubato, 6), (.rubato, 7)]
      for (freedom, take) in ways {
        let played = performance(of: piece, path, freedom, take: take)
        let examples =
          isLive
          ? OnsetExample.heard(in: played.notes, beats: played.beats)
          : OnsetExample.all(of: played.notes, beats: played.beats)
        for example in examples {
          let figures = [example.place, example.length] + example.features
          let row = figures.map { ReportText.decimal($0, 3) }.joined(separator: " ")
          lines.append("\(ways.count * index + Int(take)) \(artist) \(row)")
        }
      }
    }
    return lines
  }

  /// Notes, and the beats that are in them, in seconds.
  private struct Performance {
    var notes: [PlayedNote]
    var beats: [Double]
  }

  private func performance(
    of piece: Piece, _ path: String, _ freedom: HumanRendition.Freedom, take: UInt64 = 0
  ) -> Performance {
    // By the file's name alone: a score is played alike wherever its folder lies.
    let name = path.split(separator: "/").last ?? ""
    let seed = name.utf8.reduce(UInt64(7)) { $0 &* 31 &+ UInt64($1) } &+ 1000 * take
    var played = HumanRendition(of: piece, freedom, seed: seed)
    played.notes.removeAll { ($0.onset - .zero).seconds > longest }
    played.beats.removeAll { $0 > ((played.notes.last?.onset ?? .zero) - .zero).seconds + 0.07 }
    return Performance(notes: played.notes, beats: played.beats)
  }

  private static func seconds(_ beats: [Instant]) -> [Double] { beats.map { ($0 - .zero).seconds } }

  private func table(_ rows: [Row]) -> String {
    let head = ["", "mean", "lower quartile", "median", "upper quartile", "mean, either octave"]
    let body = rows.map { row in
      let sorted = row.figures.sorted()
      func quantile(_ share: Double) -> Double {
        sorted.isEmpty ? 0 : sorted[min(sorted.count - 1, Int(share * Double(sorted.count)))]
      }
      func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(max(1, values.count)) }
      let figures = [mean(row.figures), quantile(0.25), quantile(0.5), quantile(0.75), mean(row.tolerant)]
      return [row.name] + figures.map { ReportText.decimal($0, 3) }
    }
    return ReportText.table([head] + body)
  }
}
