// SPDX-License-Identifier: Apache-2.0
// Tests of Core/Improviser: any input whatever.
import Foundation
import Improviser
import JamTestKit
import Music
import Testing

@Suite struct StormTests {
  /// A random stream: keys and pedals of two keyboards, nonsense, floods, unplugged keyboards, panics, clock jumps.
  static func stream(_ random: inout RandomSource) -> [Input] {
    var now = Int64.random(in: -1_000_000_000...1_000_000_000, using: &random)
    return (0..<Int.random(in: 1...120, using: &random)).flatMap { _ in
      switch Int.random(in: 0..<40, using: &random) {
      case 0: now += Int64.random(in: -5_000_000_000...20_000_000_000, using: &random)
      case 1..<20: now += Int64.random(in: 0...1_000_000, using: &random)
      default: now += Int64.random(in: 0...400_000_000, using: &random)
      }
      let at = Instant(nanoseconds: now)
      guard Int.random(in: 0..<15, using: &random) == 0 else { return [Input(at: at, event(&random))] }
      // Everything is let go of, or no phrase would ever end; then comes a rest.
      now += Int64.random(in: 0...3_000_000_000, using: &random)
      return [0, 1].map { Input(at: at, .keyboardGone(Keyboard($0))) }
    }
  }

  static func event(_ random: inout RandomSource) -> Input.Event {
    let keyboard = Keyboard(UInt32.random(in: 0...1, using: &random))
    let pitch = Pitch(clamping: Int.random(in: 40...80, using: &random))
    switch Int.random(in: 0..<100, using: &random) {
    case 0: return .keyboardGone(keyboard)
    case 1: return .command(.panic)
    case 2: return .command(.use([TestStyles.steady], random.next() & 1 == 0 ? .now : .nextPhrase))
    case 3..<8:
      return .midi(
        MIDIMessage(
          UInt8.random(in: 0...255, using: &random), UInt8.random(in: 0...255, using: &random),
          UInt8.random(in: 0...255, using: &random)), from: keyboard)
    case 8..<12: return .midi(.controlChange(64, UInt8.random(in: 0...127, using: &random)), from: keyboard)
    case 12..<55:
      return .midi(.noteOn(pitch, Velocity(clamping: Int.random(in: 1...127, using: &random))), from: keyboard)
    default: return .midi(.noteOff(pitch), from: keyboard)
    }
  }

  @Test("in any stream every note is sound, no answer begins before its cause, and generations only rise")
  func storms() {
    var random = RandomSource(seed: 11)
    let rounds = ProcessInfo.processInfo.environment["JAMD_FUZZ"].flatMap { Int($0) } ?? 10_000
    var answers = 0
    for round in 0..<rounds {
      var improviser = Improviser(settings: Settings(overlap: round % 4 == 0), styles: [TestStyles.steady], seed: 1)
      var check = Check()
      var output = RecordingOutput(at: Instant(nanoseconds: .min / 4))
      func take(_ actions: [Action]) {
        check.take(actions)
        output.take(actions)
      }
      for input in Self.stream(&random) { take(improviser.step([input], at: input.at)) }
      for _ in 0..<10 {
        guard let deadline = improviser.nextDeadline else { break }
        take(improviser.step([], at: deadline))
      }
      #expect(improviser.nextDeadline == nil)
      output.advance(to: Instant(nanoseconds: .max / 4))
      #expect(output.problems.isEmpty && output.isDone, "round \(round): \(output.problems)")
      answers += check.answers
      #expect(check.problems.isEmpty, "round \(round): \(check.problems)")
    }
    #expect(answers > rounds / 4)
  }

  @Test("instants at and beyond the ends of the clock crash nothing")
  func extremeInstants() {
    var random = RandomSource(seed: 12)
    let moments: [Int64] = [.min, .min + 1, .min / 2, -1, 0, 1, .max / 2, .max - 1, .max]
    for _ in 0..<500 {
      var improviser = Improviser(styles: [TestStyles.steady], seed: 1)
      for _ in 0..<30 {
        let at = Instant(nanoseconds: moments[Int.random(in: moments.indices, using: &random)])
        let now = Instant(nanoseconds: moments[Int.random(in: moments.indices, using: &random)])
        _ = improviser.admitted(at)
        _ = improviser.step([Input(at: at, Self.event(&random))], at: now)
      }
    }
  }

  /// Follows the actions and writes down what must not be.
  private struct Check {
    var problems: [String] = []
    var answers = 0
    private var decision: Instant?
    private var latest = Generation(0)

    mutating func take(_ actions: [Action]) {
      for action in actions {
        switch action {
        case .report(.phraseEnded, let at), .report(.styleChanged, let at): decision = at
        case .report(.answered(let notes, let generation, _, _), let at): answered(notes, generation, at)
        case .report: break
        case .cancel(let generation, _):
          if generation <= latest { problems.append("cancel \(generation) after \(latest)") }
        case .play(let note, let generation): play(note, generation)
        }
      }
    }

    private mutating func answered(_ notes: [PlayedNote], _ generation: Generation, _ at: Instant) {
      answers += 1
      if generation <= latest { problems.append("generation \(generation) after \(latest)") }
      latest = generation
      if decision == nil || notes.contains(where: { $0.onset < at }) { problems.append("an answer without a cause") }
      if notes.isEmpty { problems.append("an empty answer") }
    }

    private mutating func play(_ note: PlayedNote, _ generation: Generation) {
      if generation != latest { problems.append("a note of \(generation) in \(latest)") }
      if note.duration <= .zero { problems.append("a note without length") }
    }
  }
}
