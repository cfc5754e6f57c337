// SPDX-License-Identifier: Apache-2.0
// Tests of Core/Improviser: when it plays and when it yields.
import Improviser
import JamTestKit
import Music
import Testing

@Suite struct TurnTakingTests {
  static func run(_ keyboard: FakeKeyboard, _ settings: Settings = Settings()) -> RecordingOutput {
    var improviser = Improviser(settings: settings, styles: [TestStyles.steady], seed: 4)
    var output = RecordingOutput()
    for input in keyboard.inputs {
      while let deadline = improviser.nextDeadline, deadline <= input.at {
        output.take(improviser.step([], at: deadline))
      }
      output.advance(to: input.at)
      output.take(improviser.step([input], at: input.at))
    }
    while let deadline = improviser.nextDeadline { output.take(improviser.step([], at: deadline)) }
    output.advance(to: keyboard.clock.now + .seconds(1000))
    #expect(output.problems.isEmpty, "\(output.problems)")
    #expect(output.isDone, "something hangs")
    return output
  }

  static func moments(_ output: RecordingOutput, where holds: (Report) -> Bool) -> [Instant] {
    output.reports.filter { holds($0.report) }.map(\.at)
  }

  @Test("the answer's first onset falls where the player's next note would", arguments: [120, 187, 250, 333, 480, 600])
  func onTheGrid(milliseconds: Int) throws {
    let interval = Duration.milliseconds(milliseconds)
    for share in [0.1, 0.5, 0.9] {
      var keyboard = FakeKeyboard()
      keyboard.play(line: [60, 62, 64, 65, 67, 69, 71, 72], every: interval, share: share)
      let first = try #require(Self.run(keyboard).played.map(\.onset).min())
      let intervals = (first - (.zero + interval * 7)) / interval
      // Nobody hears 5 ms: the beat is an estimate, the player's playing was exact.
      #expect(abs(intervals - intervals.rounded()) * interval.seconds < 0.005, "\(intervals) intervals")
    }
  }

