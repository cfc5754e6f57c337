// SPDX-License-Identifier: Apache-2.0
// Programs/jam, offline: jam inspect.
import ArgumentParser
import FoundationEssentials
import Music
import Style

struct Inspect: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Show what a style has learned.")

  @Argument(help: ArgumentHelp("The style.", valueName: "name"), completion: .styles)
  var name: String

  @OptionGroup var options: StyleOptions

  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    try endingProperly {
      let style = try options.style(named: name).style
      show(json ? try InspectionText.json(style) : InspectionText.text(style), terminator: "")
    }
  }
}

/// A style in words and numbers.
package enum InspectionText {
  package static func text(_ style: Style) -> String {
    let information = style.information
    var lines = [
      "title     \(information.title)", "artist    \(information.artist)", "licence   \(information.licence)",
      "learned   \(information.pieces) pieces, \(information.notes) notes, \(information.events) onsets",
      "sources   \(information.sources.joined(separator: ", "))", "",
      "viewpoints (what is predicted, from what; occurrences)",
    ]
    for (viewpoint, count) in zip(style.viewpoints, style.occurrences) {
      lines.append("  \(words(viewpoint)); \(count)")
    }
    lines += ["", "from pitch class (rows) to pitch class (columns), per cent of the row"]
    lines += transitions(style.summary)
    lines += ["", "inter-onset intervals, in beats"]
    lines += rhythms(style.summary)
    return lines.joined(separator: "\n") + "\n"
  }

  static func words(_ viewpoint: Viewpoint) -> String {
    let context = viewpoint.context.map { "\($0.attribute)\($0.lag == 0 ? "" : "-\($0.lag)")" }
    return "\(viewpoint.target) from \(context.joined(separator: " "))"
  }

  private static func transitions(_ summary: StyleSummary) -> [String] {
    let header = "    " + PitchClass.all.map { right("\($0)", 4) }.joined()
    return [header]
      + PitchClass.all.enumerated().map { index, pitchClass in
        let row = summary.pitchClassTransitions[index * 12..<index * 12 + 12]
        let sum = row.reduce(0) { $0 + Int($1) }
        let cells = row.map { right(sum == 0 ? "." : "\((Int($0) * 200 + sum) / (2 * sum))", 4) }
        return right("\(pitchClass)", 4) + cells.joined()
      }
  }

  private static func rhythms(_ summary: StyleSummary) -> [String] {
    let sum = max(1, summary.interOnsets.reduce(0) { $0 + Int($1) })
    return zip(RhythmClass.lengths, summary.interOnsets).filter { $0.1 > 0 }.map { length, count in
      let share = Double(count) / Double(sum)
      let beats = (length * 1000).rounded() / 1000
      let bar = String(repeating: "#", count: Int((share * 60).rounded()))
      return "  \(right("\(beats)", 6)) \(right("\(count)", 8))  \(bar)"
    }
  }

  private static func right(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }

  private struct Report: Encodable {
    var title, artist, licence: String
    var sources: [String]
    var pieces, notes, onsets: Int
    var viewpoints: [String]
    var occurrences: [Int]
    var pitchClassTransitions: [[UInt32]]
    var interOnsets: [UInt32]
    var interOnsetBeats: [Double]
  }

  package static func json(_ style: Style) throws -> String {
    let information = style.information
    let rows = stride(from: 0, to: 144, by: 12).map { Array(style.summary.pitchClassTransitions[$0..<$0 + 12]) }
    let report = Report(
      title: information.title, artist: information.artist, licence: information.licence, sources: information.sources,
      pieces: information.pieces, notes: information.notes, onsets: information.events,
      viewpoints: style.viewpoints.map(words), occurrences: style.occurrences, pitchClassTransitions: rows,
      interOnsets: style.summary.interOnsets, interOnsetBeats: RhythmClass.lengths)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    return String(decoding: try encoder.encode(report), as: UTF8.self) + "\n"
  }
}
