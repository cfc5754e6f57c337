// SPDX-License-Identifier: Apache-2.0
// Tests of Core/Improviser: what people see of the way of playing.
import Improviser
import JamTestKit
import Music
import Scores
import Testing

@Suite struct WishesTests {
  private static func told(_ commands: [Command], mode: PlayingMode = .answer) -> (Improviser, reports: [Report]) {
    var improviser = Improviser(
      settings: Settings(playing: PlayingSettings(mode: mode)), styles: [TestStyles.steady], seed: 1)
    var reports: [Report] = []
    for (index, command) in commands.enumerated() {
      let at = Instant.zero + .milliseconds(600) * index
      for case .report(let report, _) in improviser.step([Input(at: at, .command(command))], at: at) {
        reports.append(report)
      }
    }
    return (improviser, reports)
  }

  @Test("whatever was set is seen")
  func wishes() {
    let commands: [Command] = [
      .role(.lead), .bars(8), .countIn(true), .chart(.blues), .morph(0.25, over: .zero), .move(.temperature, 0.25),
      .move(.order, 0), .move(.density, 1), .move(.length, 0), .move(.overlap, 1),
    ]
    let before = Self.told([]).0.wishes
    #expect(before.playing == PlayingSettings() && before.temperature == 1 && !before.overlap)
    let wishes = Self.told(commands).0.wishes
    #expect(wishes.playing.role == .lead && wishes.playing.bars == 8 && wishes.playing.countsIn)
    #expect(wishes.playing.chart == .blues && wishes.playing.morph == 0.25)
    #expect(wishes.temperature == 0.5 && wishes.order == 1 && wishes.overlap)
    #expect(wishes.playing.density == 4 && wishes.playing.length == 0.25)
  }

  @Test("from the third tap on the beat is seen to be tapped, unless a clock gives it")
  func taps() {
    for count in 0...4 {
      let improviser = Self.told([Command](repeating: .tap, count: count)).0
      #expect(improviser.isTapped(at: .zero + .seconds(2)) == (count > 2), "\(count) taps")
    }
    let clock = Command.clock(.running(Tempo.standard, at: .zero, in: .common))
    #expect(!Self.told([.tap, .tap, .tap, clock]).0.isTapped(at: .zero + .seconds(2)))
  }

  @Test(
    "who plays along says that there is nothing to answer, but comes back from a rest", arguments: PlayingMode.allCases)
  func asked(mode: PlayingMode) {
    for ask in [Command.answer, .move(.answer, 1)] {
      let nothing = mode.playsAlong ? [Report.answersNothing(mode)] : []
      #expect(Self.told([ask], mode: mode).reports == nothing)
      let (improviser, reports) = Self.told([.stop, ask], mode: mode)
      #expect(reports == [.stopped] && !improviser.isResting)
    }
  }
}
