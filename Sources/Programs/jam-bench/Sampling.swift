// SPDX-License-Identifier: Apache-2.0
// Programs/jam-bench: how long the next event takes.
import Music
import Style

/// An event is one onset of one hand with all that sounds on it. Requests are for one hand, so that the onsets of an
/// answer are its events. What an answer costs beside its events (reading the call, planning) is counted in.
struct Sampling {
  private let mixture: StyleMixture
  private let player = PlayerModel()
  private let requests: [ContinuationRequest]

  /// Nil never happens for a weight of 1.
  init?(_ style: Style, requests count: Int, length: Beats) {
    guard let mixture = StyleMixture(parts: [(style, 1)], playerWeight: 0) else { return nil }
    self.mixture = mixture
    // The same calls whatever the style's size: another stream than the one it was learned from.
    var ragtime = Ragtime(seed: Extent.seed &+ 1)
    requests = (0..<count).map { _ in
      ContinuationRequest(
        context: ragtime.call(bars: 4), timeSignature: TimeSignature(beats: 2, unit: 4), length: length, polyphony: 1.2)
    }
  }

  /// Of each answer the nanoseconds for one event; one run.
  func run(_ run: Int) -> Quantiles {
    var random = RandomSource(seed: Extent.seed, stream: UInt64(run))
    var samples = Samples(capacity: requests.count)
    for request in requests {
      let (answer, time) = timed { mixture.compose(request, player: player, using: &random) }
      samples.add(time / Double(max(1, Self.events(answer.notes))))
    }
    return samples.quantiles()
  }

  /// `notes` are in score order.
  private static func events(_ notes: [Note]) -> Int {
    zip(notes, notes.dropFirst()).reduce(min(1, notes.count)) { $0 + ($1.0.onset == $1.1.onset ? 0 : 1) }
  }
}

extension Sampling {
  /// Of `styles`, by rising number of notes, each in turn in every run, so that what the machine does meets them all.
  static func figures(_ styles: [(notes: Int, style: Style)], _ extent: Extent) -> [Figure] {
    let long = measure(styles, runs: extent.runs, answers: extent.answers, length: Beats(16))
    let short = measure(styles, runs: extent.runs, answers: extent.shortAnswers, length: Beats(0.25))
    return describe("next event, mean of an answer", styles.map(\.notes), long)
      + describe("next event, alone", styles.map(\.notes), short)
  }

  /// Of each style its runs.
  private static func measure(
    _ styles: [(notes: Int, style: Style)], runs: Int, answers: Int, length: Beats
  ) -> [[Quantiles]] {
    let samplers = styles.compactMap { Sampling($0.style, requests: answers, length: length) }
    for sampler in samplers { _ = sampler.run(runs) }
    var measured = samplers.map { _ in [Quantiles]() }
    for run in 0..<runs {
      for (index, sampler) in samplers.enumerated() { measured[index].append(sampler.run(run)) }
    }
    return measured
  }

  private static func describe(_ name: String, _ sizes: [Int], _ measured: [[Quantiles]]) -> [Figure] {
    var figures = zip(sizes, measured).map { size, runs in
      Figure.microseconds("\(name), \(Extent.short(size)) notes learned", runs)
    }
    if let first = measured.first, let last = measured.last, let small = sizes.first, let large = sizes.last {
      figures.append(.ratio("\(name), \(Extent.short(large)) / \(Extent.short(small))", last, to: first))
    }
    return figures
  }
}
