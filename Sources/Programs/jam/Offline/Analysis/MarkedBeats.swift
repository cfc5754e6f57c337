// SPDX-License-Identifier: Apache-2.0
// Programs/jam, offline: the beats that somebody marked in a performance.
import FoundationEssentials

/// A file of beats beside a performance, as the ASAP dataset has them (Foscarin et al., "ASAP: a dataset of aligned scores
/// and performances for piano transcription", ISMIR 2020): `NAME_annotations.txt` beside `NAME.mid`, a line for each beat
/// that begins with its time in seconds.
package enum MarkedBeats {
  private static let ending = "_annotations.txt"

  /// Seconds, in order; nil where there is no such file beside the performance.
  package static func beside(_ performance: String) throws(FileFailure) -> [Double]? {
    let name = performance.split(separator: ".", omittingEmptySubsequences: false).dropLast().joined(separator: ".")
    let path = name + ending
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    let text = String(decoding: try Files.read(path), as: UTF8.self)
    do throws(Fault) {
      return try read(text)
    } catch {
      throw .badData(path: path, reason: "line \(error.line): \(error.reason)")
    }
  }

  package struct Fault: Error, Hashable {
    package var line: Int
    package var reason: String
  }

  /// Anything may follow the time. Empty lines are passed over.
  package static func read(_ text: String) throws(Fault) -> [Double] {
    var beats: [Double] = []
    for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
      guard let word = line.split(whereSeparator: \.isWhitespace).first else { continue }
      guard let time = Double(word), time.isFinite, time >= 0 else {
        throw Fault(line: index + 1, reason: "\"\(word.prefix(20))\" is no time of a beat in seconds")
      }
      if let last = beats.last, time <= last {
        throw Fault(line: index + 1, reason: "\(word) is no later than the beat before; beats are wanted in order")
      }
      beats.append(time)
    }
    return beats
  }
}
