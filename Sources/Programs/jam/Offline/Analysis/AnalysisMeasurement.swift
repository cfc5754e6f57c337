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

/// Scores, played strictly and with rubato, and what was heard of them.
package struct AnalysisMeasurement {
  private struct Row {
    var name: String
    var figures: [Double] = []
    var tolerant: [Double] = []
  }

  private let paths: [String]
  /// Performances are cut here, in seconds.
  private static let longest = 240.0

  package init(scores paths: [String]) { self.paths = paths }

  /// A table of F-measures for each way of hearing, and of right keys.
  package func text() throws(FileFailure) -> String {
    var lines: [String] = []
    for (freedom, title) in [
      (HumanRendition.Freedom.strict, "in the scores' tempi, with 15 ms of jitter"),
      (.rubato, "with rubato, broken chords, grace notes and slips"),
    ] {
      let (rows, keys, pieces) = try measure(freedom)
      lines.append("\(pieces) scores played \(title): F-measure of beats, 70 ms")
      lines.append(contentsOf: table(rows))
      lines.append(keys)
      lines.append("")
    }
    return lines.joined(separator: "\n")
  }

  private func measure(_ freedom: HumanRendition.Freedom) throws(FileFailure) -> ([Row], String, Int) {
    var rows = ["autocorrelation", "in the moment", "whole file"].map { Row(name: $0) }
    var (ours, classic, known, pieces) = (0.0, 0.0, 0.0, 0)
    for path in paths {
      let piece = Piece(try Files.readMIDI(path))
      guard piece.notes.count > 20 else { continue }
      pieces += 1
      let seed = path.utf8.suffix(24).reduce(UInt64(7)) { $0 &* 31 &+ UInt64($1) }
      var played = HumanRendition(of: piece, freedom, seed: seed)
      played.notes.removeAll { ($0.onset - .zero).seconds > Self.longest }
      played.beats.removeAll { $0 > ((played.notes.last?.onset ?? .zero) - .zero).seconds + 0.07 }
      let baseline = Baseline(played.notes)
      let whole = PerformanceAnalysis(of: played.notes)
      let heard = [
        baseline.beats, Self.seconds(PerformanceAnalysis(hearing: played.notes).beats), Self.seconds(whole.beats),
      ]
      for (index, beats) in heard.enumerated() {
        rows[index].figures.append(BeatAgreement.measure(beats, played.beats))
        rows[index].tolerant.append(BeatAgreement.tolerant(beats, played.beats))
      }
      guard let key = piece.keys.first, key.position == .zero, key.value != Key(sharps: 0, mode: .major) else {
        continue
      }
      known += 1
      ours += whole.keys.first.map { $0.value == key.value ? 1 : 0 } ?? 0
      classic += baseline.key == key.value ? 1 : 0
    }
    let keys =
      "key of the signature (\(Int(known)) scores): Krumhansl-Schmuckler \(ReportText.percent(classic / max(1, known)))"
      + ", first key heard \(ReportText.percent(ours / max(1, known)))"
    return (rows, keys, pieces)
  }

  private static func seconds(_ beats: [Instant]) -> [Double] { beats.map { ($0 - .zero).seconds } }

  private func table(_ rows: [Row]) -> [String] {
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
    return [ReportText.table([head] + body)]
  }
}
