// SPDX-License-Identifier: Apache-2.0
// Programs/jam-bench: the files of a report.
import Glibc

struct CannotWrite: Error, CustomStringConvertible {
  let path: String
  let reason: String
  var description: String { "\(path): cannot be written: \(reason) (may you write there?)" }
}

/// A folder of charts and the report's text. An empty chart is left out.
struct Drawings {
  let folder: String
  /// What was drawn so far, by name.
  private(set) var names: [String] = []
  private let caption: String

  /// `caption` stands below every chart.
  init(folder: String, caption: String) {
    (self.folder, self.caption) = (folder, caption)
    mkdir(folder, 0o777)
  }

  mutating func add(_ name: String, _ chart: Chart) throws {
    guard chart.series.contains(where: { !$0.points.isEmpty }) else { return }
    try write("\(name).svg", chart.svg(caption: caption))
    names.append("\(name).svg")
  }

  /// A histogram of microseconds.
  mutating func add(
    _ name: String, _ samples: [(name: String, values: [Double])], _ title: String, _ count: String
  ) throws {
    let series = samples.map { Chart.histogram($0.name, $0.values) }
    try add(name, Chart(title: title, xLabel: "microseconds", yLabel: count, series: series))
  }

  func write(_ name: String, _ text: String) throws { try Self.write("\(folder)/\(name)", text) }

  static func write(_ path: String, _ text: String) throws {
    guard let file = fopen(path, "we") else { throw CannotWrite(path: path, reason: String(cString: strerror(errno))) }
    let bytes = Array(text.utf8)
    let count = fwrite(bytes, 1, bytes.count, file)
    guard fclose(file) == 0, count == bytes.count else {
      throw CannotWrite(path: path, reason: String(cString: strerror(errno)))
    }
  }

  static func read(_ path: String) throws -> String {
    guard let file = fopen(path, "re") else { throw CannotWrite(path: path, reason: String(cString: strerror(errno))) }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65536)
    while case let count = fread(&chunk, 1, chunk.count, file), count > 0 { bytes += chunk[..<count] }
    return String(decoding: bytes, as: UTF8.self)
  }
}
