// SPDX-License-Identifier: Apache-2.0
// Tests of Core/Improviser: controllers and keys that are commands.
import Improviser
import JamTestKit
import Music
import Testing

@Suite struct ControlTests {
  private static func key(_ number: Int, at seconds: Double) -> [Input] {
    let at = Instant.zero + .seconds(seconds)
    let pitch = Pitch(clamping: number)
    return [
      Input(at: at, .midi(.noteOn(pitch, .standard), from: Keyboard(1))),
      Input(at: at + .milliseconds(100), .midi(.noteOff(pitch), from: Keyboard(1))),
    ]
  }

  @Test("keys outside the split are commands from the split outwards, and none of them is heard")
  func split() {
    var improviser = Improviser(styles: [TestStyles.steady], seed: 1)
    let keys = Pitch(clamping: 36)...Pitch(clamping: 96)
    _ = improviser.step([Input(at: .zero, .command(.keys(keys)))], at: .zero)
    #expect(improviser.controls.music == keys)
    var now = 1.0
    for (index, mode) in PlayingMode.allCases.enumerated() {
      for number in [35 - index, 97 + index] {
        var reports: [Report] = []
        for input in Self.key(number, at: now) {
          for case .report(let report, _) in improviser.step([input], at: input.at) { reports.append(report) }
        }
        #expect(reports == [.modeChanged(mode)], "key \(number)")
        now += 1
      }
    }
    for input in Self.key(0, at: now) { #expect(improviser.step([input], at: input.at).isEmpty) }
    #expect(improviser.nextDeadline == nil)
    for input in Self.key(36, at: now + 1) { _ = improviser.step([input], at: input.at) }
    #expect(improviser.nextDeadline != nil)
  }

  @Test("a key that is held while the split passes it is released all the same, on either side")
  func moved() {
    let all = Pitch.lowest...Pitch.highest
    let some = Pitch(clamping: 60)...Pitch.highest
    for (before, after) in [(all, some), (some, all)] {
      var improviser = Improviser(styles: [TestStyles.steady], seed: 1)
      let key = Self.key(50, at: 1)
      var output = RecordingOutput()
      for input in [
        Input(at: .zero, .command(.keys(before))), key[0], Input(at: key[0].at, .command(.keys(after))), key[1],
      ] { output.take(improviser.step([input], at: input.at)) }
      while let deadline = improviser.nextDeadline { output.take(improviser.step([], at: deadline)) }
      output.advance(to: .zero + .seconds(100))
      // A held key would keep the phrase open for ever.
      let ended = output.reports.contains { if case .phraseEnded = $0.report { true } else { false } }
      #expect(ended == (before == all) && output.isDone && output.problems.isEmpty)
    }
  }

  @Test("what is learned is told, and given to another improviser does the same there")
  func learned() throws {
    var improviser = Improviser(styles: [TestStyles.steady], seed: 1)
    _ = improviser.step([Input(at: .zero, .command(.learn(.mode)))], at: .zero)
    let move = Input(at: .zero + .seconds(1), .midi(.controlChange(20, 127), from: Keyboard(1)))
    _ = improviser.step([move], at: move.at)
    let assignments = improviser.controls.assignments
    #expect(assignments[20] == .mode && assignments[1] == .morph)
    let marker = try #require(Command.controls(assignments).marker)
    let command = try #require(Command(marker: marker))
    var other = Improviser(styles: [TestStyles.steady], seed: 1)
    _ = other.step([Input(at: .zero, .command(command))], at: .zero)
    #expect(other.controls.assignments == assignments)
    _ = other.step([move], at: move.at)
    #expect(other.mode == .morph)
  }

  @Test("assignments come back from their text, and no other text is theirs")
  func text() {
    var random = RandomSource(seed: 9)
    for _ in 0..<3000 {
      var assignments = ControlAssignments([:])
      for _ in 0..<Int.random(in: 0..<9, using: &random) {
        let parameter = Parameter.allCases[Int.random(in: Parameter.allCases.indices, using: &random)]
        assignments.assign(UInt8.random(in: 0...255, using: &random), to: parameter)
      }
      #expect(ControlAssignments("\(assignments)") == assignments)
      #expect(!assignments.all.contains { $0.controller == 64 || $0.controller > 119 })
      var bytes = Array("\(assignments)".utf8)
      bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: 32..<127, using: &random)
      if let read = ControlAssignments(String(decoding: bytes, as: UTF8.self)) {
        #expect(ControlAssignments("\(read)") == read)
      }
    }
    for text in ["", "1", "1=", "=morph", "64=morph", "120=morph", "1=morph 1=stop", "1=morph 2=morph", "1=x", " "] {
      #expect(ControlAssignments(text) == nil, "\(text)")
    }
    for text in ["keys 1", "keys 5-4", "keys 0-128", "keys a-b", "controls x"] { #expect(Command(marker: text) == nil) }
    #expect(Command.keys(Pitch.lowest...Pitch.highest).marker == "keys 0-127")
  }
}
