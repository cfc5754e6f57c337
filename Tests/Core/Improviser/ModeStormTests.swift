// SPDX-License-Identifier: Apache-2.0
// Tests of Core/Improviser: any input whatever, in every way of playing.
import Foundation
import Improviser
import JamTestKit
import Music
import Scores
import Testing

@Suite struct ModeStormTests {
  /// As `StormTests.stream`, with stuck keys, bursts, clocks, and everything that can be asked for.
  static func stream(_ random: inout RandomSource) -> [Input] {
    var now = Int64.random(in: -1_000_000_000...1_000_000_000, using: &random)
    let pace = Int64.random(in: 50_000_000...400_000_000, using: &random)
    let isSteady = random.next() & 1 == 0
    return (0..<Int.random(in: 1...150, using: &random)).map { _ in
      switch Int.random(in: 0..<60, using: &random) {
      case 0: now += Int64.random(in: -5_000_000_000...20_000_000_000, using: &random)
      case 1..<12: now += Int64.random(in: 0...1_000_000, using: &random)
      default: now += isSteady ? pace / 2 : Int64.random(in: 0...400_000_000, using: &random)
      }
      return Input(at: Instant(nanoseconds: now), event(&random))
    }
  }

  /// Bars of whole beats, of halves and quarters of beats, and less than one.
  static let metres =
    [.common, nil]
    + [(7, 16), (7, 8), (6, 8), (5, 4), (15, 16), (3, 16), (13, 32), (1, 64)].map {
      TimeSignature(beats: $0.0, unit: $0.1)
    }

  static let charts =
    [.blues, .twoFiveOne, nil]
    + ["7/16", "7/8", "6/8", "12/8", "5/4", "3/4", "1/16"].map {
      try? ChordChart("metre: \($0)\n| C7 F7 | Dm7 G7 | NC | Eb |\n")
    }

  static func event(_ random: inout RandomSource) -> Input.Event {
    switch Int.random(in: 0..<16, using: &random) {
    case 0: return .command(command(&random))
    case 1:
      let controller = UInt8.random(in: 0...127, using: &random)
      return .midi(.controlChange(controller, UInt8.random(in: 0...127, using: &random)), from: Keyboard(1))
    case 2:
      let tempo = Tempo(beatsPerMinute: Double.random(in: 1...400, using: &random)) ?? .standard
      let position = Beats(Double.random(in: -9...99999, using: &random))
      let metre = metres[Int.random(in: metres.indices, using: &random)]
      let states: [ClockState] = [.running(tempo, at: position, in: metre), .stopped, .lost]
      return .command(.clock(states[Int.random(in: states.indices, using: &random)]))
    default: return StormTests.event(&random)
    }
  }

  static func command(_ random: inout RandomSource) -> Command {
    let modes = PlayingMode.allCases
    let parameters = Parameter.allCases
    let wild = [-1, 0, 0.3, 0.5, 1, 7, .nan, .infinity]
    let value = wild[Int.random(in: wild.indices, using: &random)]
    switch Int.random(in: 0..<12, using: &random) {
    case 0..<3: return .mode(modes[Int.random(in: modes.indices, using: &random)])
    case 3: return .role([.lead, .support, nil][Int.random(in: 0...2, using: &random)])
    case 4 where random.next() & 1 == 0: return .countIn(random.next() & 3 != 0)
    case 4 where random.next() & 1 == 0: return .keyboards(random.next() & 3 == 0 ? .together : .apart)
    case 4 where random.next() & 1 == 0:
      return .variation([.stochastic, .perceptual, .either][Int.random(in: 0...2, using: &random)])
    case 4: return .bars(Int.random(in: -3...99, using: &random))
    case 5: return .chart(charts[Int.random(in: charts.indices, using: &random)])
    case 6, 7: return .move(parameters[Int.random(in: parameters.indices, using: &random)], value)
    case 8: return .morph(value, over: .seconds(Int64.random(in: -5...60, using: &random)))
    case 9: return .tap
    case 10: return random.next() & 1 == 0 ? .answer : .stop
    default: return .learn(parameters[Int.random(in: parameters.indices, using: &random)])
    }
  }

  static func improviser(_ mode: PlayingMode, seed: UInt64) -> Improviser {
    let playing = PlayingSettings(
      mode: mode, bars: 1, chart: seed % 3 == 0 ? .blues : nil, keyboards: seed % 2 == 0 ? .apart : .together)
    return Improviser(
      settings: Settings(overlap: seed % 5 == 0, playing: playing), styles: [TestStyles.steady], seed: seed)
  }

  /// Streams that begin in each mode: more than 10,000 in all, or as many as have about `JAMD_FUZZ` inputs.
  static let rounds: Int = {
    let inputs = ProcessInfo.processInfo.environment["JAMD_FUZZ"].flatMap { Int($0) } ?? 0
    return max(1500, inputs / 75 / PlayingMode.allCases.count)
  }()

  @Test(
    "in any stream no note hangs, none begins before its cause, generations only rise, and silence follows the end",
    arguments: PlayingMode.allCases)
  func storms(_ mode: PlayingMode) {
    var random = RandomSource(seed: 31, stream: UInt64(PlayingMode.allCases.firstIndex(of: mode) ?? 0))
    let rounds = Self.rounds
    var (played, changes) = (0, 0)
    for round in 0..<rounds {
      var improviser = Self.improviser(mode, seed: UInt64(round))
      var output = RecordingOutput(at: Instant(nanoseconds: .min / 4))
      for input in Self.stream(&random) {
        let former = improviser.mode
        output.take(improviser.step([input], at: input.at))
        if improviser.mode != former { changes += 1 }
      }
      // Whoever held a key or a pedal lets go.
      let end = improviser.admitted(Instant(nanoseconds: 60_000_000_000))
      for keyboard in 0...2 as ClosedRange<UInt32> {
        output.take(improviser.step([Input(at: end, .keyboardGone(Keyboard(keyboard)))], at: end))
      }
      var steps = 0
      while let deadline = improviser.nextDeadline, steps < 2000 {
        output.take(improviser.step([], at: deadline))
        steps += 1
      }
      #expect(improviser.nextDeadline == nil, "\(mode), round \(round): it never ends")
      output.advance(to: Instant(nanoseconds: .max / 4))
      #expect(output.problems.isEmpty && output.isDone, "\(mode), round \(round): \(output.problems.prefix(3))")
      played += output.played.count
    }
    #expect(played > rounds && changes > rounds / 2, "\(mode): \(played) notes, \(changes) changes of mode")
  }

  @Test("in every mode any batches, and any steps in between, give the same actions")
  func batches() {
    var random = RandomSource(seed: 32)
    for mode in PlayingMode.allCases {
      for round in 0..<12 as Range<UInt64> {
        let inputs = Streams.playing(120, &random)
        let reference = Streams.reference(inputs, Self.improviser(mode, seed: round))
        var improviser = Self.improviser(mode, seed: round)
        var actions: [Action] = []
        var index = 0
        while index < inputs.count {
          let batch = Array(inputs[index..<min(inputs.count, index + Int.random(in: 1...9, using: &random))])
          index += batch.count
          actions += improviser.step(batch, at: batch[batch.count - 1].at)
        }
        actions += improviser.step([], at: .zero + .seconds(100_000))
        #expect(actions == reference, "\(mode)")
      }
    }
  }
}
