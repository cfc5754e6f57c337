// SPDX-License-Identifier: Apache-2.0
// Programs/jam-bench: how long the improviser keeps the loop, and so a key that is struck meanwhile.
import Improviser
import Music
import RealTime
import Style

/// Every step that the daemon takes while somebody plays, in each way of playing together.
enum StepCost {
  static func figures(_ style: Style, notes: Int, _ extent: Extent) -> [Figure] {
    // As the loop is, where that is permitted.
    _ = try? ThreadScheduling.becomeRealTime()
    defer { ThreadScheduling.becomeOrdinary() }
    let endless = (0..<extent.runs).map { run in
      session(style, .answer, seed: UInt64(run), calls: 1, bars: 32 * max(10, extent.answers / 10)).quantiles()
    }
    let rows = PlayingMode.allCases.map { mode in
      let runs = (0..<extent.runs).map { run in
        session(style, mode, seed: UInt64(run), calls: max(10, extent.answers / 10)).quantiles()
      }
      return Figure.microseconds("a step while somebody plays, \(mode.rawValue), \(Extent.short(notes)) notes", runs)
    }
    return rows + [.microseconds("a step while somebody plays without a pause, \(Extent.short(notes)) notes", endless)]
  }

  /// Calls, each with a silence of a bar and a half after it.
  private static func session(
    _ style: Style, _ mode: PlayingMode, seed: UInt64, calls: Int, bars: Int = 8
  ) -> Samples {
    let playing = PlayingSettings(mode: mode)
    var improviser = Improviser(
      settings: Settings(playing: playing), styles: [WeightedStyle(name: "ragtime", style: style)], seed: seed)
    var ragtime = Ragtime(seed: Extent.seed &+ 5 &+ seed)
    var samples = Samples(capacity: calls * 1000)
    var (now, rests) = (Instant.zero, Rests())
    func step(_ inputs: [Input], at instant: Instant) {
      rests.rest()
      samples.add(timed { _ = improviser.step(inputs, at: instant) }.nanoseconds)
    }
    for _ in 0..<calls {
      let inputs = AnswerLatency.inputs(ragtime.call(bars: bars), from: now)
      for input in inputs {
        while let due = improviser.nextStep, due < input.at { step([], at: due) }
        step([input], at: input.at)
      }
      now = (inputs.last?.at ?? now) + .seconds(3)
      while let due = improviser.nextStep, due < now { step([], at: due) }
    }
    return samples
  }
}
