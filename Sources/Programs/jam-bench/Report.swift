// SPDX-License-Identifier: Apache-2.0
// Programs/jam-bench: what was measured, as a table and as JSON.
import FoundationEssentials

/// One line of the report. A single figure stands in `median`, the median of its runs.
package struct Figure: Codable {
  package var measure: String
  package var unit: String
  package var runs: Int
  package var median: Double?
  package var p99: Double?
  package var p999: Double?
  package var max: Double?
  package var claim: Claim?
  /// Why there is no figure.
  package var skipped: String?

  /// The median of `values`, one for each run.
  package static func single(_ measure: String, _ unit: String, _ values: [Double]) -> Figure {
    Figure(measure: measure, unit: unit, runs: values.count, median: middle(values))
  }

  /// From nanoseconds to microseconds.
  package static func microseconds(_ measure: String, _ runs: [Quantiles]) -> Figure {
    let all = Quantiles.ofRuns(runs)
    return Figure(
      measure: measure, unit: "us", runs: runs.count, median: all.median / 1000, p99: all.p99 / 1000,
      p999: all.p999 / 1000, max: all.maximum / 1000)
  }

  /// Of each quantile the median of the runs' ratios; of the maxima the ratio of the largest.
  package static func ratio(_ measure: String, _ runs: [Quantiles], to others: [Quantiles]) -> Figure {
    let ratios = Quantiles.ofRuns(zip(runs, others).map { $0 / $1 })
    let maximum = Quantiles.ofRuns(runs).maximum / Quantiles.ofRuns(others).maximum
    return Figure(
      measure: measure, unit: "x", runs: runs.count, median: ratios.median, p99: ratios.p99, p999: ratios.p999,
      max: maximum)
  }

  package static func skipped(_ measure: String, because reason: String) -> Figure {
    Figure(measure: measure, unit: "", runs: 0, skipped: reason)
  }
}

package struct Report: Codable {
  package var machine: Machine
  var music: String
  var figures: [Figure]
  /// What was drawn, by name.
  var drawings: [String]

  package init(machine: Machine, music: String, figures: [Figure] = [], drawings: [String] = []) {
    (self.machine, self.music, self.figures, self.drawings) = (machine, music, figures, drawings)
  }

  package func json() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    // A ratio to nothing measured is infinite, or no number.
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return String(decoding: try encoder.encode(self), as: UTF8.self)
  }

  package func text() -> String {
    let header = ["measure", "unit", "median", "p99", "p99.9", "max", "runs"]
    let rows = figures.map { figure in
      let values = [figure.median, figure.p99, figure.p999, figure.max].map { $0.map(Self.digits) ?? "" }
      return [figure.measure, figure.unit] + values + [figure.runs > 0 ? "\(figure.runs)" : "skipped"]
    }
    let widths = header.indices.map { column in ([header] + rows).map { $0[column].count }.max() ?? 0 }
    let claims = ["claim"] + figures.map { $0.claim?.text ?? "" }
    let lines = zip([header] + rows, claims).map { Self.line($0, widths) + ($1.isEmpty ? "" : "  \($1)") }
    let reasons = figures.compactMap { figure in figure.skipped.map { "skipped: \(figure.measure): \($0)" } }
    let drawn = drawings.isEmpty ? [] : ["", "drawn: \(drawings.joined(separator: ", "))"]
    return (machine.lines + ["music     \(music)", ""] + lines + reasons + drawn).joined(separator: "\n")
  }

  /// Names to the left, figures to the right.
  private static func line(_ cells: [String], _ widths: [Int]) -> String {
    cells.indices.map { column in
      let space = String(repeating: " ", count: widths[column] - cells[column].count)
      return column < 2 ? cells[column] + space : space + cells[column]
    }.joined(separator: "  ")
  }

  /// Three significant digits below 100, whole numbers from there on.
  package static func digits(_ value: Double) -> String {
    guard value.isFinite else { return "-" }
    guard value < 100 else { return "\(Int(value.rounded()))" }
    let decimals = value < 1 ? 3 : value < 10 ? 2 : 1
    let scale = [1.0, 10, 100, 1000][decimals]
    let scaled = Int((value * scale).rounded())
    let fraction = String(scaled % Int(scale))
    let padding = String(repeating: "0", count: decimals - fraction.count)
    return "\(scaled / Int(scale)).\(padding)\(fraction)"
  }
}
