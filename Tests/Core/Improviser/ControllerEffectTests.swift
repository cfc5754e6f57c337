// SPDX-License-Identifier: Apache-2.0
// Tests of Core/Improviser: what each parameter does when a controller moves it.
import Improviser
import JamTestKit
import Music
import Testing

@Suite struct ControllerEffectTests {
  private static let controller: UInt8 = 20

  /// A phrase after the controller, which is `parameter`'s, was moved to `value`; and so long after it a key.
  private static func run(
    _ parameter: Parameter, _ value: UInt8, mode: PlayingMode = .answer, seed: UInt64 = 5, keyAfter: Duration? = nil
  ) -> RecordingOutput {
    var keyboard = FakeKeyboard()
    keyboard.command(.controls(ControlAssignments([controller: parameter])))
    keyboard.send(.controlChange(controller, value))
    keyboard.wait(.milliseconds(500))
    for bar in 0..<4 {
      keyboard.play(line: [60, 64, 67, 72].map { $0 - bar % 2 }, every: .milliseconds(500), velocity: 80)
    }
    if let keyAfter {
      keyboard.wait(keyAfter)
      keyboard.play([72], every: .milliseconds(300))
    }
    return GoldenSessionTests.run(
      keyboard.inputs, PlayingSettings(mode: mode), style: MusicalFacts.styles[2], seed: seed)
  }

  private static func answer(_ output: RecordingOutput) -> [PlayedNote] { Exchange.all(output).first?.answer ?? [] }

  private static func length(_ notes: [PlayedNote]) -> Double {
    guard let first = notes.map(\.onset).min(), let last = notes.map(\.release).max() else { return 0 }
    return (last - first).seconds
  }

  @Test("the wheel is the player's share in morph")
  func morph() {
    for value in [0, 32, 64, 127] as [UInt8] {
      var improviser = Improviser(
        settings: Settings(playing: PlayingSettings(mode: .morph)), styles: [TestStyles.steady], seed: 1)
      _ = improviser.step([Input(at: .zero, .midi(.controlChange(1, value), from: .jack))], at: .zero)
      let share = improviser.mix.shares(at: .zero).first { $0.name == Mix.player }?.share ?? 0
      #expect((share - Double(value) / 127).magnitude < 1e-9)
    }
  }

  @Test("density and length make an answer denser and longer, role louder")
  func amounts() {
    for seed in 1...6 as ClosedRange<UInt64> {
      func answer(_ parameter: Parameter, _ value: UInt8) -> [PlayedNote] {
        Self.answer(Self.run(parameter, value, seed: seed))
      }
      let (thin, dense) = (answer(.density, 0), answer(.density, 127))
      #expect(MusicalFacts.onsets(thin).count * 2 < MusicalFacts.onsets(dense).count)
      #expect(Self.length(answer(.length, 0)) * 4 < Self.length(answer(.length, 127)))
      #expect(MusicalFacts.loudness(answer(.role, 0)) + 8 < MusicalFacts.loudness(answer(.role, 127)))
    }
  }

  @Test("at temperature 0 chance has nothing to say, above it has; and order changes what is chosen")
  func choices() {
    func pitches(_ parameter: Parameter, _ value: UInt8, _ seed: UInt64) -> [Pitch] {
      Self.answer(Self.run(parameter, value, seed: seed)).map(\.pitch)
    }
    #expect(pitches(.temperature, 0, 1) == pitches(.temperature, 0, 2))
    #expect(pitches(.temperature, 64, 1) != pitches(.temperature, 64, 2))
    #expect(pitches(.order, 0, 1) != pitches(.order, 127, 1))
  }

  @Test("overlap lets the answer play on when the player begins; otherwise it yields")
  func overlap() {
    func yields(_ value: UInt8) -> Bool {
      Self.run(.overlap, value, keyAfter: .seconds(2)).reports.contains {
        if case .yielded = $0.report { true } else { false }
      }
    }
    #expect(yields(0) && !yields(127))
  }

  @Test("a controller that is panic's silences at once, one that is tap's beats time")
  func buttons() {
    var keyboard = FakeKeyboard()
    keyboard.command(.controls(ControlAssignments([20: .panic, 21: .tap])))
    keyboard.play(line: [60, 62, 64, 65, 67, 69, 71, 72], every: .milliseconds(300))
    keyboard.wait(.seconds(2))
    let panic = keyboard.clock.now
    keyboard.send(.controlChange(20, 127))
    let output = GoldenSessionTests.run(keyboard.inputs, PlayingSettings())
    #expect(output.played.contains { $0.onset < panic } && output.played.allSatisfy { $0.release <= panic })
    #expect(output.reports.contains { $0.report == .panicked })

    var improviser = Improviser(styles: [TestStyles.steady], seed: 1)
    var taps = FakeKeyboard()
    taps.command(.controls(ControlAssignments([21: .tap])))
    for _ in 0..<4 {
      taps.send(.controlChange(21, 127))
      taps.send(.controlChange(21, 0))
      taps.wait(.milliseconds(400))
    }
    _ = improviser.step(taps.inputs, at: taps.clock.now)
    #expect(((improviser.beat(at: taps.clock.now)?.tempo.beatsPerMinute ?? 0) - 150).magnitude < 0.1)
  }

  @Test(
    "every parameter can be learned and moved by any value without a note that hangs", arguments: Parameter.allCases)
  func anything(_ parameter: Parameter) {
    for value in [0, 1, 63, 64, 126, 127] as [UInt8] {
      let output = Self.run(parameter, value, keyAfter: .seconds(1))
      #expect(output.problems.isEmpty && output.isDone)
    }
  }
}
