// SPDX-License-Identifier: Apache-2.0
// Tests/Soak: whether memory is flat.

/// A line of least squares through the resident set, without the first part of a run, in which pools fill: ten minutes,
/// or a third of a short run.
package struct MemoryVerdict {
  package typealias Sample = (second: Double, bytes: Double)

  /// Nil where a run was too short for a line.
  package let line: (span: Double, bytesPerSecond: Double)?
  package let last: Double
  private let seconds: Int

  /// `seconds`: of the whole run.
  package init(_ samples: [Sample], seconds: Int) {
    self.seconds = seconds
    last = samples.last?.bytes ?? 0
    let settled = samples.filter { $0.second >= min(600, Double(seconds) / 3) }
    if settled.count > 5, let first = settled.first, let last = settled.last {
      line = (last.second - first.second, Self.slope(settled))
    } else {
      line = nil
    }
  }

  /// 1 MB an hour at most, over half an hour's last twenty minutes and more (the samples begin and end some seconds within
  /// them). Over a few minutes a single page of megabytes makes any slope: there the rise itself has to be small.
  package var holds: Bool {
    guard let line else { return seconds < 30 }
    return line.span >= Self.ruledSpan ? megabytesAnHour <= 1 : line.bytesPerSecond * line.span <= 2 * 1_048_576
  }

  /// Seconds from which on the rule of 1 MB an hour is applied.
  package static let ruledSpan = 1100.0

  package var megabytesAnHour: Double { (line?.bytesPerSecond ?? 0) * 3600 / 1_048_576 }

  package var text: String {
    guard let line else { return "too short to watch the memory" }
    let rise = (megabytesAnHour * 100).rounded() / 100
    let rule = line.span >= Self.ruledSpan ? "at most 1" : "too short for a rule by the hour: at most 2 MB in all"
    return
      "memory: \(Int(last / 1_048_576)) MB, a line through the last \(Int(line.span)) s rises \(rise) MB/h (\(rule))"
  }

  /// Bytes a second, of the line of least squares.
  private static func slope(_ samples: [Sample]) -> Double {
    let count = Double(samples.count)
    let meanX = samples.map(\.second).reduce(0, +) / count
    let meanY = samples.map(\.bytes).reduce(0, +) / count
    let covariance = samples.map { ($0.second - meanX) * ($0.bytes - meanY) }.reduce(0, +)
    let variance = samples.map { ($0.second - meanX) * ($0.second - meanX) }.reduce(0, +)
    return variance > 0 ? covariance / variance : 0
  }
}
