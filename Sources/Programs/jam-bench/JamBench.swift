// SPDX-License-Identifier: Apache-2.0
// Programs/jam-bench: what the model, the improviser and the loop cost on this machine.
import ArgumentParser
import Music
import Style

@main
struct JamBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "jam-bench",
    abstract: "Measures learning, prediction, loading, answering and the real-time loop.",
    discussion: """
      Every figure is the median of several runs; of maxima the largest stands there. Close what else is running first. \
      What each line means stands in docs/benchmarks.md.
      """)

  @Flag(help: "Smaller and fewer runs, under 20 s: to see that everything works, not to compare.")
  var quick = false

  @Flag(help: "Write the report as JSON.")
  var json = false

  @Option(help: ArgumentHelp("Also learn the MIDI files in this folder.", valueName: "folder"))
  var corpus: String?

  @Option(help: ArgumentHelp("Measure vmo beside it, with this Python (`make bench-peer`).", valueName: "python"))
  var vmo: String?

  @Option(help: ArgumentHelp("Write report.txt and charts as SVG into this folder.", valueName: "folder"))
  var charts: String?

  @Option(help: ArgumentHelp("Rewrite the marked table in this file from what was measured.", valueName: "file"))
  var readme: String?

  @Option(help: ArgumentHelp("What the system test left of thru's latencies.", valueName: "file"))
  var thru = ".build/system-test/thru.csv"

  func run() throws {
    let extent = Extent(isQuick: quick)
    let music = "ragtime composed from seed \(Extent.seed)" + (corpus.map { ", and \($0)" } ?? "")
    var report = Report(machine: .this(), music: music)
    // First of all, while the process is small.
    let loop = MainActor.assumeIsolated { LoopLateness.figures(extent) }
    let stage = StageCost.figures(extent)
    let (thru, sources) = (ThruResults(self.thru), Machine.sources())
    report.figures += loop.figures + stage.figures + thru.figures(of: sources)
    report.figures += learning(extent)
    report.figures += HearingCost.figures(extent)
    report.figures += LiveLearning.figures(extent)
    report.figures.append(Loading.playerFigure(runs: extent.runs))
    report.figures += model(extent)
    if let vmo { report.figures += Peer(python: vmo).figures(notes: extent.peerNotes, extent) }
    print(json ? try report.json() : report.text())
    if let charts {
      var drawn = Drawings(folder: charts, caption: report.machine.caption)
      let names = ["quiet", "loaded", "quiet-ordinary", "loaded-ordinary"].map { "lateness-\($0)" }
      for (name, chart) in zip(names, loop.charts) { try drawn.add(name, chart) }
      try drawn.add("callback", stage.samples, "Stage and synthesizer in a cycle of 64 frames", "cycles")
      let latencies = thru.refusal(of: sources) == nil ? thru.columns : []
      try drawn.add("thru", latencies, "Key to JACK MIDI out, in the system test's VM", "events")
      try drawn.add("answers", AnswerLatency.chart(extent))
      report.drawings = drawn.names
      try drawn.write("report.txt", report.text() + "\n")
    }
    if let readme { try Summary(report).rewrite(readme) }
  }

  private func learning(_ extent: Extent) -> [Figure] {
    var ragtime = Ragtime(seed: Extent.seed)
    let pieces = ragtime.pieces(notes: extent.learned)
    var figures = LearningRate.figures(pieces, named: "ragtime", runs: extent.runs)
    if let corpus { figures += LearningRate.figures(Corpus.pieces(in: corpus), named: "corpus", runs: extent.runs) }
    return figures
  }

  private func model(_ extent: Extent) -> [Figure] {
    let styles = extent.styleSizes.map { (notes: $0, style: LearningRate.style(notes: $0)) }
    var figures = Sampling.figures(styles, extent)
    if styles.count > 1 { figures += ConstrainedSampling.figures(styles[1].style, extent) }
    if let largest = styles.last { figures += AnswerLatency.figures(largest.style, notes: largest.notes, extent) }
    if let largest = styles.last { figures += StepCost.figures(largest.style, notes: largest.notes, extent) }
    if let largest = styles.last { figures += Loading.figures(largest.style, notes: largest.notes, runs: extent.runs) }
    return figures
  }
}
