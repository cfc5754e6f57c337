// SPDX-License-Identifier: Apache-2.0
// Tests of Core/Improviser: the six takes held against their harmony and their beat.
import Improviser
import JamTestKit
import Music
import Scores
import Testing

@Suite struct HarmonyFactTests {
  /// A note of playing along, with the chord that was known when it was decided, and where it is in the beat of then.
  struct Planned {
    var note: PlayedNote
    var chord: Chord?
    var place: Double
  }

  static func planned(_ take: GoldenTake, _ playing: PlayingSettings, _ style: WeightedStyle) -> [Planned] {
    var improviser = Improviser(settings: Settings(playing: playing), styles: [style], seed: 5)
    var planned: [Planned] = []
    for input in take.inputs {
      while let deadline = improviser.nextDeadline, deadline <= input.at {
        let actions = improviser.step([], at: deadline)
        guard let beat = improviser.beat(at: deadline) else { continue }
        let chord = improviser.hearing(at: deadline).chord
        for case .report(.playedAlong(let notes, _, _), _) in actions {
          planned += notes.map { Planned(note: $0, chord: chord, place: beat.position(at: $0.onset).count) }
        }
      }
      _ = improviser.step([input], at: input.at)
    }
    return planned
  }

  /// In every style.
  static func planned(_ take: GoldenTake, _ playing: PlayingSettings) -> [Planned] {
    MusicalFacts.styles.flatMap { planned(take, playing, $0) }
  }

  static func share<Value>(_ values: [Value], where isOne: (Value) -> Bool) -> Double {
    Double(values.count(where: isOne)) / Double(max(1, values.count))
  }

  /// Of notes moved by so many semitones, those of the chord that was heard, sixth and ninth among them where they are
  /// allowed for; nil where no chord was.
  static func chordTones(_ planned: [Planned], colours: Bool, moved by: Int = 0) -> Double? {
    let known = planned.filter { $0.chord != nil }
    guard !known.isEmpty else { return nil }
    return share(known) { note in
      guard let chord = note.chord else { return false }
      let tones = chord.pitchClasses + (colours ? [2, 9].map { chord.root.transposed(by: $0) } : [])
      return tones.contains(note.note.pitch.pitchClass.transposed(by: by))
    }
  }

  /// Of places in beats, moved by so many, those that are as near to a beat.
  static func onBeats(_ places: [Double], within reach: Double, moved by: Double = 0) -> Double {
    share(places) { place in (place + by - (place + by).rounded()).magnitude < reach }
  }

  static func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(max(1, values.count)) }

  static let alongModes = [PlayingMode.accompany, .phraseMatch]
  static let answeringModes = [PlayingMode.answer, .trade, .morph, .transform]

  @Test(
    "who plays along plays the chord that he hears, whatever the take; a semitone beside would not",
    arguments: alongModes)
  func heard(_ mode: PlayingMode) {
    var judged = 0
    for take in GoldenTake.all {
      let planned = Self.planned(take, PlayingSettings(mode: mode))
      let isComping = mode == .accompany
      guard let right = Self.chordTones(planned, colours: isComping) else { continue }
      let wrong = Self.chordTones(planned, colours: isComping, moved: 1) ?? 1
      #expect(right >= (isComping ? 0.85 : 0.95) && wrong < 0.4, "\(take.name), \(mode): \(right), beside \(wrong)")
      judged += 1
    }
    // The storm is no chord.
    #expect(judged == GoldenTake.all.count - 1)
  }

  /// The rag is not among them: its bars are counted from an off-beat.
  @Test(
    "who plays along to a chart plays its chords in their time; a bar beside it would not be so", arguments: alongModes)
  func charted(_ mode: PlayingMode) {
    let chart = ChordChart.twoFiveOne
    for take in GoldenTake.all where take.isSteady && take.name != "straight rag" {
      let planned = Self.planned(take, PlayingSettings(mode: mode, chart: chart))
      func fitting(_ moved: Double) -> Double {
        Self.share(planned) { planned in
          let place = take.tempo.beats(in: planned.note.onset - .zero) + Beats(moved + 0.1)
          return chart.chord(at: place)?.pitchClasses.contains(planned.note.pitch.pitchClass) ?? false
        }
      }
      let (right, wrong) = (fitting(0), fitting(4))
      #expect(right >= 0.75 && right > wrong + 0.2, "\(take.name), \(mode): \(right), a bar beside \(wrong)")
    }
  }

  @Test(
    "half of what is played along is on the beat; a third of a beat beside hardly any would be", arguments: alongModes)
  func onBeat(_ mode: PlayingMode) {
    let places = GoldenTake.all.map { take in Self.planned(take, PlayingSettings(mode: mode)).map(\.place) }
    let right = places.map { Self.onBeats($0, within: 0.05) }
    let wrong = places.map { Self.onBeats($0, within: 0.05, moved: 1.0 / 3) }
    #expect(Self.mean(right) >= 0.45 && right.allSatisfy { $0 >= 0.2 }, "\(mode): \(right)")
    #expect(Self.mean(wrong) < 0.25, "\(mode): \(wrong)")
  }

  @Test(
    "answers are on the player's beat as music is; a third of a beat beside they would not be",
    arguments: answeringModes)
  func answers(_ mode: PlayingMode) {
    let sessions = GoldenTake.all.filter(\.isSteady).map { take in
      MusicalFacts.styles.flatMap { style in
        GoldenSessionTests.answers(GoldenSessionTests.run(take.inputs, PlayingSettings(mode: mode), style: style))
          .flatMap { answer in answer.map { take.tempo.beats(in: $0.onset - answer[0].onset).count } }
      }
    }
    let reach = GoldenTake.all.filter(\.isSteady).map { 0.04 / $0.tempo.beat.seconds }
    let right = zip(sessions, reach).map { Self.onBeats($0, within: $1) }
    let wrong = zip(sessions, reach).map { Self.onBeats($0, within: $1, moved: 1.0 / 3) }
    #expect(Self.mean(right) >= 0.45 && right.allSatisfy { $0 >= 0.3 }, "\(mode): \(right)")
    #expect(Self.mean(wrong) < 0.3, "\(mode): \(wrong)")
  }
}
