// SPDX-License-Identifier: Apache-2.0
// Tests of Core/Improviser: another style in mid-session.
import Improviser
import JamTestKit
import Music
import Testing

@Suite struct StyleChangeTests {
  static let other = TestStyles.style("other", rhythm: [0.25])
  /// Eight quarters of a second, answered from 2.4 s on for some two seconds.
  static func call() -> FakeKeyboard {
    var keyboard = FakeKeyboard()
    keyboard.play(line: [60, 64, 67, 72, 71, 67, 65, 62], every: .milliseconds(250))
    return keyboard
  }

  static func answers(_ output: RecordingOutput) -> [(notes: [PlayedNote], styles: [String], at: Instant)] {
    output.reports.compactMap { report, at in
      if case .answered(let notes, _, let styles, _) = report { (notes, styles, at) } else { nil }
    }
  }

  static func changes(_ output: RecordingOutput) -> [Instant] {
    output.reports.compactMap { if case .styleChanged = $0.report { $0.at } else { nil } }
  }

  @Test("at once: the answer that sounds stops there and goes on in the new style for the rest of its length")
  func now() throws {
    let before = try #require(Self.answers(TurnTakingTests.run(Self.call())).first)
    let start = try #require(before.notes.first?.onset)
    let end = try #require(before.notes.map(\.release).max())
    var keyboard = Self.call()
    // A moment on the grid of all instants.
    let half = Improviser.timeStep * Int((end - start) / 2 / Improviser.timeStep)
    keyboard.wait(start + half - keyboard.clock.now)
    let change = keyboard.clock.now
    keyboard.command(.use([Self.other], .now))
    let output = TurnTakingTests.run(keyboard)
    let answers = Self.answers(output)
    #expect(answers.map(\.styles) == [["steady"], ["other"]])
    #expect(answers.last?.at == change)
    let onsets = output.played.map(\.onset)
    #expect(onsets.contains { $0 >= change } && onsets.contains { $0 < change })
    #expect(!output.played.contains { $0.onset < change && $0.release > change })
    let length = try #require(output.played.map(\.release).max()) - start
    #expect(abs(length.seconds - (end - start).seconds) < 1)
  }

  @Test("at the next phrase: at once between phrases, at its end in a phrase, and never for what sounds")
  func nextPhrase() throws {
    var between = Self.call()
    between.wait(.milliseconds(700))
    let asked = between.clock.now
    between.command(.use([Self.other], .nextPhrase))
    let output = TurnTakingTests.run(between)
    #expect(Self.changes(output) == [asked])
    #expect(Self.answers(output).map(\.styles) == [["steady"]])
    #expect(output.played == TurnTakingTests.run(Self.call()).played)

    var within = FakeKeyboard()
    within.play(line: [60, 62], every: .milliseconds(250))
    within.command(.use([Self.other], .nextPhrase))
    within.play(line: [64, 65], every: .milliseconds(250))
    let output2 = TurnTakingTests.run(within)
    #expect(Self.answers(output2).map(\.styles) == [["other"]])
    #expect(Self.changes(output2) == Self.answers(output2).map(\.at))
  }

  @Test("20 changes in mid-answer leave nothing hanging and lose no answer")
  func many() {
    var keyboard = Self.call()
    keyboard.wait(.milliseconds(450))
    for index in 0..<20 {
      keyboard.command(.use([index % 2 == 0 ? Self.other : TestStyles.steady], .now))
      keyboard.wait(.milliseconds(50))
    }
    let output = TurnTakingTests.run(keyboard)
    #expect(Self.changes(output).count == 20)
    #expect(Self.answers(output).count > 10)
  }

  @Test("what a style weighs beside the player does not depend on the sum of the styles' weights")
  func shares() {
    func played(_ weights: [Double], player: Double) -> [PlayedNote] {
      let styles = zip([TestStyles.steady, Self.other], weights).map { part, weight in
        WeightedStyle(name: part.name, style: part.style, weight: weight)
      }
      var keyboard = FakeKeyboard()
      keyboard.command(.use(styles, .now))
      keyboard.play(line: [60, 64, 67, 72, 71, 67, 65, 62], every: .milliseconds(250))
      return TurnTakingTests.run(keyboard, Settings(playerWeight: player)).played
    }
    #expect(played([1, 1], player: 0.3) == played([8, 8], player: 0.3))
    #expect(!played([0, 0], player: 0.3).isEmpty)
    #expect(!played([1, 1], player: 1).isEmpty)
    #expect(!played([-1, .nan], player: 0.3).isEmpty)
  }

  @Test("a mixture names all its styles; weights of zero or nonsense make no answer and no crash")
  func mixtures() {
    for weight in [0, -1, .nan, .infinity] as [Double] {
      var style = Self.other
      style.weight = weight
      var keyboard = FakeKeyboard()
      keyboard.command(.use([style], .now))
      keyboard.play(line: [60, 64, 67], every: .milliseconds(250))
      var improviser = Improviser(settings: Settings(playerWeight: 0), seed: 1)
      let actions =
        keyboard.inputs.flatMap { improviser.step([$0], at: $0.at) }
        + improviser.step([], at: .zero + .seconds(60))
      let played = actions.filter { if case .play = $0 { true } else { false } }
      #expect(played.isEmpty, "with the weight \(weight)")
    }
    var keyboard = Self.call()
    keyboard.command(.use([TestStyles.steady, Self.other], .now))
    #expect(Self.answers(TurnTakingTests.run(keyboard)).map(\.styles) == [["steady", "other"]])
  }
}
