// SPDX-License-Identifier: Apache-2.0
// Tests of Core/Improviser: who takes part in the answers, and how much.
import Improviser
import JamTestKit
import Music
import Scores
import Testing

@Suite("The mix") struct MixTests {
  private static let high = TestStyles.style("high", rhythm: [0.25])
  private static let slow = TestStyles.style("slow", rhythm: [2])

  private static func weighted(_ style: WeightedStyle, _ weight: Double) -> WeightedStyle {
    var style = style
    style.weight = weight
    return style
  }

  private static func instant(_ seconds: Double) -> Instant { Instant(nanoseconds: Int64(seconds * 1e9)) }

  private static func shares(_ mix: Mix, at seconds: Double) -> [String: Double] {
    Dictionary(uniqueKeysWithValues: mix.shares(at: instant(seconds)).map { ($0.name, $0.share) })
  }

  @Test("shares add up to 1 at every moment, and no step is larger than time allows")
  func smooth() {
    var mix = Mix([Self.high], player: 0.3)
    mix.move(
      to: [Self.weighted(Self.slow, 6), Self.weighted(Self.high, 3)], player: 0.1, from: .zero, over: .seconds(8))
    // Turned round half way.
    var turned = mix
    turned.move(to: [Self.high], player: 0, from: Self.instant(4), over: .seconds(2))
    var former: [String: Double] = Self.shares(mix, at: 0)
    for step in 0...1000 {
      let now = Double(step) / 100
      let shares = Self.shares(now < 4 ? mix : turned, at: now)
      #expect(abs(shares.values.reduce(0, +) - 1) < 1e-9)
      for name in ["high", "slow", "me"] {
        #expect(abs((shares[name] ?? 0) - (former[name] ?? 0)) <= 0.01)
      }
      former = shares
    }
    #expect(Self.shares(mix, at: 8) == ["slow": 0.6, "high": 0.3, "me": 0.1].mapValues { $0 })
    #expect(Self.shares(turned, at: 6) == ["high": 1])
  }

  @Test("who has no share after a change that takes no time is dropped")
  func dropped() {
    var mix = Mix([Self.high], player: 0.3)
    mix.move(to: [Self.slow], player: 0, from: .zero, over: .zero)
    #expect(mix.parts.map(\.name) == ["slow"] && mix.names(at: .zero) == ["slow"])
    mix.move(to: [], player: 1, from: .zero, over: .zero)
    #expect(mix.parts.map(\.name) == ["me"] && mix.names(at: .zero).isEmpty)
  }

  @Test("the marker of a change reads back as the same change")
  func markers() throws {
    let styles = [Self.weighted(Self.high, 0.1), Self.weighted(Self.slow, 1.0 / 3)]
    for kind in [
      StyleChange.Kind.use(.now), .use(.nextPhrase), .mix(player: 0.1, over: .seconds(8)),
      .mix(player: 0, over: .milliseconds(250)),
    ] {
      let change = StyleChange(styles, kind)
      #expect(StyleChange(Take.Marker(time: .zero, change.marker)) == change, "\(change.marker)")
    }
    #expect(StyleChange(Take.Marker(time: .zero, "style bach"))?.parts == [MixShare(name: "bach", share: 1)])
    let hero = StyleChange(Take.Marker(time: .zero, "style my hero 0.25+bach 0.75 now"))
    #expect(hero?.parts == [MixShare(name: "my hero", share: 0.25), MixShare(name: "bach", share: 0.75)])
    for nonsense in ["panic", "style ", "mix ", "mix a 1", "mix a over", "mix a 1 over -1", "mix  over nan"] {
      #expect(StyleChange(Take.Marker(time: .zero, nonsense)) == nil, "\(nonsense)")
    }
  }

  /// A call, a mix that moves when its answer begins, and what was played.
  private static func session(over length: Duration) -> RecordingOutput {
    var keyboard = StyleChangeTests.call()
    keyboard.wait(.milliseconds(700))
    keyboard.command(.mix([slow], player: 0, over: length))
    return TurnTakingTests.run(keyboard)
  }

  @Test("an answer that sounds goes on in the new mix, nothing hangs, and the report tells the shares")
  func sounding() throws {
    let output = Self.session(over: .zero)
    let answers = StyleChangeTests.answers(output)
    #expect(answers.map(\.styles) == [["steady"], ["slow"]])
    let mixed = output.reports.compactMap { report, _ -> [MixShare]? in
      if case .mixed(let shares, .zero) = report { shares } else { nil }
    }
    #expect(mixed == [[MixShare(name: "slow", share: 1)]])
    let slow = try #require(answers.last).notes
    let steady = try #require(answers.first).notes.filter { $0.onset >= slow[0].onset }
    #expect(slow.map(\.pitch) != steady.map(\.pitch))
    let last = try #require(steady.map(\.release).max())
    #expect(abs((try #require(slow.map(\.release).max()) - last).seconds) < 1, "for what is left of its length")
  }

  @Test("a mix that moves slowly ends where it was to go, and is the same in every run")
  func moving() throws {
    let output = Self.session(over: .seconds(60))
    #expect(output.played == Self.session(over: .seconds(60)).played)
    let styles = try #require(StyleChangeTests.answers(output).last).styles
    #expect(styles.sorted() == ["slow", "steady"], "both take part on the way")
    #expect(output.played != Self.session(over: .zero).played)
  }
}
