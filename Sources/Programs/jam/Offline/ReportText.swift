// SPDX-License-Identifier: Apache-2.0
// Programs/jam, offline: a report as tables.

package enum ReportText {
  package static func text(_ results: [ReportResult], _ plan: ReportPlan) -> String {
    let head = """
      \(plan.answers) answers in each style to calls of \(Int(plan.beats)) beats from the others' pieces, seed \(plan.seed), \
      temperature \(plan.settings.temperature), player's share \(plan.settings.playerWeight)\n
      """
    return [head, recognition(results), bits(results), copies(results), character(results)].joined(separator: "\n")
  }

  private static func recognition(_ results: [ReportResult]) -> String {
    var rows = [["style", "answers", "own model cheapest", "held-out excerpts", "own model cheapest"]]
    for result in results {
      rows.append([
        result.name, "\(result.answers.count)", percent(result.share(result.answers)), "\(result.excerpts.count)",
        percent(result.share(result.excerpts)),
      ])
    }
    return "Whose model predicts it with the fewest bits an event\n" + table(rows)
  }

  private static func bits(_ results: [ReportResult]) -> String {
    guard let names = results.first?.artists else { return "" }
    var rows = [["mean bits an event by the model of"] + names]
    for result in results {
      for (kind, samples) in [("answers", result.answers), ("excerpts", result.excerpts)] where !samples.isEmpty {
        rows.append(
          ["\(result.name), \(kind)"]
            + names.indices.map { model in decimal(mean(samples.map { $0.bits[model] }), 2) })
      }
    }
    return table(rows)
  }

  private static func copies(_ results: [ReportResult]) -> String {
    let bins = ReportHistogram.copyBins
    var rows = [["longest copied run, answers"] + bins.map(\.name) + ["longest"]]
    for result in results {
      let runs = result.answers.compactMap(\.figures.copied)
      rows.append(
        [result.name] + bins.map { bin in "\(runs.count { bin.range.contains($0) })" } + ["\(runs.max() ?? 0)"])
    }
    return table(rows)
  }

  private static func character(_ results: [ReportResult]) -> String {
    var rows = [["", "lowest", "highest", "notes in key", "notes a beat"]]
    for result in results {
      for (kind, samples) in [("answers", result.answers), ("excerpts", result.excerpts)] where !samples.isEmpty {
        let figures = samples.map(\.figures)
        let inKey = figures.compactMap(\.inKey)
        rows.append([
          "\(result.name), \(kind)", decimal(mean(figures.map { Double($0.lowest) }), 1),
          decimal(mean(figures.map { Double($0.highest) }), 1), percent(inKey.isEmpty ? nil : mean(inKey)),
          decimal(mean(figures.map(\.density)), 2),
        ])
      }
    }
    return table(rows)
  }

  static func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(max(1, values.count)) }

  static func percent(_ share: Double?) -> String { share.map { decimal($0 * 100, 1) + " %" } ?? "-" }

  /// `digits` behind the point, with all their zeros.
  package static func decimal(_ value: Double, _ digits: Int) -> String {
    guard value.isFinite, abs(value) < 1e9 else { return "-" }
    let scale = (0..<digits).reduce(1) { scale, _ in scale * 10 }
    let whole = Int((abs(value) * Double(scale)).rounded())
    let sign = value < 0 && whole > 0 ? "-" : ""
    guard digits > 0 else { return "\(sign)\(whole)" }
    return "\(sign)\(whole / scale).\(String(whole % scale + scale).dropFirst())"
  }

  /// The first column to the left, the others to the right.
  static func table(_ rows: [[String]]) -> String {
    let columns = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      row.enumerated().map { column, text in
        let space = String(repeating: " ", count: columns[column] - text.count)
        return column == 0 ? text + space : space + text
      }.joined(separator: "  ") + "\n"
    }.joined()
  }
}
