// SPDX-License-Identifier: Apache-2.0
// Programs/jam, offline: melodies as lines of numbers.
import Music
import Style

/// Melodies as lines of numbers.
package enum MelodyFiles {
  package static func evaluation(
    melodies: String, durations: String?, folds: String
  ) throws(FileFailure) -> MelodyEvaluation {
    var pitches = try numbers(melodies, in: 0...127)
    var lengths = try durations.map { path throws(FileFailure) in try numbers(path, in: 0...10_000_000) }
    let folds = try numbers(folds, in: 0...1_000_000).flatMap { $0 }
    // The last lines may be melodies without notes.
    let empty = [[Int]](repeating: [], count: max(0, folds.count - pitches.count))
    if empty.count <= (try emptyLines(atEndOf: melodies)) { pitches += empty }
    if var given = lengths, given.count < pitches.count {
      given += [[Int]](repeating: [], count: pitches.count - given.count)
      lengths = given
    }
    if let lengths, let path = durations { try check(lengths, against: pitches, path) }
    let all = pitches.indices.compactMap { index in
      Melody(
        pitches: pitches[index].map(Pitch.init(clamping:)),
        durations: lengths?[index].map { Beats(Double($0) / 480) } ?? [])
    }
    guard let evaluation = MelodyEvaluation(melodies: all, folds: folds) else {
      throw .badData(path: melodies, reason: "there are \(all.count) melodies and \(folds.count) folds")
    }
    guard all.contains(where: { !$0.pitches.isEmpty }) else {
      throw .badData(path: melodies, reason: "there are no notes in it")
    }
    guard Set(folds).count > 1 else {
      throw .badData(path: melodies, reason: "there is a single fold: nothing is left to learn from")
    }
    return evaluation
  }

  private static func check(_ lengths: [[Int]], against pitches: [[Int]], _ path: String) throws(FileFailure) {
    guard lengths.count == pitches.count else {
      throw .badData(path: path, reason: "\(lengths.count) lines for \(pitches.count) melodies")
    }
    for (index, (a, b)) in zip(lengths, pitches).enumerated() where a.count != b.count {
      throw .badData(path: path, reason: "line \(index + 1): \(a.count) durations for \(b.count) pitches")
    }
  }

  /// The numbers of each line; lines that are empty at the end of the file do not count. Lines may end as on any system.
  package static func numbers(_ path: String, in range: ClosedRange<Int>) throws(FileFailure) -> [[Int]] {
    var lines = try lines(path)
    while lines.last?.allSatisfy(\.isWhitespace) == true { lines.removeLast() }
    var rows: [[Int]] = []
    for (index, line) in lines.enumerated() {
      var row: [Int] = []
      for word in line.split(whereSeparator: \.isWhitespace) {
        guard let number = Int(word), range.contains(number) else {
          throw .badData(path: path, reason: "line \(index + 1): \"\(word)\" is no number of \(range)")
        }
        row.append(number)
      }
      rows.append(row)
    }
    return rows
  }

  private static func emptyLines(atEndOf path: String) throws(FileFailure) -> Int {
    // What follows the last line's end is no line.
    try lines(path).dropLast().reversed().prefix { $0.allSatisfy(\.isWhitespace) }.count
  }

  /// Without the byte order mark that some editors write.
  private static func lines(_ path: String) throws(FileFailure) -> [Substring] {
    let text = String(decoding: try Files.read(path), as: UTF8.self)
    return Substring(text.unicodeScalars.drop { $0 == "\u{FEFF}" })
      .split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
  }
}
