// SPDX-License-Identifier: Apache-2.0
// Tests of Core/Improviser: counting in.
import Improviser
import JamTestKit
import Music
import Testing

@Suite struct CountInTests {
  /// A trade of two bars at 120 beats a minute: the player plays bars 1-2 and 5-6.
  static func session(countsIn: Bool) -> RecordingOutput {
    var inputs = PlayingAlongTests.steady(bars: 2).inputs
    inputs += PlayingAlongTests.steady(bars: 2, from: .seconds(8)).inputs
    inputs.insert(
      Input(
        at: .zero, .command(.clock(.running(PlayingAlongTests.tempo, at: .zero, in: .common)))), at: 0)
    return GoldenSessionTests.run(inputs, PlayingSettings(mode: .trade, bars: 2, countsIn: countsIn))
  }

  @Test("a stick on each beat of the bar before each of jamd's turns, the first the loudest, and none elsewhere")
  func sticks() {
    let output = Self.session(countsIn: true)
    #expect(output.problems.isEmpty && output.isDone, "\(output.problems)")
    let sticks = output.played.filter { $0.channel == .percussion }.sorted(by: PlayedNote.inPlayedOrder)
    let seconds = sticks.map { ($0.onset - .zero).seconds }
    let expected = [2, 2.5, 3, 3.5, 10, 10.5, 11, 11.5]
    #expect(seconds.count == expected.count, "\(seconds)")
    #expect(zip(seconds, expected).allSatisfy { abs($0 - $1) < 0.001 }, "\(seconds)")
    #expect(sticks.enumerated().allSatisfy { ($0.offset % 4 == 0) == ($0.element.velocity.value > 100) })
  }

  @Test("counting in changes nothing of what jamd plays, and without it there are no sticks")
  func silent() {
    let plain = Self.session(countsIn: false).played
    let counted = Self.session(countsIn: true).played.filter { $0.channel != .percussion }
    #expect(plain == counted && plain.count > 8 && !plain.contains { $0.channel == .percussion })
  }

  @Test("sticks are in no record of the music")
  func unrecorded() {
    let stick = PlayedNote(
      pitch: Pitch(clamping: 37), velocity: .standard, channel: .percussion, onset: .zero, duration: .milliseconds(60))
    var performance = Performance()
    performance.take(.play(stick, Generation(0)))
    #expect(performance.played.isEmpty)
    for isOn in [true, false] {
      let marker = Command.countIn(isOn).marker ?? ""
      guard case .countIn(isOn) = Command(marker: marker) else {
        Issue.record("\(marker)")
        continue
      }
    }
    #expect(Command(marker: "count-in maybe") == nil)
  }
}
