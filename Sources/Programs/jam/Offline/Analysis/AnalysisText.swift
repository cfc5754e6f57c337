// SPDX-License-Identifier: Apache-2.0
// Programs/jam, offline: an analysis for people to read.
import Listening
import Music

package enum AnalysisText {
  package static func text(_ heard: HeardFile) -> String {
    let analysis = heard.analysis
    var lines = [
      "file      \(heard.path)",
      "length    \(time(heard.duration)), \(count(heard.notes.count, "note"))",
      "beats     \(beats(analysis))",
      "tempo     \(tempo(analysis))",
      "metre     \(analysis.metre.map { "\($0.beats)/\($0.unit), \(count(analysis.downbeats.count, "bar"))" } ?? "not clear")",
    ]
    lines += heard.features.map { playing($0, analysis.keys.first?.value) } ?? ["playing   percussion only"]
    lines += heard.baseline.map(baseline) ?? []
    lines += table("keys", analysis.keys.map { (heard.seconds($0.start), heard.seconds($0.end), "\($0.value)") })
    lines += table(
      "phrases", analysis.phrases.map { (heard.seconds($0.start), heard.seconds($0.end), count($0.value, "note")) })
    lines += bars(heard)
    return lines.joined(separator: "\n") + "\n"
  }

  private static func beats(_ analysis: PerformanceAnalysis) -> String {
    guard let first = analysis.beats.first, let last = analysis.beats.last else { return "none heard" }
    let sure = ReportText.decimal(analysis.confidence, 2)
    let range = "\(time((first - .zero).seconds)) to \(time((last - .zero).seconds))"
    return "\(analysis.beats.count), from \(range), confidence \(sure)"
  }

  private static func tempo(_ analysis: PerformanceAnalysis) -> String {
    guard let median = analysis.medianTempo else { return "not known" }
    let values = analysis.tempo.map(\.tempo.beatsPerMinute).sorted()
    guard let low = values.first, let high = values.last else { return "\(bpm(median.beatsPerMinute)) a minute" }
    return "\(bpm(median.beatsPerMinute)) beats a minute in the middle, \(bpm(low)) to \(bpm(high))"
  }

  private static func playing(_ features: PhraseFeatures, _ key: Key?) -> [String] {
    func name(_ pitch: Pitch) -> String { key.map(pitch.name) ?? pitch.description }
    let density = features.density.map { "\(ReportText.decimal($0, 1)) onsets a second, " } ?? ""
    let articulation = features.articulation.map { ", articulation \(ReportText.decimal($0, 2))" } ?? ""
    return [
      "playing   \(density)\(ReportText.decimal(features.polyphony, 1)) notes an onset, loudness \(features.loudness.value), "
        + "\(name(features.lowest)) to \(name(features.highest))\(articulation)"
    ]
  }

  private static func baseline(_ baseline: Baseline) -> [String] {
    [
      "beside    autocorrelation: \(baseline.tempo.map { "\(bpm($0.beatsPerMinute)) beats a minute" } ?? "nothing")",
      "          Krumhansl-Schmuckler: \(baseline.key.map { "\($0)" } ?? "nothing")",
    ]
  }

  private static func table(_ title: String, _ rows: [(Double, Double, String)]) -> [String] {
    guard !rows.isEmpty else { return [] }
    return ["", "\(title) (seconds)"] + rows.map { "\(right($0.0, 2, 9)) \(right($0.1, 2, 9))  \($0.2)" }
  }

  /// A line for each bar, or for every four beats: beats, and the chords heard on them.
  private static func bars(_ heard: HeardFile) -> [String] {
    let analysis = heard.analysis
    guard analysis.beats.count > 1 else { return [] }
    let isBar = Set(analysis.downbeats)
    var lines = ["", "\(isBar.isEmpty ? "beats" : "bars") (seconds; beats a minute; chord of each beat)"]
    var row: [Int] = []
    func close() {
      guard let first = row.first else { return }
      let tempo = analysis.tempo[min(first, analysis.tempo.count - 1)].tempo.beatsPerMinute
      let chords = row.map { left(chord(at: analysis.beats[$0], analysis), 9) }.joined()
      lines.append(trimmed("\(right(heard.seconds(analysis.beats[first]), 2, 9)) \(right(tempo, 0, 5))  \(chords)"))
      row = []
    }
    for (index, beat) in analysis.beats.enumerated() {
      if isBar.contains(beat) || (isBar.isEmpty && index % 4 == 0) { close() }
      row.append(index)
    }
    close()
    return lines
  }

  private static func chord(at beat: Instant, _ analysis: PerformanceAnalysis) -> String {
    let at = beat + .milliseconds(20)
    // Spans are in order, and few begin within one beat.
    let chords = analysis.chords
    var (low, high) = (0, chords.count)
    while low < high {
      let middle = (low + high) / 2
      if chords[middle].start <= at { low = middle + 1 } else { high = middle }
    }
    guard low > 0, chords[low - 1].end > at else { return "." }
    return analysis.name(of: chords[low - 1])
  }

  static func time(_ seconds: Double) -> String {
    let whole = Int(seconds)
    let rest = ReportText.decimal(seconds - Double(whole / 60 * 60), 1)
    return whole < 60 ? "\(rest) s" : "\(whole / 60):\(whole % 60 < 10 ? "0" : "")\(rest)"
  }

  static func count(_ number: Int, _ what: String) -> String { "\(number) \(what)\(number == 1 ? "" : "s")" }

  private static func bpm(_ value: Double) -> String { ReportText.decimal(value, 1) }

  private static func right(_ value: Double, _ places: Int, _ width: Int) -> String {
    let text = ReportText.decimal(value, places)
    return String(repeating: " ", count: max(0, width - text.count)) + text
  }

  private static func left(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(1, width - text.count))
  }

  private static func trimmed(_ text: String) -> String {
    var text = Substring(text)
    while text.last == " " { text = text.dropLast() }
    return String(text)
  }
}
