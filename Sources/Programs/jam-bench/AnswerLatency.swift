// SPDX-License-Identifier: Apache-2.0
// Programs/jam-bench: how long an answer takes at the end of a phrase.
import Improviser
import Music
import RealTime
import Style

/// Plays calls to the one improviser in virtual time, steps it whenever the daemon would, and times the steps in which it
/// learns and answers.
enum AnswerLatency {
  /// What is claimed of p99.9 from the decision to the ring, in microseconds.
  private static let bound = 1000.0
  private static let tempo = Tempo(beat: .milliseconds(500)) ?? .standard

  static func figures(_ style: Style, notes: Int, _ extent: Extent) -> [Figure] {
    // As the loop is, where that is permitted.
    _ = try? ThreadScheduling.becomeRealTime()
    defer { ThreadScheduling.becomeOrdinary() }
    var (ahead, decided, sent, unprepared): ([Quantiles], [Quantiles], [Quantiles], [Quantiles]) = ([], [], [], [])
    for run in 0..<extent.runs {
      let prepared = session(style, seed: UInt64(run), calls: extent.decidedAnswers, isAwakeAhead: true)
      ahead.append(prepared.ahead.quantiles())
      decided.append(prepared.decided.quantiles())
      sent.append(prepared.sent.quantiles())
      let surprised = session(style, seed: UInt64(run), calls: extent.decidedAnswers, isAwakeAhead: false)
      unprepared.append(surprised.decided.quantiles())
    }
    let name = "\(Extent.short(notes)) notes and live learning"
    return [
      .microseconds("answer, decision to actions, \(name)", decided),
      .microseconds("answer, decision to first event in the ring, \(name)", sent).claimed(atMost: bound),
      .microseconds("answer, composed ahead of it, \(name)", ahead),
      .microseconds("answer, decision to actions unprepared, \(name)", unprepared),
    ]
  }

  /// `isAwakeAhead`: steps at every deadline, as the daemon does, and not only when an answer is due.
  private static func session(
    _ style: Style, seed: UInt64, calls: Int, isAwakeAhead: Bool
  ) -> Session {
    var improviser = Improviser(styles: [WeightedStyle(name: "ragtime", style: style)], seed: seed)
    var ragtime = Ragtime(seed: Extent.seed &+ 3 &+ seed)
    var samples = Session(calls: calls)
    var output = AnswerOutput()
    var rests = Rests()
    var now = Instant.zero
    for _ in 0..<calls {
      for input in inputs(ragtime.call(bars: 4), from: now) {
        if isAwakeAhead { advance(&improviser, before: input.at) }
        _ = improviser.step([input], at: input.at)
        now = input.at
      }
      while let deadline = improviser.nextDeadline {
        if isAwakeAhead { advance(&improviser, before: deadline) }
        now = isAwakeAhead ? deadline : deadline + Improviser.preparation
        let start = Instant.now()
        let actions = improviser.step([], at: now)
        let time = (Instant.now() - start).nanoseconds
        guard actions.contains(where: isAnswer) else {
          samples.ahead.add(Double(time))
          continue
        }
        samples.decided.add(Double(time))
        output.send(actions, at: now)
        samples.sent.add(Double((Instant.now() - start).nanoseconds))
        precondition(output.sent > 0, "an answer whose first event is not in the ring")
        output.empty()
      }
      now = now + .seconds(20)
      rests.rest()
    }
    return samples
  }

  /// What `StepCost` times.
  private static func advance(_ improviser: inout Improviser, before limit: Instant) {
    while let due = improviser.nextStep, due < limit { _ = improviser.step([], at: due) }
  }

  /// Against the notes of the style that answers.
  static func chart(_ extent: Extent) -> Chart {
    var (medians, tails, ahead): ([(x: Double, y: Double)], [(x: Double, y: Double)], [(x: Double, y: Double)]) =
      ([], [], [])
    for notes in extent.styleSizes {
      let style = LearningRate.style(notes: notes)
      _ = try? ThreadScheduling.becomeRealTime()
      defer { ThreadScheduling.becomeOrdinary() }
      let session = session(style, seed: 0, calls: extent.decidedAnswers, isAwakeAhead: true)
      let sent = session.sent.quantiles()
      medians.append((Double(notes), sent.median / 1000))
      tails.append((Double(notes), sent.p999 / 1000))
      ahead.append((Double(notes), session.ahead.quantiles().median / 1000))
    }
    return Chart(
      title: "An answer, against the notes that the style was learned from", xLabel: "notes learned",
      yLabel: "microseconds",
      series: [
        Chart.Series(name: "decision to ring, p50", points: medians, isHistogram: false),
        Chart.Series(name: "decision to ring, p99.9", points: tails, isHistogram: false),
        Chart.Series(name: "composed ahead of it, p50", points: ahead, isHistogram: false),
      ])
  }

  private struct Session {
    var ahead: Samples
    var decided: Samples
    var sent: Samples

    init(calls: Int) {
      (ahead, decided, sent) = (Samples(capacity: calls), Samples(capacity: calls), Samples(capacity: calls))
    }
  }

  private static func isAnswer(_ action: Action) -> Bool {
    if case .report(.answered, _) = action { true } else { false }
  }

  /// Key presses and releases, in order of time.
  static func inputs(_ notes: [Note], from start: Instant) -> [Input] {
    let messages = notes.flatMap { note in
      [
        (start + tempo.duration(of: note.onset), MIDIMessage.noteOn(note.pitch, note.velocity)),
        (start + tempo.duration(of: note.end), MIDIMessage.noteOff(note.pitch)),
      ]
    }
    return messages.enumerated().sorted { ($0.element.0, $0.offset) < ($1.element.0, $1.offset) }
      .map { Input(at: $0.element.0, .midi($0.element.1, from: Keyboard(1))) }
  }
}
