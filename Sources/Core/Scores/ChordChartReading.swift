// SPDX-License-Identifier: Apache-2.0
// Core/Scores: chord charts from text.
import Music

/// What is wrong with a chord chart, and where. Lines count from 1.
public enum ChordChartError: Error, Hashable, Sendable {
  case tooLong(bytes: Int)
  case notAChord(String, line: Int)
  case notAMetre(String, line: Int)
  case unknownField(String, line: Int)
  case nothingToRepeat(line: Int)
  case tooManyChords(line: Int)
  case tooManyBars
  case noBars
}

extension ChordChartError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .tooLong(let bytes): "a chord chart of \(bytes) bytes: at most \(ChordChart.longestText) are read"
    case .notAChord(let name, let line):
      "line \(line): \"\(name)\" is no chord: write it like C, Am7, F#m7b5, Bbmaj7 or C7/E; % repeats a bar, / a chord, NC is none"
    case .notAMetre(let text, let line): "line \(line): \"\(text)\" is no metre: write it like 4/4, 3/4 or 6/8"
    case .unknownField(let name, let line):
      "line \(line): \"\(name)\" is unknown: a chart has title, metre, and bars between |"
    case .nothingToRepeat(let line): "line \(line): nothing stands before this that could be repeated"
    case .tooManyChords(let line): "line \(line): more than \(ChordChart.mostChords) chords in a bar"
    case .tooManyBars: "more than \(ChordChart.mostBars) bars"
    case .noBars: "no bars: write the chords between |, like | C7 | F7 |"
    }
  }
}

extension ChordChart {
  static let longestText = 65536
  static let mostBars = 1024
  static let mostChords = 16

  /// Reads a chart: bars between `|`, chords between spaces, which share their bar equally. `%` is the bar before it, `/` the
  /// chord before it, `NC` no chord. Lines of `title:` and `metre:` (4/4 unless given) stand before the bars; `#` at the
  /// beginning of a line or after a space begins a comment. O(text).
  public init(_ text: String) throws(ChordChartError) {
    guard text.utf8.count <= Self.longestText else { throw .tooLong(bytes: text.utf8.count) }
    var reader = ChordChartReader()
    let lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }
    for (index, line) in lines.enumerated() { try reader.read(Self.withoutComment(line), line: index + 1) }
    guard !reader.bars.isEmpty else { throw .noBars }
    let bar = reader.metre.bar
    let changes = reader.bars.enumerated().flatMap { number, chords in
      chords.enumerated().map { index, chord in
        Positioned(
          position: bar * (Double(number) + Double(index) / Double(chords.count)), value: chord)
      }
    }
    self.init(title: reader.title, metre: reader.metre, changes: changes, bars: reader.bars.count)
  }

  /// A sharp is no comment: one begins a line, or follows a space.
  private static func withoutComment(_ line: Substring) -> Substring {
    var former: Character = " "
    for index in line.indices {
      if line[index] == "#", former.isWhitespace { return line[..<index] }
      former = line[index]
    }
    return line
  }
}

private struct ChordChartReader {
  var title = ""
  var metre = TimeSignature.common
  var bars: [[Chord?]] = []

  mutating func read(_ text: Substring, line: Int) throws(ChordChartError) {
    let text = text.trimmed
    guard !text.isEmpty else { return }
    guard text.contains("|") || !text.contains(":") else { return try readField(text, line: line) }
    for bar in text.split(separator: "|") {
      let names = bar.split { $0.isWhitespace }
      guard !names.isEmpty else { continue }
      try readBar(names, line: line)
    }
  }

  private mutating func readField(_ text: Substring, line: Int) throws(ChordChartError) {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let value = parts[1].trimmed
    switch parts[0].trimmed {
    case "title": title = String(value)
    case "metre":
      guard let metre = TimeSignature(value) else { throw .notAMetre(String(value), line: line) }
      self.metre = metre
    case let name: throw .unknownField(String(name), line: line)
    }
  }

  private mutating func readBar(_ names: [Substring], line: Int) throws(ChordChartError) {
    guard bars.count < ChordChart.mostBars else { throw .tooManyBars }
    guard names.count <= ChordChart.mostChords else { throw .tooManyChords(line: line) }
    if names == ["%"] {
      guard let last = bars.last else { throw .nothingToRepeat(line: line) }
      bars.append(last)
      return
    }
    var chords: [Chord?] = []
    for name in names { chords.append(try chord(name, after: chords, line: line)) }
    bars.append(chords)
  }

  private func chord(_ name: Substring, after chords: [Chord?], line: Int) throws(ChordChartError) -> Chord? {
    switch name {
    case "NC", "N.C.": return nil
    case "/":
      guard let former = chords.last ?? bars.last?.last else { throw .nothingToRepeat(line: line) }
      return former
    default:
      guard let chord = Chord(String(name)) else { throw .notAChord(String(name), line: line) }
      return chord
    }
  }
}

extension TimeSignature {
  /// "3/4"; nil unless of 1 to 32 notes of length 1/1, 1/2, 1/4, 1/8, 1/16 or 1/32.
  fileprivate init?(_ text: Substring) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let beats = Int(parts[0]), let unit = Int(parts[1]), (1...32).contains(beats),
      (1...32).contains(unit), unit.nonzeroBitCount == 1
    else { return nil }
    self.init(beats: beats, unit: unit)
  }
}

extension Substring {
  fileprivate var trimmed: Substring {
    var text = drop { $0.isWhitespace }
    while text.last?.isWhitespace == true { text.removeLast() }
    return text
  }
}
