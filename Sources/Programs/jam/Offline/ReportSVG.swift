// SPDX-License-Identifier: Apache-2.0
// Programs/jam, offline: a report as pictures.
import Music

package enum ReportHistogram {
  package struct Bin: Sendable {
    package var name: String
    package var range: Range<Int>
  }

  /// Of the lengths of copied runs: what may be copied is told apart from what may not.
  package static let copyBins: [Bin] =
    (0...8).map { Bin(name: "\($0)", range: $0..<$0 + 1) }
    + [Bin(name: "9-15", range: 9..<16), Bin(name: "16+", range: 16..<Int.max)]

  /// How many of `values` lie in each of `count` equal parts of `low..<high`; what lies outside counts in the outermost.
  package static func counts(_ values: [Double], from low: Double, to high: Double, in count: Int) -> [Int] {
    values.reduce(into: [Int](repeating: 0, count: count)) { counts, value in
      guard value.isFinite else { return }
      let position = (value - low) / (high - low) * Double(count)
      counts[Int(min(Double(count - 1), max(0, position)))] += 1
    }
  }
}

/// Drawn by hand: rectangles, lines and text.
package enum ReportSVG {
  private static let ink = "#222222"
  private static let answerColour = "#c8553d"
  private static let pieceColour = "#3d6b8c"

  // MARK: Histograms

  /// A row for each style: how much cheaper its own model is than the next, copied runs, notes a beat, share in key.
  package static func histograms(_ results: [ReportResult]) -> String {
    let rows = results.enumerated().map { row, result in
      let y = 40 + Double(row) * 150
      return text(10, y + 55, escaped(result.name), size: 14)
        + margins(result, at: (120, y)) + copies(result, at: (400, y)) + densities(result, at: (660, y))
        + keys(result, at: (920, y))
    }
    let legend =
      text(10, 18, "answers", size: 12, answerColour) + text(70, 18, "excerpts of pieces", size: 12, pieceColour)
    return document(width: 1180, height: 50 + 150 * Double(results.count), legend + rows.joined())
  }

  private static func margins(_ result: ReportResult, at place: (Double, Double)) -> String {
    pair(result, "bits an event cheaper than by the nearest other model", -2, 4, at: place) { sample in
      let others = sample.bits.indices.filter { $0 != result.index }.map { sample.bits[$0] }
      return (others.min() ?? 0) - sample.bits[result.index]
    }
  }

  private static func copies(_ result: ReportResult, at place: (Double, Double)) -> String {
    let runs = result.answers.compactMap(\.figures.copied)
    let counts = ReportHistogram.copyBins.map { bin in runs.count { bin.range.contains($0) } }
    return bars(counts, answerColour, at: place)
      + axis("longest copied run", ReportHistogram.copyBins.map(\.name), at: place)
  }

  private static func densities(_ result: ReportResult, at place: (Double, Double)) -> String {
    pair(result, "notes a beat", 0, 12, at: place) { $0.figures.density }
  }

  private static func keys(_ result: ReportResult, at place: (Double, Double)) -> String {
    pair(result, "share of notes in the key", 0, 1, at: place) { $0.figures.inKey ?? .nan }
  }

  /// Answers above, excerpts below in outline.
  private static func pair(
    _ result: ReportResult, _ title: String, _ low: Double, _ high: Double, at place: (Double, Double),
    _ value: (ReportSample) -> Double
  ) -> String {
    let names = (0..<12).map { $0 % 4 == 0 ? ReportText.decimal(low + (high - low) * Double($0) / 12, 1) : "" }
    return bars(
      ReportHistogram.counts(result.answers.map(value), from: low, to: high, in: 12), answerColour, at: place)
      + bars(
        ReportHistogram.counts(result.excerpts.map(value), from: low, to: high, in: 12), pieceColour, isOutline: true,
        at: place)
      + axis(title, names, at: place)
  }

  /// 220 by 80 from `place` down.
  private static func bars(
    _ counts: [Int], _ colour: String, isOutline: Bool = false, at place: (x: Double, y: Double)
  ) -> String {
    let highest = Double(max(1, counts.max() ?? 1))
    let width = 220 / Double(max(1, counts.count))
    return counts.enumerated().map { index, count in
      let height = 80 * Double(count) / highest
      return rectangle(
        place.x + Double(index) * width, place.y + 80 - height, width - 2, height,
        isOutline ? "fill=\"none\" stroke=\"\(colour)\" stroke-width=\"1.5\"" : "fill=\"\(colour)\"")
    }.joined()
  }

  private static func axis(_ title: String, _ names: [String], at place: (x: Double, y: Double)) -> String {
    let width = 220 / Double(max(1, names.count))
    let labels = names.enumerated().map { text(place.x + Double($0.offset) * width, place.y + 92, $0.element, size: 8) }
    return labels.joined() + text(place.x, place.y + 106, title, size: 10)
  }

  // MARK: Piano rolls

  /// The first three calls of each style, each with its answer.
  package static func rolls(_ results: [ReportResult]) -> String {
    var body = text(10, 18, "call", size: 12, pieceColour) + text(50, 18, "answer", size: 12, answerColour)
    var y = 40.0
    for result in results {
      for (number, sample) in result.answers.prefix(3).enumerated() {
        body += text(10, y + 12, "\(escaped(result.name)) \(number + 1)", size: 12) + roll(sample, at: (90, y))
        y += 150
      }
    }
    return document(width: 1180, height: y + 10, body)
  }

  /// 1080 by 140: each semitone and each beat has its place, the answer follows the call.
  private static func roll(_ sample: ReportSample, at place: (x: Double, y: Double)) -> String {
    let gap = 1.0
    let callEnd = (sample.call.map(\.end.count).max() ?? 0).rounded(.up) + gap
    let start = sample.notes.map(\.onset.count).min() ?? 0
    let all = sample.call + sample.notes
    let length = callEnd + (sample.notes.map(\.end.count).max() ?? 0) - start
    let low = Double(all.map(\.pitch.number).min() ?? 0)
    let high = Double(all.map(\.pitch.number).max() ?? 127)
    let (beat, semitone) = (1080 / max(1, length), 130 / max(12, high - low + 1))
    func drawn(_ note: Note, _ offset: Double, _ colour: String) -> String {
      let loudness = 0.35 + 0.65 * Double(note.velocity.value) / 127
      return rectangle(
        place.x + (note.onset.count + offset) * beat, place.y + (high - Double(note.pitch.number)) * semitone,
        max(1, note.duration.count * beat - 0.5), max(1, semitone - 0.5),
        "fill=\"\(colour)\" fill-opacity=\"\(ReportText.decimal(loudness, 2))\"")
    }
    return sample.call.map { drawn($0, 0, pieceColour) }.joined()
      + sample.notes.map { drawn($0, callEnd - start, answerColour) }.joined()
  }

  // MARK: Parts

  private static func document(width: Double, height: Double, _ body: String) -> String {
    """
    <svg xmlns="http://www.w3.org/2000/svg" width="\(Int(width))" height="\(Int(height))" \
    viewBox="0 0 \(Int(width)) \(Int(height))" font-family="sans-serif">
    <rect width="100%" height="100%" fill="#ffffff"/>
    \(body)</svg>\n
    """
  }

  private static func rectangle(_ x: Double, _ y: Double, _ width: Double, _ height: Double, _ style: String) -> String
  {
    let numbers = [x, y, width, height].map { ReportText.decimal($0, 1) }
    return "<rect x=\"\(numbers[0])\" y=\"\(numbers[1])\" width=\"\(numbers[2])\" height=\"\(numbers[3])\" \(style)/>\n"
  }

  private static func text(_ x: Double, _ y: Double, _ content: String, size: Int, _ colour: String = ink) -> String {
    let place = "x=\"\(ReportText.decimal(x, 1))\" y=\"\(ReportText.decimal(y, 1))\""
    return content.isEmpty ? "" : "<text \(place) font-size=\"\(size)\" fill=\"\(colour)\">\(content)</text>\n"
  }

  package static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
  }
}
