// SPDX-License-Identifier: Apache-2.0
// Programs/jam, online: the way of playing in words.
import ControlProtocol

extension StatusText {
  /// The mode with what counts in it, the chart, and what was set otherwise.
  static func playing(_ status: StatusSnapshot) -> [(String, String)] {
    guard let mode = status.mode else { return [] }
    guard let playing = status.playing else { return [("playing", mode)] }
    var facts = [mode]
    if mode == "trade" { facts.append("\(count(playing.bars, "bar")) a turn\(playing.countIn ? " counted in" : "")") }
    if mode == "morph" { facts.append("\(decimal(playing.morph)) of the way from the style to you") }
    facts.append("role \(playing.role)")
    let chart = playing.chart.map { chart in
      [chart.title.isEmpty ? nil : "\"\(chart.title)\"", count(chart.bars, "bar"), chart.metre].compactMap { $0 }
    }
    let parameters = [
      "temperature \(decimal(playing.temperature))", "order \(playing.order)", "density \(decimal(playing.density))",
      "length \(decimal(playing.length))", "overlap \(playing.overlap ? "on" : "off")",
    ]
    return [("playing", facts.joined(separator: ", "))]
      + (chart.map { [("chart", $0.joined(separator: ", "))] } ?? [])
      + [("answers", parameters.joined(separator: ", "))]
  }

  /// To a hundredth.
  private static func decimal(_ value: Double) -> String {
    value.isFinite ? "\((value * 100).rounded() / 100)" : "\(value)"
  }
}
