// SPDX-License-Identifier: Apache-2.0
// Programs/jam-bench: a chart as SVG, drawn from figures alone.
import Glibc

/// Both axes are logarithmic: what matters of a latency is its tail.
package struct Chart {
  package struct Series {
    var name: String
    /// In rising order of `x`; all above 0.
    var points: [(x: Double, y: Double)]
    /// Drawn as steps from point to point, the way histograms are, or as lines.
    var isHistogram = true
  }

  var title: String
  var xLabel: String
  var yLabel: String
  var series: [Series]

  package init(title: String, xLabel: String, yLabel: String, series: [Series]) {
    (self.title, self.xLabel, self.yLabel, self.series) = (title, xLabel, yLabel, series)
  }

  private static let (width, height) = (760.0, 436.0)
  private static let (left, right, top, bottom) = (70.0, 20.0, 48.0, 72.0)
  /// Distinct for the colour-blind, too (M. Okabe, K. Ito: Color Universal Design, 2008).
  private static let colours = ["#0072b2", "#d55e00", "#009e73", "#cc79a7"]

  /// How many of `values` lie in each eighth of an octave.
  package static func histogram(_ name: String, _ values: [Double]) -> Series {
    var counts: [Int: Int] = [:]
    for value in values where value > 0 { counts[Int((8 * log2(value)).rounded(.down)), default: 0] += 1 }
    let points = counts.sorted { $0.key < $1.key }.map { (x: exp2(Double($0.key) / 8), y: Double($0.value)) }
    return Series(name: name, points: points)
  }

  /// `caption` says on what and of what it was measured.
  package func svg(caption: String) -> String {
    let points = series.flatMap(\.points)
    let xRange = Self.decades(points.map(\.x))
    // A bucket of one has to be seen.
    let hasCounts = series.contains(where: \.isHistogram)
    let yRange =
      (hasCounts ? log10(0.5) : Self.decades(points.map(\.y)).lowerBound)...Self.decades(points.map(\.y)).upperBound
    func x(_ value: Double) -> Double {
      Self.left + (log10(value) - xRange.lowerBound) / (xRange.upperBound - xRange.lowerBound)
        * (Self.width - Self.left - Self.right)
    }
    func y(_ value: Double) -> Double {
      Self.height - Self.bottom - (log10(value) - yRange.lowerBound) / (yRange.upperBound - yRange.lowerBound)
        * (Self.height - Self.top - Self.bottom)
    }
    var lines = [
      """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(Int(Self.width)) \(Int(Self.height))" \
      font-family="sans-serif" font-size="12">
      """, "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>",
      Self.text(Self.left, 22, title, "start", "font-size=\"15\""),
      Self.text(Self.width / 2, Self.height - 30, xLabel, "middle"),
      Self.text(Self.left, Self.height - 8, caption, "start", "font-size=\"10\" fill=\"#666\""),
      """
      <text transform="translate(16 \(Int(Self.height / 2))) rotate(-90)" text-anchor="middle">\(Self.escaped(yLabel))</text>
      """,
    ]
    for decade in Int(xRange.lowerBound)...Int(xRange.upperBound) {
      let at = x(pow(10, Double(decade)))
      lines.append(Self.line(at, Self.top, at, Self.height - Self.bottom))
      lines.append(Self.text(at, Self.height - Self.bottom + 18, Self.power(decade), "middle"))
    }
    for decade in Int(yRange.lowerBound.rounded(.up))...Int(yRange.upperBound) {
      let at = y(pow(10, Double(decade)))
      lines.append(Self.line(Self.left, at, Self.width - Self.right, at))
      lines.append(Self.text(Self.left - 8, at + 4, Self.power(decade), "end"))
    }
    for (index, series) in series.enumerated() {
      let colour = Self.colours[index % Self.colours.count]
      lines.append(Self.path(series, colour, x, y, floor: Self.height - Self.bottom))
      let at = Self.left + Double(index) * (Self.width - Self.left - Self.right) / Double(self.series.count)
      lines.append("<rect x=\"\(Int(at))\" y=\"31\" width=\"12\" height=\"4\" fill=\"\(colour)\"/>")
      lines.append(Self.text(at + 16, 38, series.name, "start"))
    }
    return (lines + ["</svg>", ""]).joined(separator: "\n")
  }

  /// Whole decades, at least one.
  private static func decades(_ values: [Double]) -> ClosedRange<Double> {
    let low = log10(values.min() ?? 1).rounded(.down)
    return low...max(low + 1, log10(values.max() ?? 10).rounded(.up))
  }

  private static func path(
    _ series: Series, _ colour: String, _ x: (Double) -> Double, _ y: (Double) -> Double, floor: Double
  ) -> String {
    var commands: [String] = []
    for (index, point) in series.points.enumerated() {
      if series.isHistogram {
        let (from, to) = (x(point.x), x(point.x * exp2(1.0 / 8)))
        commands.append("M\(short(from)) \(short(floor))V\(short(y(point.y)))H\(short(to))V\(short(floor))")
      } else {
        commands.append("\(index == 0 ? "M" : "L")\(short(x(point.x))) \(short(y(point.y)))")
      }
    }
    let fill = series.isHistogram ? "fill=\"\(colour)\" fill-opacity=\"0.25\"" : "fill=\"none\""
    return "<path d=\"\(commands.joined())\" \(fill) stroke=\"\(colour)\" stroke-width=\"1.2\"/>"
  }

  private static func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double) -> String {
    "<line x1=\"\(short(x1))\" y1=\"\(short(y1))\" x2=\"\(short(x2))\" y2=\"\(short(y2))\" stroke=\"#ddd\"/>"
  }

  private static func text(_ x: Double, _ y: Double, _ text: String, _ anchor: String, _ more: String = "") -> String {
    "<text x=\"\(short(x))\" y=\"\(short(y))\" text-anchor=\"\(anchor)\" \(more)>\(escaped(text))</text>"
  }

  private static func escaped(_ text: String) -> String {
    text.reduce(into: "") { $0 += $1 == "&" ? "&amp;" : $1 == "<" ? "&lt;" : String($1) }
  }

  private static func short(_ value: Double) -> String { "\((value * 10).rounded() / 10)" }

  private static func power(_ decade: Int) -> String {
    let names = [-1: "0.1", 0: "1", 1: "10", 2: "100", 3: "1 k", 4: "10 k", 5: "100 k", 6: "1 M"]
    return names[decade] ?? "1e\(decade)"
  }
}
