// SPDX-License-Identifier: Apache-2.0
// Programs/jamd: chord charts from files, or by the names of those that need none.
import Glibc
import Scores

/// Why a chart cannot be played, and what to do about it.
struct ChartFailure: Error, CustomStringConvertible {
  let description: String
}

enum ChartFile {
  /// The bundled chart of this name; else the one that the file holds. Reads a file: before anybody plays, or not on the
  /// loop.
  static func chart(_ name: String) throws(ChartFailure) -> ChordChart {
    if let chart = ChordChart.bundled[name] { return chart }
    guard let file = fopen(name, "r") else {
      let known = ChordChart.bundled.keys.sorted().joined(separator: ", ")
      throw ChartFailure(description: "no chord chart \(name): neither a file that can be read nor one of \(known)")
    }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 65537)
    let count = fread(&bytes, 1, bytes.count, file)
    do {
      return try ChordChart(String(decoding: bytes[..<count], as: UTF8.self))
    } catch {
      throw ChartFailure(description: "\(name): \(error)")
    }
  }
}
