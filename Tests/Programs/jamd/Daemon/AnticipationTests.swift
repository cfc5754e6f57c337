// SPDX-License-Identifier: Apache-2.0
// Tests of Programs/jamd: how much sooner notes are handed to the output.
import Improviser
import Music
import Testing
import jamd

@Suite struct AnticipationTests {
  static let beat = BeatGrid(tempo: Tempo(beatsPerMinute: 120)!, anchor: .zero)
  static let period = Duration.microseconds(5333)

  static func note(at onset: Duration) -> PlayedNote {
    PlayedNote(pitch: Pitch(clamping: 60), velocity: .standard, onset: .zero + onset, duration: .milliseconds(100))
  }

  static func amount(
    _ onset: Duration, decided: Duration, beat: BeatGrid? = beat, playsAlong: Bool = false, isLed: Bool = false
  ) -> Duration {
    var anticipation = Anticipation()
    anticipation.isLed = isLed
    return anticipation.amount(
      for: note(at: onset), Generation(1), latency: period, beat: beat, playsAlong: playsAlong, at: .zero + decided)
  }

  @Test("what is played along goes a period sooner, on and off the beat")
  func playedAlong() {
    for onset in [2000, 2250, 2333] as [Int64] {
      #expect(Self.amount(.milliseconds(onset), decided: .milliseconds(1940), playsAlong: true) == Self.period)
    }
  }

  @Test("an answer that begins on a heard beat does as far as it is decided so early, and any other does not")
  func answers() {
    #expect(Self.amount(.milliseconds(2000), decided: .milliseconds(1990)) == Self.period)
    #expect(Self.amount(.milliseconds(2000), decided: .milliseconds(1996)) == .milliseconds(3))
    #expect(Self.amount(.milliseconds(2000), decided: .milliseconds(2010)) == .zero)
    #expect(Self.amount(.milliseconds(2100), decided: .milliseconds(1990)) == .zero)
    #expect(Self.amount(.milliseconds(2000), decided: .milliseconds(1990), beat: nil) == .zero)
  }

  @Test("a clock's beat is early enough by itself")
  func led() {
    #expect(Self.amount(.milliseconds(2000), decided: .milliseconds(1940), playsAlong: true, isLed: true) == .zero)
  }

  @Test("all notes of a generation go sooner by the same")
  func generations() {
    var anticipation = Anticipation()
    let amounts = [2000, 2130, 2480].map { onset in
      anticipation.amount(
        for: Self.note(at: .milliseconds(onset)), Generation(1), latency: Self.period, beat: Self.beat,
        playsAlong: false, at: .zero + .milliseconds(1990))
    }
    #expect(amounts.allSatisfy { $0 == Self.period })
    let next = anticipation.amount(
      for: Self.note(at: .milliseconds(2130)), Generation(2), latency: Self.period, beat: Self.beat,
      playsAlong: false, at: .zero + .milliseconds(1990))
    #expect(next == .zero)
  }
}
