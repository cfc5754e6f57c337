// SPDX-License-Identifier: Apache-2.0
// Tests of Core/Improviser: whose turn it is, at every tempo, with pick-ups and in bars of three.
import Improviser
import JamTestKit
import Music
import Testing

/// Somebody who plays four bars and rests for four, to a bass and chords.
struct TradingPlayer {
  var bpm: Double
  /// Beats in a bar.
  var bar = 4
  var rounds = 4
  /// Beats of a single note before each turn.
  var pickUp = 0.0
  var isSwung = false
  var keyboard = FakeKeyboard()

  var beat: Double { 60 / bpm }
  /// Of a beat of the piece, in seconds.
  func time(_ position: Double) -> Double { (position + pickUp) * beat }

  private func note(_ pitch: Int, _ velocity: Int, _ position: Double, _ length: Double, _ events: inout [Input]) {
    // Hands: up to 8 ms beside.
    let hands = Double((pitch * 31 + Int(position * 12) * 17) % 17 - 8) / 1000
    let onset = max(0, time(position) + hands)
    let pitch = Pitch(clamping: pitch)
    events.append(Input(at: .zero + .seconds(onset), .midi(.noteOn(pitch, Velocity(clamping: velocity)), from: .jack)))
    events.append(Input(at: .zero + .seconds(onset + length * beat), .midi(.noteOff(pitch), from: .jack)))
  }

  var inputs: [Input] {
    var events: [Input] = []
    let tune = [72, 76, 79, 76, 77, 81, 84, 81, 79, 77, 74, 71]
    for round in 0..<rounds {
      let start = Double(round * 8 * bar)
      if pickUp > 0 { note(67, 70, start - pickUp, pickUp * 0.8, &events) }
      for index in 0..<(4 * bar) {
        let (at, isFirst) = (start + Double(index), index % bar == 0)
        note(tune[index % 12], isFirst ? 92 : 75, at, 0.6, &events)
        if isSwung { note(tune[(index + 5) % 12], 80, at + 2 / 3.0, 0.25, &events) }
        if index % bar == 0 || (bar == 4 && index % 2 == 0) {
          note(isFirst ? 36 : 43, isFirst ? 90 : 75, at, 0.7, &events)
        } else if !isSwung {
          for pitch in [52, 55, 60] { note(pitch, 60, at, 0.4, &events) }
        }
      }
    }
    return events.enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }.map(\.element)
  }

  /// When jamd's turns begin, in bars.
  func starts() -> [Double] {
    let output = GoldenSessionTests.run(inputs, PlayingSettings(mode: .trade))
    return GoldenSessionTests.answers(output).compactMap { $0.map(\.onset).min() }
      .map { (($0 - .zero).seconds / beat - pickUp) / Double(bar) }
  }

  /// Whether all of jamd's turns from number `settled` on are where they should be; where he comes in too early he yields at
  /// once, and has not begun.
  func isTraded(from settled: Int = 0, within tolerance: Double = 0.03) -> Bool {
    let starts = starts()
    let begun = starts.indices.filter { $0 + 1 == starts.count || starts[$0 + 1] - starts[$0] > 1 }.map { starts[$0] }
    let due = (settled..<rounds).map { Double(4 + 8 * $0) }
    return begun.count >= due.count && zip(begun.suffix(due.count), due).allSatisfy { abs($0 - $1) < tolerance }
  }
}

@Suite struct TradeTests {
  @Test(
    "swing is traded in the bars that are played at every tempo",
    arguments: [100, 120, 140, 150, 156, 160, 180, 200, 220])
  func swing(_ bpm: Double) {
    let player = TradingPlayer(bpm: bpm, isSwung: true)
    #expect(player.isTraded(), "\(player.starts())")
  }

  @Test(
    "where a beat may be half of another the player shows it in two turns at most",
    arguments: [100, 120, 140, 156, 160, 180, 200, 220])
  func march(_ bpm: Double) {
    let player = TradingPlayer(bpm: bpm)
    #expect(player.isTraded(from: bpm > 152 ? 2 : 0), "\(player.starts())")
  }

  @Test("a pick-up of a beat or two leads to the turn and moves none", arguments: [80, 100, 112, 130], [0.5, 1, 2])
  func pickUp(_ bpm: Double, _ beats: Double) {
    let player = TradingPlayer(bpm: bpm, pickUp: beats)
    #expect(player.isTraded(from: bpm > 120 ? 1 : 0), "\(player.starts())")
  }

  @Test("after bars have been set anew the player's beat counts, whatever it was before", arguments: [87, 88, 105.0])
  func otherBars(_ bpm: Double) {
    let first = TradingPlayer(bpm: 70, rounds: 1)
    let pause = Duration.seconds(first.time(32))
    let second = TradingPlayer(bpm: bpm, rounds: 1)
    let later = second.inputs.map { Input(at: $0.at + pause, $0.event) }
    let change = Input(at: .zero + pause - .seconds(1), .command(.bars(2)))
    // His four bars without a rest: he is played into after two, and stops there.
    let bars = later.filter { $0.at < .zero + pause + .seconds(second.time(8) - 0.1) }
    let output = GoldenSessionTests.run(first.inputs + [change] + bars, PlayingSettings(mode: .trade))
    let starts = GoldenSessionTests.answers(output).compactMap { $0.map(\.onset).min() }.filter { $0 > .zero + pause }
    let bar = starts.first.map { ($0 - .zero - pause).seconds / second.beat / 4 }
    #expect(bar.map { abs($0 - 2) < 0.05 } == true, "\(starts.map { ($0 - .zero - pause).seconds / second.beat / 4 })")
  }

  @Test("bars of three are traded as soon as the player has shown them", arguments: [90, 120, 140])
  func waltz(_ bpm: Double) {
    let player = TradingPlayer(bpm: bpm, bar: 3, rounds: 5)
    // An answer may begin with the third of a beat.
    #expect(player.isTraded(from: bpm > 120 ? 2 : 1, within: 0.12), "\(player.starts())")
  }
}
