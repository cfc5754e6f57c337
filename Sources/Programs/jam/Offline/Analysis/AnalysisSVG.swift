// SPDX-License-Identifier: Apache-2.0
// Programs/jam, offline: an analysis as a picture.
import Listening
import Music

/// A piano roll in rows of ten seconds, with beats, bars, chords, keys, phrases and the tempo.
package enum AnalysisSVG {
  private static let row = 10.0
  private static let (left, width, height) = (40.0, 1200.0, 230.0)

  package static func picture(_ heard: HeardFile) -> String {
    let rows = max(1, min(400, Int((heard.duration / row).rounded(.up))))
    var body = ""
    let drawing = Drawing(heard)
    for number in 0..<rows { body += drawing.row(from: Double(number) * row, y: 40 + Double(number) * height) }
    let title = drawing.text(left, 22, ReportSVG.escaped(heard.path), size: 14)
    let total = Int(50 + Double(rows) * height)
    return """
      <svg xmlns="http://www.w3.org/2000/svg" width="\(Int(left + width + 20))" height="\(total)" \
      viewBox="0 0 \(Int(left + width + 20)) \(total)" font-family="sans-serif">
      <rect width="100%" height="100%" fill="#ffffff"/>
      \(title)\(body)</svg>\n
      """
  }

  private struct Drawing {
    private let heard: HeardFile
    private let low: Double
    private let semitone: Double
    private let isDown: Set<Instant>

    init(_ heard: HeardFile) {
      self.heard = heard
      let pitches = heard.notes.map { Double($0.pitch.number) }
      low = (pitches.min() ?? 0) - 1
      semitone = 130 / max(12, (pitches.max() ?? 127) - low + 1)
      isDown = Set(heard.analysis.downbeats)
    }

    func row(from start: Double, y: Double) -> String {
      let end = start + AnalysisSVG.row
      let analysis = heard.analysis
      var body = text(2, y + 100, AnalysisText.time(start), size: 9)
      for phrase in analysis.phrases { body += bracket(phrase, start, end, y) }
      body += names(analysis.keys, start, end, y + 24, "#7a4fa3", size: 11) { "\($0.value)" }
      for beat in analysis.beats where isInside(beat, start, end) {
        let colour = isDown.contains(beat) ? "#c8553d" : "#e3b7a9"
        body += line(x(heard.seconds(beat), start), y + 30, y + 165, colour, isDown.contains(beat) ? 1.6 : 1)
      }
      for note in heard.notes where note.release > .zero + .seconds(start) && note.onset < .zero + .seconds(end) {
        body += drawn(note, start, end, y)
      }
      body += names(analysis.chords, start, end, y + 178, "#2f6f4f", size: 10, analysis.name)
      return body + tempo(start, end, y + 185)
    }

    private func x(_ seconds: Double, _ start: Double) -> Double {
      left + min(width, max(0, (seconds - start) / AnalysisSVG.row * width))
    }

    private func isInside(_ instant: Instant, _ start: Double, _ end: Double) -> Bool {
      (start..<end).contains(heard.seconds(instant))
    }

    private func drawn(_ note: PlayedNote, _ start: Double, _ end: Double, _ y: Double) -> String {
      let (from, to) = (x(heard.seconds(note.onset), start), x(heard.seconds(note.release), start))
      let top = y + 32 + (130 - (Double(note.pitch.number) - low) * semitone)
      let loudness = ReportText.decimal(0.35 + 0.65 * Double(note.velocity.value) / 127, 2)
      return
        "<rect \(numbers(("x", from), ("y", top), ("width", max(1, to - from - 0.5)), ("height", max(1, semitone - 0.4)))) "
        + "fill=\"#3d6b8c\" fill-opacity=\"\(loudness)\"/>\n"
    }

    private func names<Value>(
      _ spans: [Span<Value>], _ start: Double, _ end: Double, _ y: Double, _ colour: String, size: Int,
      _ name: (Span<Value>) -> String
    ) -> String {
      spans.filter { heard.seconds($0.end) > start && heard.seconds($0.start) < end }.map { span in
        let from = x(heard.seconds(span.start), start)
        return line(from, y - 8, y + 2, colour, 1) + text(from + 2, y, name(span), size: size, colour)
      }.joined()
    }

    private func bracket(_ phrase: Span<Int>, _ start: Double, _ end: Double, _ y: Double) -> String {
      let (first, last) = (heard.seconds(phrase.start), heard.seconds(phrase.end))
      guard last > start, first < end else { return "" }
      let (from, to) = (x(first, start), x(last, start))
      let points = [
        first >= start ? "\(point(from, y + 10)) " : "", "\(point(from, y + 4)) \(point(to, y + 4))",
        last <= end ? " \(point(to, y + 10))" : "",
      ]
      return "<polyline points=\"\(points.joined())\" fill=\"none\" stroke=\"#999999\"/>\n"
    }

    private func tempo(_ start: Double, _ end: Double, _ y: Double) -> String {
      let inside = heard.analysis.tempo.filter { isInside($0.at, start, end) }
      guard let first = inside.first else { return "" }
      let points = inside.map { value in
        let share = min(1, max(0, (value.tempo.beatsPerMinute - 30) / 210))
        return point(x(heard.seconds(value.at), start), y + 30 - 30 * share)
      }
      let label = "\(Int(first.tempo.beatsPerMinute.rounded()))"
      return "<polyline points=\"\(points.joined(separator: " "))\" fill=\"none\" stroke=\"#b58900\"/>\n"
        + text(10, y + 20, label, size: 9, "#b58900")
    }

    // MARK: Parts

    private func line(_ x: Double, _ top: Double, _ bottom: Double, _ colour: String, _ thick: Double) -> String {
      "<line \(numbers(("x1", x), ("y1", top), ("x2", x), ("y2", bottom))) stroke=\"\(colour)\" stroke-width=\"\(thick)\"/>\n"
    }

    func text(_ x: Double, _ y: Double, _ content: String, size: Int, _ colour: String = "#222222") -> String {
      "<text \(numbers(("x", x), ("y", y))) font-size=\"\(size)\" fill=\"\(colour)\">\(content)</text>\n"
    }

    private func point(_ x: Double, _ y: Double) -> String {
      "\(ReportText.decimal(x, 1)),\(ReportText.decimal(y, 1))"
    }

    private func numbers(_ values: (String, Double)...) -> String {
      values.map { "\($0.0)=\"\(ReportText.decimal($0.1, 1))\"" }.joined(separator: " ")
    }
  }
}
