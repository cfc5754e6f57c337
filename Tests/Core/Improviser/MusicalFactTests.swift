// SPDX-License-Identifier: Apache-2.0
// Tests of Core/Improviser: the six takes with the styles that ship, held against the rules of space and of taste.
import Improviser
import JamTestKit
import Music
import Testing

@Suite struct MusicalFactTests {
  /// One of a take, a way of playing and a style.
  struct Session: CustomStringConvertible {
    var take: GoldenTake
    var mode: PlayingMode
    var style: String
    var output: RecordingOutput
    var description: String { "\(take.name), \(mode.rawValue), \(style)" }
    var heard: [PlayedNote] { MusicalFacts.notes(take.inputs) }
  }

  /// Every take with every style in these modes.
  static func sessions(_ modes: [PlayingMode], role: Role? = nil) -> [Session] {
    GoldenTake.all.flatMap { take in
      modes.flatMap { mode in
        MusicalFacts.styles.map { style in
          let output = GoldenSessionTests.run(take.inputs, PlayingSettings(mode: mode, role: role), style: style)
          return Session(take: take, mode: mode, style: style.name, output: output)
        }
      }
    }
  }

  static let answering = sessions([.answer, .morph])
  static let playingAlong = sessions([.accompany, .phraseMatch])

  @Test("an answer is about as dense as its call, whatever the style, and its role makes it denser or thinner")
  func density() {
    func ratios(_ sessions: [Session]) -> [(ratio: Double, text: String)] {
      sessions.flatMap { session in
        Exchange.all(session.output).map { exchange in
          (MusicalFacts.density(exchange.answer) / MusicalFacts.density(exchange.call.notes), "\(session)")
        }
      }
    }
    let all = ratios(Self.answering)
    #expect(all.count >= 60)
    for (ratio, text) in all { #expect((0.5...2).contains(ratio), "\(text): \(ratio) times as dense") }
    func mean(_ ratios: [(ratio: Double, text: String)]) -> Double {
      ratios.reduce(0) { $0 + $1.ratio } / Double(ratios.count)
    }
    #expect((0.85...1.25).contains(mean(all)), "\(mean(all)) in the mean")
    let lead = mean(ratios(Self.sessions([.answer], role: .lead)))
    let support = mean(ratios(Self.sessions([.answer], role: .support)))
    #expect(support < 0.9 * mean(all) && lead > 1.08 * mean(all), "\(support) < \(mean(all)) < \(lead)")
  }

  @Test("an answer is about as loud as its call")
  func loudness() {
    for session in Self.answering {
      for exchange in Exchange.all(session.output) where exchange.answer.count >= 8 {
        let difference = MusicalFacts.loudness(exchange.answer) - MusicalFacts.loudness(exchange.call.notes)
        #expect(difference.magnitude <= 14, "\(session): \(difference)")
      }
    }
  }

  @Test("no note of an answer is held for more than a bar")
  func drones() {
    for session in Self.answering {
      for exchange in Exchange.all(session.output) {
        let bar = exchange.tempo.duration(of: Beats(4)) + .milliseconds(150)
        #expect(exchange.answer.allSatisfy { $0.duration <= bar }, "\(session)")
      }
    }
  }

  @Test(
    "each hand of an answer stays in its register: where the player leaves an octave free between his hands hardly a note is struck"
  )
  func hands() {
    // The storm's hands leave C4 to B4 free.
    let middle = Pitch(clamping: 60)...Pitch(clamping: 71)
    for session in Self.answering where session.take.name == "two-handed storm" {
      let between = session.output.played.count { middle.contains($0.pitch) }
      #expect(between * 5 <= session.output.played.count, "\(session): \(between) of \(session.output.played.count)")
    }
  }

  @Test(
    "who plays along has a register of his own, and no mud: hardly a note within the player's last ones, none under G2")
  func register() {
    for session in Self.playingAlong {
      let heard = session.heard
      let notes = PlayingAlongTests.planned(session.output).filter { $0.onset - .zero > .seconds(4) }
      let shared = notes.filter { note in
        let near = heard.filter { $0.onset <= note.onset && note.onset - $0.onset < .seconds(4) }.map(\.pitch)
        return near.contains(note.pitch)
      }
      #expect(notes.count > 8 && shared.count * 10 <= notes.count, "\(session): \(shared.count) of \(notes.count)")
      #expect(notes.allSatisfy { $0.pitch.number >= 43 }, "\(session)")
    }
  }

  @Test("who comps plays chords, fewer of them the busier the player is")
  func comping() {
    for session in Self.playingAlong where session.mode == .accompany {
      let onsets = MusicalFacts.onsets(session.output.played)
      let chords = onsets.count { $0.count > 1 }
      #expect(chords * 10 >= onsets.count * 7, "\(session): \(chords) of \(onsets.count) are chords")
      let heard = session.heard
      let end = heard.map(\.onset).max() ?? .zero
      let during = session.output.played.filter { $0.onset < end }
      let density = MusicalFacts.density(during)
      #expect(density < 3, "\(session): \(density) a second")
      let player = MusicalFacts.density(heard)
      if player > 4 { #expect(density < 0.6 * player, "\(session): \(density) beside \(player) a second") }
    }
  }

  @Test(
    "who comps varies his voicings: none is struck more than six times in a row, and none is most of what he strikes")
  func voicings() {
    for session in Self.playingAlong where session.mode == .accompany {
      let strikes = MusicalFacts.onsets(session.output.played).map { $0.map(\.pitch).sorted() }
      var (run, longest) = (1, 1)
      for (former, next) in zip(strikes, strikes.dropFirst()) {
        run = former == next ? run + 1 : 1
        longest = max(longest, run)
      }
      #expect(longest <= 6, "\(session): \(longest) times in a row")
      let most = Dictionary(grouping: strikes) { $0 }.values.map(\.count).max() ?? 0
      #expect(most * 5 <= strikes.count * 3, "\(session): \(most) of \(strikes.count) are the same")
    }
  }

  @Test(
    "beside a player who leaves no octave of the keyboard free comping rests: no more than two strikes a bar while he plays",
    arguments: ["rubato ballad", "straight rag", "chords with pedal"])
  func rests(_ name: String) {
    for session in Self.playingAlong where session.mode == .accompany && session.take.name == name {
      let heard = session.heard.map(\.onset)
      // The second four bars of playing, when he knows the player.
      let bars = session.take.tempo.duration(of: Beats(16)).seconds
      let strikes = MusicalFacts.onsets(session.output.played).count { strike in
        let at = (strike[0].onset - .zero).seconds
        return at > bars * 2 && at < bars * 3 && heard.contains { $0 > strike[0].onset }
      }
      #expect(strikes >= 1 && strikes <= 8, "\(session): \(strikes) in four bars")
    }
  }

  @Test("who comps strikes no faster than a hand does")
  func hand() {
    for session in Self.playingAlong where session.mode == .accompany {
      let starts = MusicalFacts.onsets(session.output.played).map { $0[0].onset }
      #expect(zip(starts, starts.dropFirst()).allSatisfy { $1 - $0 > .milliseconds(60) }, "\(session)")
    }
  }

  @Test("who plays along has accents, and is as loud as the player by the rule of space")
  func contour() {
    for session in Self.playingAlong {
      let velocities = session.output.played.map { Int($0.velocity.value) }
      #expect(Set(velocities).count >= 4, "\(session): \(Set(velocities).sorted())")
      let rule = session.mode == .accompany ? -10.0 : 0
      let difference = MusicalFacts.loudness(session.output.played) - MusicalFacts.loudness(session.heard)
      #expect((difference - rule).magnitude <= 10, "\(session): \(difference)")
    }
  }

  @Test("a phrase given back varied stays within a sixth of its register")
  func transformed() {
    for take in GoldenTake.all {
      for exchange in Exchange.all(GoldenSessionTests.run(take.inputs, PlayingSettings(mode: .transform))) {
        let (heard, played) = (exchange.call.notes.map(\.pitch).sorted(), exchange.answer.map(\.pitch).sorted())
        #expect(played[0].semitones(above: heard[0]) >= -9, "\(take.name): down to \(played[0])")
        #expect(played[played.count - 1].semitones(above: heard[heard.count - 1]) <= 9, "\(take.name)")
      }
    }
  }

  @Test("an answer in a key ends on the tonic's triad, and no tune strikes one note more than six times in a row")
  func endings() {
    for session in Self.answering where session.mode == .answer {
      for exchange in Exchange.all(session.output) {
        let tops = MusicalFacts.onsets(exchange.answer).compactMap { $0.map(\.pitch).max() }
        guard let key = exchange.key, let last = tops.last else { continue }
        #expect([0, 2, 4].contains { key.scale[$0] == last.pitchClass }, "\(session): \(last) in \(key)")
        var run = 1
        for (former, next) in zip(tops, tops.dropFirst()) {
          run = former == next ? run + 1 : 1
          #expect(run <= 6, "\(session): \(next) again and again")
        }
      }
    }
  }
}
