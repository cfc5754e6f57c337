// SPDX-License-Identifier: Apache-2.0
// Tests of Core/Improviser: several keyboards, as one player or as several.
import Improviser
import JamTestKit
import Music
import Style
import Testing

@Suite struct SeatTests {
  static let left = Keyboard(1)
  static let right = Keyboard(2)

  /// Eight notes from `start` on.
  static func phrase(_ keyboard: Keyboard, from pitch: Int, at start: Double) -> FakeKeyboard {
    var player = FakeKeyboard(keyboard, at: .zero + .seconds(start))
    player.play(line: (0..<8).map { pitch + [0, 2, 4, 5, 7, 5, 4, 2][$0] }, every: .milliseconds(300))
    return player
  }

  static func run(_ players: [FakeKeyboard], _ use: KeyboardUse) -> RecordingOutput {
    let inputs = players.flatMap(\.inputs).enumerated()
      .sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }.map(\.element)
    return GoldenSessionTests.run(inputs, PlayingSettings(keyboards: use))
  }

  static func learned(_ output: RecordingOutput) -> [Int] {
    output.reports.compactMap { report, _ in if case .learned(_, let total) = report { total } else { nil } }
  }

  @Test("keyboards that are apart have a phrase, a model and a channel each; together they have one")
  func apart() {
    let players = [Self.phrase(Self.left, from: 48, at: 0), Self.phrase(Self.right, from: 72, at: 0.1)]
    let output = Self.run(players, .apart)
    #expect(output.problems.isEmpty && output.isDone, "\(output.problems.prefix(2))")
    #expect(Self.learned(output) == [8, 8])
    #expect(Set(output.played.map(\.channel.index)) == [0, 1])
    for (channel, register) in [(0, 36...67), (1, 60...91)] {
      let notes = output.played.filter { Int($0.channel.index) == channel }
      #expect(!notes.isEmpty && notes.allSatisfy { register.contains(Int($0.pitch.number)) })
    }
    let together = Self.run(players, .together)
    #expect(Self.learned(together) == [16])
    #expect(Set(together.played.map(\.channel.index)) == [0])
  }

  @Test("where keyboards are apart an answer yields to its own player, and goes on when another one plays")
  func yielding() {
    let answer = Self.phrase(Self.left, from: 60, at: 0)
    for (keyboard, yields) in [(Self.left, true), (Self.right, false)] {
      var interruption = FakeKeyboard(keyboard, at: .zero + .seconds(3.6))
      interruption.play([72], every: .milliseconds(200))
      let output = Self.run([answer, interruption], .apart)
      #expect(output.problems.isEmpty && output.isDone)
      let own = output.played.filter { $0.channel == .first && $0.onset < .zero + .seconds(6) }
      #expect(own.contains { $0.onset < .zero + .seconds(3.6) })
      let rest = own.filter { $0.onset > .zero + .seconds(3.61) }
      // The interruption is a phrase that wants an answer, too, but not so soon.
      #expect(yields ? !rest.contains { $0.onset < .zero + .seconds(3.9) } : !rest.isEmpty, "\(keyboard)")
      #expect(output.reports.contains { if case .yielded = $0.report { true } else { false } } == yields)
    }
  }

  @Test("the answer to one player goes on with its next note when another's, which came later, is broken off")
  func resumption() {
    let first = Self.phrase(Self.left, from: 60, at: 0)
    let second = Self.phrase(Self.right, from: 72, at: 0.7)
    var interruption = FakeKeyboard(Self.right, at: .zero + .seconds(4.3))
    interruption.play([76], every: .milliseconds(100))
    let output = Self.run([first, second, interruption], .apart)
    #expect(output.problems.isEmpty && output.isDone)
    let after = output.played.filter { $0.onset > .zero + .seconds(4.3) && $0.onset < .zero + .seconds(5.2) }
    #expect(output.reports.contains { if case .yielded = $0.report { true } else { false } })
    #expect(after.contains { $0.channel.index == 0 } && !after.contains { $0.channel.index == 1 })
  }

  @Test("what is told is of the player who is named before, and a model that is given is his")
  func models() {
    var model = PlayerModel()
    model.learn(
      (0..<20).map { Note(pitch: Pitch(clamping: 60 + $0 % 5), onset: Beats(Double($0)), duration: Beats(1)) }, key: nil
    )
    var command = FakeKeyboard(Self.left)
    command.command(.playerAt(Self.right, model))
    let output = Self.run(
      [command, Self.phrase(Self.left, from: 60, at: 1), Self.phrase(Self.right, from: 72, at: 1.2)], .apart)
    var present: Keyboard?
    var totals: [Keyboard: Int] = [:]
    for (report, _) in output.reports {
      if case .seated(let keyboard, _) = report { present = keyboard }
      if case .learned(_, let total) = report, let present { totals[present] = total }
    }
    #expect(totals == [Self.left: 8, Self.right: 28])
  }

  @Test("a change between together and apart in the middle of everything hangs no note, and a marker tells it")
  func changes() throws {
    for use in KeyboardUse.allCases {
      var change = FakeKeyboard(at: .zero + .seconds(3.4))
      change.command(.keyboards(use))
      let other = KeyboardUse.allCases.first { $0 != use } ?? use
      let players = [
        Self.phrase(Self.left, from: 48, at: 0), Self.phrase(Self.right, from: 72, at: 0.3), change,
        Self.phrase(Self.right, from: 60, at: 5),
      ]
      let output = Self.run(players, other)
      #expect(output.problems.isEmpty && output.isDone, "\(use): \(output.problems.prefix(2))")
      #expect(!output.played.contains { $0.onset < .zero + .seconds(3.4) && $0.release > .zero + .seconds(3.401) })
      #expect(output.played.contains { $0.onset > .zero + .seconds(5) })
      let marker = try #require(Command.keyboards(use).marker)
      #expect(Command(marker: marker)?.marker == marker)
    }
    #expect(Command(marker: "keyboards upside-down") == nil)
  }

  @Test("more keyboards than seats: everybody is heard, and those beyond share the last seat")
  func crowd() {
    let players = (1...12).map { Self.phrase(Keyboard($0), from: 48 + Int($0), at: Double($0) * 0.05) }
    let output = Self.run(players, .apart)
    #expect(output.problems.isEmpty && output.isDone)
    #expect(Self.learned(output).reduce(0, +) == 96)
    #expect(output.played.allSatisfy { $0.channel.index < 8 })
  }
}
