// SPDX-License-Identifier: Apache-2.0
// Programs/jam-bench: what the system test measured of thru, where it has been run.
import Glibc

/// A column of microseconds for each client, under its name, as the system test leaves them, and what it was measured of.
package struct ThruResults {
  /// Events of each client that a figure is made from, at least: `Tests/System/run thru` sends as many, `--short` fewer.
  package static let leastEvents = 10_000
  private static let mark = "# sources "

  /// The commit that changed the programs' sources last, as `Machine.sources` has it; nil where the file does not tell.
  package private(set) var sources: String?
  package private(set) var columns: [(name: String, values: [Double])] = []

  package init(_ path: String) {
    guard let file = fopen(path, "re") else { return }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 256)
    while fgets(&line, Int32(line.count), file) != nil {
      take(String(decoding: line.prefix { $0 != 0 && $0 != 10 }.map { UInt8(bitPattern: $0) }, as: UTF8.self))
    }
    columns.removeAll { $0.values.isEmpty }
  }

  private mutating func take(_ line: String) {
    if line.hasPrefix("#") {
      if line.hasPrefix(Self.mark) { sources = String(line.dropFirst(Self.mark.count)) }
      return
    }
    let fields = line.split(separator: ",")
    guard !columns.isEmpty else {
      columns = fields.map { (String($0), []) }
      return
    }
    for (column, field) in zip(columns.indices, fields) {
      if let value = Double(field) { columns[column].values.append(value) }
    }
  }

  /// Why they say nothing of programs built from `current`, and the way out; nil where they do.
  package func refusal(of current: String) -> String? {
    let wayOut = "`Tests/System/run thru` measures it"
    guard let fewest = columns.map(\.values.count).min() else { return "not measured: \(wayOut)" }
    if fewest < Self.leastEvents {
      return "measured over \(fewest) events, which are fewer than \(Self.leastEvents): \(wayOut)"
    }
    guard let sources else { return "measured of no known commit, or failed: \(wayOut)" }
    if current.isEmpty || current != sources || current.contains("changes") {
      return "measured of \(sources), and this is \(current.isEmpty ? "no commit" : current): \(wayOut)"
    }
    return nil
  }

  /// A line each; where they are refused, one that says why.
  package func figures(of current: String) -> [Figure] {
    let measure = "thru in the system test's VM"
    if let refusal = refusal(of: current) { return [.skipped(measure, because: refusal)] }
    return columns.map { name, values in
      .microseconds("\(measure), \(name)", [Samples(values.map { $0 * 1000 }).quantiles()])
    }
  }
}
