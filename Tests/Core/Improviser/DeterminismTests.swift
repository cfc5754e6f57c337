// SPDX-License-Identifier: Apache-2.0
// Tests of Core/Improviser: the same playing gives the same music, however it comes in.
import Improviser
import JamTestKit
import Music
import Scores
import Testing

@Suite struct DeterminismTests {
  static func improviser(_ seed: UInt64) -> Improviser { Improviser(styles: [TestStyles.steady], seed: seed) }

  @Test("any batches, and any steps in between, give the same actions")
  func batches() {
    var random = RandomSource(seed: 20)
    for round in 0..<60 as Range<UInt64> {
      let inputs = Streams.playing(150, &random)
      let reference = Streams.reference(inputs, Self.improviser(round))
      var improviser = Self.improviser(round)
      var actions: [Action] = []
      var index = 0
      while index < inputs.count {
        let batch = Array(inputs[index..<min(inputs.count, index + Int.random(in: 0...9, using: &random))])
        index += batch.count
        let earliest = batch.last?.at ?? improviser.nextDeadline ?? .zero
        let latest = index < inputs.count ? inputs[index].at : earliest
        let late = Int64.random(in: 0...max(0, (latest - earliest).nanoseconds), using: &random)
        actions += improviser.step(batch, at: min(latest, earliest + .nanoseconds(late)))
      }
      actions += improviser.step([], at: .zero + .seconds(100_000))
      #expect(actions == reference)
    }
  }

  @Test("a decision that was prepared is the one that is made unprepared, and one that is overtaken leaves no trace")
  func preparation() {
    var random = RandomSource(seed: 24)
    for round in 0..<20 as Range<UInt64> {
      let inputs = Streams.playing(150, &random)
      let reference = Streams.reference(inputs, Self.improviser(round))
      var improviser = Self.improviser(round)
      var actions: [Action] = []
      for input in inputs {
        while let due = improviser.nextStep, due < input.at { actions += improviser.step([], at: due) }
        actions += improviser.step([input], at: input.at)
      }
      actions += improviser.step([], at: .zero + .seconds(100_000))
      #expect(actions == reference)
    }
  }

  @Test("an input that comes in late keeps its moment while nothing was decided in between")
  func lateInput() throws {
    var random = RandomSource(seed: 21)
    let inputs = Streams.playing(150, &random)
    let reference = Streams.reference(inputs, Self.improviser(1))
    var improviser = Self.improviser(1)
    var actions: [Action] = []
    for input in inputs {
      while let deadline = improviser.nextDeadline, deadline <= input.at {
        actions += improviser.step([], at: deadline)
      }
      let now = input.at + .milliseconds(3)
      if improviser.nextDeadline.map({ $0 > now }) ?? true { actions += improviser.step([], at: now) }
      actions += improviser.step([input], at: input.at)
    }
    while let deadline = improviser.nextDeadline { actions += improviser.step([], at: deadline) }
    #expect(actions == reference)
  }

  @Test("a take written as the improviser counts time and read back from its bytes gives the same actions")
  func takes() throws {
    var random = RandomSource(seed: 22)
    for round in 0..<40 as Range<UInt64> {
      let inputs = Streams.playing(120, &random)
      var improviser = Self.improviser(round)
      var actions: [Action] = []
      var tracks: [UInt32: Take.Track] = [:]
      var origin: Instant?
      for input in inputs {
        let at = improviser.admitted(input.at)
        origin = origin ?? at
        if case .midi(let message, let keyboard) = input.event, let origin {
          tracks[keyboard.number, default: Take.Track(name: "Player \(keyboard.number)")].events.append(
            Take.Event(time: at - origin, message))
        }
        actions += improviser.step([Input(at: at, input.event)], at: at)
      }
      while let deadline = improviser.nextDeadline { actions += improviser.step([], at: deadline) }
      let take = Take(tracks: tracks.sorted { $0.key < $1.key }.map(\.value))
      let replayed = Take(try StandardMIDIFile(parsing: take.file.encoded())).inputs
      #expect(replayed.count == inputs.count)
      let again = Streams.reference(replayed, Self.improviser(round))
      let offset = Instant.zero.duration(to: try #require(origin))
      #expect(again.map { $0.moved(by: offset) } == actions)
    }
  }

  @Test("everything that comes out lies on the grid after the first input")
  func grid() throws {
    var random = RandomSource(seed: 23)
    var notes = 0
    for _ in 0..<8 {
      let inputs = Streams.playing(300, &random)
      let origin = try #require(inputs.first?.at)
      func isOnGrid(_ instant: Instant) -> Bool { (instant - origin).nanoseconds % 20_000 == 0 }
      for action in Streams.reference(inputs, Self.improviser(2)) {
        switch action {
        case .play(let note, _):
          notes += 1
          #expect(isOnGrid(note.onset) && isOnGrid(note.release))
        case .cancel(_, let instant), .report(_, let instant): #expect(isOnGrid(instant))
        }
      }
    }
    #expect(notes > 100)
  }

  @Test("what one answer draws does not shift the next: answer k depends on the seed and k, not on the answers before")
  func streams() {
    func notes(_ performance: [Action], _ number: UInt32) -> [PlayedNote] {
      performance.compactMap { action in
        if case .play(let note, let generation) = action, generation.number == number { note } else { nil }
      }
    }
    func session(_ first: [Int]) -> [Action] {
      var keyboard = FakeKeyboard()
      keyboard.play(line: first, every: .milliseconds(250))
      keyboard.wait(.seconds(30))
      let before = keyboard.inputs
      var second = FakeKeyboard()
      second.wait(keyboard.clock.now - .zero)
      second.play(line: [60, 62, 64, 65, 67], every: .milliseconds(250))
      let improviser = Improviser(settings: Settings(playerWeight: 0), styles: [TestStyles.steady], seed: 3)
      return Streams.reference(before + second.inputs, improviser)
    }
    // The same tempo and key, so that only what was drawn could differ.
    let answers = [[60, 64, 67, 72, 67], [72, 67, 64, 60, 64]].map { notes(session($0), 2) }
    #expect(!answers[0].isEmpty)
    #expect(answers[0].map(\.pitch) == answers[1].map(\.pitch))
  }

  @Test("the same call again gets another answer")
  func repeatedCall() {
    var keyboard = FakeKeyboard()
    for _ in 0..<8 {
      keyboard.play(line: [60, 64, 67, 72, 67], every: .milliseconds(250))
      keyboard.wait(.seconds(30))
    }
    let improviser = Improviser(settings: Settings(playerWeight: 0), styles: [TestStyles.steady], seed: 3)
    let answers = Streams.reference(keyboard.inputs, improviser).compactMap { action in
      if case .report(.answered(let notes, _, _, _), _) = action { notes.map(\.pitch) } else { nil }
    }
    #expect(answers.count == 8)
    #expect(Set(answers.dropFirst(4)).count > 1, "by now tempo and key are the same for every call")
  }
}
