// SPDX-License-Identifier: Apache-2.0
// Tests of Core/Improviser: the six takes in every way of playing, and musical facts of what came out.
import Improviser
import JamTestKit
import Music
import Scores
import Testing

@Suite struct GoldenSessionTests {
  static let sessions = GoldenTake.all.flatMap { take in PlayingMode.allCases.map { (take, $0) } }

  static func run(
    _ inputs: [Input], _ playing: PlayingSettings, style: WeightedStyle = TestStyles.steady, seed: UInt64 = 5
  ) -> RecordingOutput {
    var improviser = Improviser(settings: Settings(playing: playing), styles: [style], seed: seed)
    var output = RecordingOutput()
    for input in inputs {
      while let deadline = improviser.nextDeadline, deadline <= input.at {
        output.take(improviser.step([], at: deadline))
      }
      output.take(improviser.step([input], at: input.at))
    }
    while let deadline = improviser.nextDeadline { output.take(improviser.step([], at: deadline)) }
    output.advance(to: .zero + .seconds(10_000))
    return output
  }

  static func onsets(_ inputs: [Input]) -> [Instant] {
    inputs.compactMap { input in
      if case .midi(let message, _) = input.event, case .noteOn = message.meaning { input.at } else { nil }
    }
  }

  /// How far each instant is from the nearest multiple of `unit` beats since the first onset, in seconds.
  static func deviations(_ instants: [Instant], _ tempo: Tempo, unit: Double) -> [Double] {
    instants.map { instant in
      let place = tempo.beats(in: instant - .zero).count / unit
      return (place - place.rounded()).magnitude * unit * tempo.beat.seconds
    }
  }

  static func answers(_ output: RecordingOutput) -> [[PlayedNote]] {
    output.reports.compactMap { report, _ in
      if case .answered(let notes, _, _, _) = report { notes } else { nil }
    }
  }

  @Test("every take in every mode: sound, no note hangs, and jamd does play", arguments: sessions)
  func sound(_ take: GoldenTake, _ mode: PlayingMode) {
    let output = Self.run(take.inputs, PlayingSettings(mode: mode, chart: .twoFiveOne))
    #expect(output.problems.isEmpty && output.isDone, "\(take.name): \(output.problems.prefix(2))")
    #expect(output.played.count >= 8, "\(take.name), \(mode): \(output.played.count) notes")
  }

  @Test(
    "where turns are taken nothing of jamd sounds on when the player plays: it yields at once",
    arguments: GoldenTake.all, [PlayingMode.answer, .imitate, .transform, .morph])
  func yielding(_ take: GoldenTake, _ mode: PlayingMode) {
    let output = Self.run(take.inputs, PlayingSettings(mode: mode))
    let onsets = Self.onsets(take.inputs)
    for note in output.played {
      #expect(
        !onsets.contains { $0 > note.onset + .microseconds(20) && $0 + .microseconds(20) < note.release },
        "\(take.name)")
    }
  }

  @Test("answers to steady playing begin on a beat", arguments: GoldenTake.all.filter(\.isSteady))
  func onBeat(_ take: GoldenTake) throws {
    let output = Self.run(take.inputs, PlayingSettings(mode: .answer))
    let starts = output.reports.compactMap { report, _ in
      if case .answered(let notes, _, _, _) = report { notes.map(\.onset).min() } else { nil }
    }
    #expect(!starts.isEmpty)
    let deviations = Self.deviations(starts, take.tempo, unit: 1)
    #expect(deviations.allSatisfy { $0 < 0.04 }, "\(take.name): \(deviations)")
  }

  /// Each call is the first four of eight bars.
  @Test(
    "in a trade every turn of jamd begins on its bar line, four bars after the player's, in every style",
    arguments: GoldenTake.all.filter(\.isSteady), MusicalFacts.styles.map(\.name))
  func turns(_ take: GoldenTake, _ style: String) throws {
    let style = try #require(MusicalFacts.styles.first { $0.name == style })
    let output = Self.run(take.inputs, PlayingSettings(mode: .trade), style: style)
    let starts = Self.answers(output).compactMap { $0.map(\.onset).min() }
    #expect(starts.count == 2)
    for (index, start) in starts.enumerated() {
      let due = take.tempo.duration(of: Beats(Double(16 + 32 * index))).seconds
      #expect(((start - .zero).seconds - due).magnitude < 0.025, "\(take.name): \(start), due \(due)")
    }
  }

  @Test("imitation gives back pitches, loudness and timing")
  func imitation() throws {
    let take = GoldenTake.oneFinger
    let output = Self.run(take.inputs, PlayingSettings(mode: .imitate))
    var phrase: Phrase?
    var compared = 0
    for (report, _) in output.reports {
      if case .phraseEnded(let heard, _, _) = report { phrase = heard }
      guard case .answered(let notes, _, _, _) = report, let call = phrase else { continue }
      compared += 1
      #expect(notes.map(\.pitch) == call.notes.map(\.pitch) && notes.map(\.velocity) == call.notes.map(\.velocity))
      for (echo, original) in zip(notes, call.notes) {
        let difference = (echo.onset - notes[0].onset) - (original.onset - call.start)
        #expect(difference.nanoseconds.magnitude < 100_000)
      }
    }
    #expect(compared > 0)
  }
}