  @Test("a player who starts between the decision and the answer's first note hears nothing of it")
  func withinTheLead() throws {
    var keyboard = FakeKeyboard()
    keyboard.play(line: [60, 64, 67, 72], every: .milliseconds(250))
    let decision = try #require(
      Self.moments(Self.run(keyboard)) { if case .phraseEnded = $0 { true } else { false } }.first)
    keyboard.wait(decision - keyboard.clock.now + .milliseconds(5))
    keyboard.press(50)
    let output = Self.run(keyboard)
    #expect(output.played.isEmpty)
    #expect(Self.moments(output) { if case .yielded = $0 { true } else { false } } == [keyboard.clock.now])
  }

  @Test("between a phrase's end and the answer there is a call to prepare it, in which nothing is heard")
  func preparation() throws {
    var keyboard = FakeKeyboard()
    keyboard.play(line: [60, 64, 67, 72], every: .milliseconds(250))
    var improviser = Improviser(styles: [TestStyles.steady], seed: 4)
    for input in keyboard.inputs { _ = improviser.step([input], at: input.at) }
    let preparation = try #require(improviser.nextDeadline)
    #expect(improviser.step([], at: preparation).isEmpty)
    let decision = try #require(improviser.nextDeadline)
    #expect(decision - preparation == Improviser.preparation)
    #expect(improviser.step([], at: decision).count > 3)
    #expect(improviser.nextDeadline == nil)
  }

  @Test("while keys follow each other nothing is prepared, however early answers are composed")
  func nothingInVain() throws {
    var keyboard = FakeKeyboard()
    keyboard.play(line: [60, 64, 67, 72, 60, 64, 67, 72], every: .milliseconds(40))
    var improviser = Improviser(styles: [TestStyles.steady], seed: 4)
    improviser.preparation = .milliseconds(480)
    for input in keyboard.inputs {
      _ = improviser.step([input], at: input.at)
      // What was struck together is complete after 50 ms.
      var later = improviser
      _ = later.step([], at: input.at + .milliseconds(50))
      if let deadline = later.nextDeadline { #expect(deadline >= input.at + .milliseconds(100)) }
    }
    let preparation = try #require(improviser.nextDeadline)
    #expect(improviser.step([], at: preparation).isEmpty)
    #expect(try #require(improviser.nextDeadline) > preparation)
  }

  @Test("a key that is held, or a pedal, keeps the answer waiting; its release does not")
  func patience() {
    var keyboard = FakeKeyboard()
    keyboard.play(line: [60, 64, 67], every: .milliseconds(200))
    keyboard.press(72)
    keyboard.wait(.seconds(20))
    #expect(Self.run(keyboard).played.isEmpty)
    keyboard.pedal(isDown: true)
    keyboard.release(72)
    keyboard.wait(.seconds(20))
    #expect(Self.run(keyboard).played.isEmpty)
    keyboard.pedal(isDown: false)
    #expect(!Self.run(keyboard).played.isEmpty)
  }

  @Test("an unplugged keyboard's phrase is answered as if its keys had been let go")
  func unplugged() {
    var keyboard = FakeKeyboard(Keyboard(7))
    keyboard.press(60)
    keyboard.wait(.milliseconds(300))
    keyboard.pedal(isDown: true)
    keyboard.press(64)
    keyboard.wait(.milliseconds(300))
    keyboard.unplug()
    #expect(!Self.run(keyboard).played.isEmpty)
  }

  @Test("50 interruptions: each answer is cut at the player's note, and each cut phrase is learned and answered")
  func interruptions() {
    var keyboard = FakeKeyboard()
    for round in 0..<50 {
      keyboard.play(line: [60, 64, 67, 72, 67, 64].map { $0 + round % 5 }, every: .milliseconds(200))
      // The answer begins on a beat, which may be a slow one, and lasts some seconds.
      keyboard.wait(.milliseconds(1500))
    }
    let output = Self.run(keyboard)
    let yields = Self.moments(output) { if case .yielded = $0 { true } else { false } }
    let calls = Self.moments(output) { if case .phraseBegan = $0 { true } else { false } }
    let answers = output.reports.compactMap { report, at in
      if case .answered(let notes, _, _, _) = report { (at: at, end: notes.map(\.release).max() ?? at) } else { nil }
    }
    let interrupted = answers.count { answer in calls.contains { answer.at < $0 && $0 < answer.end } }
    #expect(yields.count == interrupted && interrupted >= 45 && answers.count == 50, "\(interrupted), \(answers.count)")
    for cut in yields {
      #expect(!output.played.contains { $0.onset < cut && $0.release > cut })
    }
  }

  @Test("a phrase without an end is heard in parts, and answered when it does end")
  func endless() throws {
    var keyboard = FakeKeyboard()
    // Never silent: each key is pressed before the last one is released.
    for index in 0..<20_000 {
      keyboard.press(48 + index % 24)
      keyboard.wait(.milliseconds(1))
      if index > 0 { keyboard.release(48 + (index - 1) % 24) }
      keyboard.wait(.milliseconds(99))
    }
    keyboard.release(48 + 19_999 % 24)
    let output = Self.run(keyboard)
    let lengths = output.reports.compactMap { report, _ in
      if case .phraseEnded(let phrase, _, _) = report { phrase.notes.count } else { nil }
    }
    #expect(lengths.reduce(0, +) == 20_000)
    #expect(lengths.allSatisfy { $0 <= 4096 })
    #expect(Self.moments(output) { if case .answered = $0 { true } else { false } }.count == 1)
  }

  @Test("without a style the player's own phrases answer; without weight for the player nothing of them is learned")
  func withoutStyles() {
    var keyboard = FakeKeyboard()
    keyboard.play(line: [60, 64, 67, 72], every: .milliseconds(250))
    func reports(_ weight: Double) -> [Report] {
      Streams.reference(keyboard.inputs, Improviser(settings: Settings(playerWeight: weight), seed: 1)).compactMap {
        if case .report(let report, _) = $0 { report } else { nil }
      }
    }
    #expect(reports(0.3).contains { if case .answered(_, _, let styles, _) = $0 { styles.isEmpty } else { false } })
    #expect(!reports(0).contains { if case .learned = $0 { true } else { false } })
  }
}
