// SPDX-License-Identifier: Apache-2.0
// Tests of Core/Improviser: trading bars, and playing along in time and in the harmony.
import Improviser
import JamTestKit
import Music
import Scores
import Testing

@Suite struct PlayingAlongTests {
  static let tempo = Tempo(beatsPerMinute: 120)!

  /// Quarters and eighths, exact, for `bars` bars of four beats.
  static func steady(bars: Int, from start: Duration = .zero) -> FakeKeyboard {
    var keyboard = FakeKeyboard(at: .zero + start)
    let line = [72, 74, 76, 79, 77, 76, 74, 71]
    for beat in 0..<(bars * 4) {
      if beat % 4 == 3 {
        keyboard.play([line[beat % 8]], every: .milliseconds(250))
        keyboard.play([line[(beat + 1) % 8]], every: .milliseconds(250))
      } else {
        keyboard.play([line[beat % 8]], every: .milliseconds(500))
      }
    }
    return keyboard
  }

  static func planned(_ output: RecordingOutput) -> [PlayedNote] {
    output.reports.flatMap { report, _ in
      if case .playedAlong(let notes, _, _) = report { notes } else { [PlayedNote]() }
    }
  }

  @Test("what is on a beat is within 5 ms of the player's beat", arguments: [PlayingMode.accompany, .phraseMatch])
  func inTime(_ mode: PlayingMode) {
    let output = GoldenSessionTests.run(
      Self.steady(bars: 16).inputs, PlayingSettings(mode: mode, chart: .twoFiveOne))
    let onsets = Self.planned(output).map(\.onset)
    let near = GoldenSessionTests.deviations(onsets, Self.tempo, unit: 1).filter { $0 < 0.06 }
    #expect(near.count > 10 && near.allSatisfy { $0 < 0.005 }, "\(near.max() ?? 0) s")
  }

  @Test(
    "what is played along to a chart are the chords of the chart, bar by bar",
    arguments: [PlayingMode.accompany, .phraseMatch])
  func harmony(_ mode: PlayingMode) {
    let chart = ChordChart.twoFiveOne
    let output = GoldenSessionTests.run(Self.steady(bars: 16).inputs, PlayingSettings(mode: mode, chart: chart))
    let notes = Self.planned(output)
    let fitting = notes.count { note in
      let place = Self.tempo.beats(in: note.onset - .zero) + Beats(0.05)
      return chart.chord(at: place)?.pitchClasses.contains(note.pitch.pitchClass) ?? false
    }
    #expect(notes.count > 20)
    #expect(Double(fitting) / Double(notes.count) >= 0.9, "\(fitting) of \(notes.count) are chord tones")
  }

  /// The bars in which something is played along to a clock in `metre`, of those from the third on.
  private static func playedBars(_ metre: TimeSignature, _ mode: PlayingMode) -> Double {
    let tempo = Tempo(beatsPerMinute: 100)!
    let clock = ClockState.running(tempo, at: .zero, in: metre)
    let quarters = 96
    var keyboard = FakeKeyboard()
    for beat in 0..<quarters { keyboard.play([60 + beat % 5, 67], every: .milliseconds(600)) }
    let inputs = [Input(at: .zero, .command(.clock(clock)))] + keyboard.inputs
    let improviser = Improviser(
      settings: Settings(playing: PlayingSettings(mode: mode)), styles: [TestStyles.steady], seed: 3)
    let onsets = ClockTests.onsets(inputs, improviser).map { tempo.beats(in: $0 - .zero) / metre.bar }
    let bars = 3..<Int(Double(quarters) / metre.bar.count) - 1
    return Double(Set(onsets.map { Int(($0 + 0.02).rounded(.down)) }).intersection(bars).count) / Double(bars.count)
  }

  @Test(
    "also where a bar is no whole number of beats every bar is played along to",
    arguments: [(7, 8), (5, 8), (9, 8), (6, 8), (5, 4), (7, 16), (15, 16), (11, 16), (3, 16), (13, 32)],
    [PlayingMode.accompany, .phraseMatch])
  func brokenBars(_ metre: (Int, Int), _ mode: PlayingMode) throws {
    let metre = TimeSignature(beats: metre.0, unit: metre.1)
    // A short bar may have a rest, and one that not even quarters of beats fill loses what its line cuts.
    #expect(Self.playedBars(metre, mode) >= (metre.bar > Beats(1.7) ? 0.9 : 0.4))
  }

  @Test("a chart in six eighths goes with the two beats that are counted", arguments: [90, 104, 120.0])
  func compound(_ bpm: Double) throws {
    let chart = try ChordChart("metre: 6/8\n| C | F | G | C |\n")
    #expect(chart.felt.metre == TimeSignature(beats: 2, unit: 4) && chart.felt.length == Beats(8))
    let eighth = 20 / bpm
    var inputs: [Input] = []
    func play(_ pitch: Int, _ velocity: Int, _ at: Double, _ length: Double) {
      let (pitch, start) = (Pitch(clamping: pitch), Instant.zero + .seconds(at))
      inputs.append(Input(at: start, .midi(.noteOn(pitch, Velocity(clamping: velocity)), from: .jack)))
      inputs.append(Input(at: start + .seconds(length), .midi(.noteOff(pitch), from: .jack)))
    }
    for bar in 0..<24 {
      let root = [48, 53, 55, 48][bar % 4]
      for place in 0..<6 {
        let at = Double(bar * 6 + place) * eighth
        if place % 3 == 0 { play(root - 12, place == 0 ? 100 : 84, at, 2.5 * eighth) }
        play(root + [24, 28, 31, 28, 31, 28][place], place % 3 == 0 ? 84 : 62, at, 0.8 * eighth)
      }
    }
    inputs.sort { $0.at < $1.at }
    let notes = Self.planned(GoldenSessionTests.run(inputs, PlayingSettings(mode: .accompany, chart: chart)))
      .filter { $0.onset > .zero + .seconds(24 * eighth) }
    let fitting = notes.count { note in
      let place = Beats(((note.onset - .zero).seconds / eighth + 0.1) / 2)
      return chart.chord(at: place)?.pitchClasses.contains(note.pitch.pitchClass) ?? false
    }
    #expect(notes.count > 20 && fitting * 10 >= notes.count * 8, "\(fitting) of \(notes.count)")
  }

  @Test("without a chart the chord that is held is taken up", arguments: [PlayingMode.accompany, .phraseMatch])
  func heardChord(_ mode: PlayingMode) {
    var keyboard = FakeKeyboard()
    for chord in [[60, 64, 67], [65, 69, 72], [67, 71, 74], [60, 64, 67]] {
      for _ in 0..<16 { keyboard.play(chord, every: .milliseconds(500), share: 0.9) }
    }
    let notes = Self.planned(GoldenSessionTests.run(keyboard.inputs, PlayingSettings(mode: mode)))
    let roots = [0, 5, 7, 0]
    let fitting = notes.count { note in
      // From the second beat of a chord on.
      let beat = Int(((note.onset - .zero).seconds + 0.02) / 0.5)
      guard beat < 64, beat % 16 >= 1 else { return true }
      return [0, 4, 7].map { (roots[beat / 16] + $0) % 12 }.contains(Int(note.pitch.pitchClass.number))
    }
    #expect(notes.count > 20)
    #expect(Double(fitting) / Double(notes.count) >= 0.75, "\(fitting) of \(notes.count)")
  }

  @Test("the answer to a change of chord is heard on the next beat")
  func changeOfChord() {
    let chords = [[60, 64, 67], [65, 69, 72], [67, 71, 74], [57, 60, 64], [62, 65, 69], [60, 64, 67]]
    var keyboard = FakeKeyboard()
    for chord in chords { for _ in 0..<8 { keyboard.play(chord, every: .milliseconds(500), share: 0.9) } }
    for mode in [PlayingMode.accompany, .phraseMatch] {
      var answered = 0
      let notes = Self.planned(GoldenSessionTests.run(keyboard.inputs, PlayingSettings(mode: mode)))
      for change in 1..<chords.count {
        let classes = chords[change].map { $0 % 12 }
        // The second beat of the chord.
        let beat = Instant.zero + .milliseconds(4000 * change + 500)
        let near = notes.filter { ($0.onset - beat).seconds > -0.02 && ($0.onset - beat).seconds < 0.48 }
        #expect(near.allSatisfy { classes.contains(Int($0.pitch.number) % 12) }, "\(mode), \(change)")
        if near.contains(where: { ($0.onset - beat).seconds < 0.02 }) { answered += 1 }
      }
      // Who comps rests now and then.
      #expect(answered >= (mode == .accompany ? 4 : 5), "\(mode): \(answered) of 5 on the beat")
    }
  }

  @Test("the answer comes on the player's next beat where the beat is heard half as fast, too")
  func slowBeat() {
    // A chord a bar, struck on every other beat, with a tune in quarters: heard as 50 beats a minute.
    let beat = Duration.milliseconds(600)
    let chords = [[48, 60, 64, 67], [45, 57, 60, 64], [41, 57, 60, 65], [43, 59, 62, 67]]
    var events: [(at: Int64, isOn: Int, message: MIDIMessage)] = []
    func play(_ pitches: [Int], at place: Double, for length: Double) {
      for pitch in pitches.map({ Pitch(clamping: $0) }) {
        events.append((Int64(place * 6e8), 1, .noteOn(pitch, .standard)))
        events.append((Int64((place + length) * 6e8), 0, .noteOff(pitch)))
      }
    }
    for bar in 0..<24 {
      for half in 0..<2 { play(chords[bar % 4], at: Double(bar * 4 + half * 2), for: 1.8) }
      for quarter in 0..<4 { play([[72, 76, 79, 74][(quarter + bar) % 4]], at: Double(bar * 4 + quarter), for: 0.8) }
    }
    let inputs = events.sorted { ($0.at, $0.isOn) < ($1.at, $1.isOn) }.map {
      Input(at: Instant(nanoseconds: $0.at), .midi($0.message, from: .jack))
    }
    for style in MusicalFacts.styles {
      let output = GoldenSessionTests.run(inputs, PlayingSettings(mode: .phraseMatch), style: style)
      // From the second beat of a chord on, and while there is one.
      let judged = Self.planned(output).map { (note: $0, place: ($0.onset - .zero) / beat + 0.06) }.filter {
        $0.place < 96 && $0.place.truncatingRemainder(dividingBy: 4) >= 1
      }
      let wrong = judged.filter { note, place in
        !chords[Int(place / 4) % 4].contains { $0 % 12 == Int(note.pitch.number) % 12 }
      }
      #expect(judged.count > 40 && wrong.count * 20 <= judged.count, "\(style.name): \(wrong) of \(judged.count)")
    }
  }

  @Test(
    "what is planned on a beat is within 5 ms of the beat as it is predicted then, in every style",
    arguments: GoldenTake.all.filter(\.isSteady), [PlayingMode.accompany, .phraseMatch])
  func predicted(_ take: GoldenTake, _ mode: PlayingMode) {
    for style in MusicalFacts.styles {
      var improviser = Improviser(
        settings: Settings(playing: PlayingSettings(mode: mode)), styles: [style], seed: 3)
      // Of what is meant for a beat: the least division, a twenty-fourth, is farther away.
      var distances: [Double] = []
      for input in take.inputs {
        while let deadline = improviser.nextDeadline, deadline <= input.at {
          let actions = improviser.step([], at: deadline)
          guard let beat = improviser.beat(at: deadline) else { continue }
          for case .report(.playedAlong(let notes, _, _), _) in actions {
            let starts = notes.map { beat.position(at: $0.onset).count }
            distances += starts.map { ($0 - $0.rounded()).magnitude }.filter { $0 < 0.03 }.map {
              beat.tempo.duration(of: Beats($0)).seconds
            }
          }
        }
        _ = improviser.step([input], at: input.at)
      }
      #expect(distances.count > 4 && distances.allSatisfy { $0 < 0.005 }, "\(style.name): \(distances.max() ?? 0) s")
    }
  }

  @Test(
    "a chart goes round and round in time: in each of three times round the chords are its own",
    arguments: [ChordChart.blues, .twoFiveOne], [PlayingMode.accompany, .phraseMatch])
  func looped(_ chart: ChordChart, _ mode: PlayingMode) {
    let inputs = Self.steady(bars: 3 * chart.bars).inputs
    let round = Self.tempo.duration(of: chart.length).seconds
    for style in MusicalFacts.styles {
      let notes = Self.planned(
        GoldenSessionTests.run(inputs, PlayingSettings(mode: mode, chart: chart), style: style))
      for time in 0..<3 {
        let now = notes.filter { Int(($0.onset - .zero).seconds / round) == time }
        let fitting = now.count { note in
          chart.chord(at: Self.tempo.beats(in: note.onset - .zero) + Beats(0.05))?.pitchClasses
            .contains(note.pitch.pitchClass) ?? false
        }
        #expect(now.count > 3 && fitting * 10 >= now.count * 9, "\(style.name): \(fitting) of \(now.count)")
      }
    }
  }

  @Test("who accompanies keeps out of the player's register", arguments: [PlayingMode.accompany, .phraseMatch])
  func register(_ mode: PlayingMode) {
    let output = GoldenSessionTests.run(Self.steady(bars: 12).inputs, PlayingSettings(mode: mode, chart: .blues))
    let shared = Self.planned(output).dropFirst(8).filter { $0.pitch.number >= 71 }
    #expect(shared.isEmpty)
  }

  @Test("beside a busy player fewer notes are played than beside a calm one")
  func space() {
    func perBar(_ inputs: [Input]) -> Double {
      Double(Self.planned(GoldenSessionTests.run(inputs, PlayingSettings(mode: .accompany, chart: .blues))).count)
    }
    var busy = FakeKeyboard()
    busy.play(line: (0..<(16 * 16)).map { 72 + $0 % 12 }, every: .milliseconds(125))
    #expect(perBar(busy.inputs) < 0.8 * perBar(Self.steady(bars: 16).inputs))
  }

  @Test("playing along ends when the player does")
  func ends() {
    for mode in [PlayingMode.accompany, .phraseMatch] {
      let keyboard = Self.steady(bars: 8)
      let output = GoldenSessionTests.run(keyboard.inputs, PlayingSettings(mode: mode))
      #expect(output.played.map(\.release).max() ?? .zero < keyboard.clock.now + .seconds(6))
    }
  }

  @Test("in a trade each turn of jamd begins on the bar line and ends by the next turn", arguments: [1, 2, 4])
  func trade(bars: Int) throws {
    let keyboard = Self.steady(bars: bars == 1 ? 2 : bars)
    let output = GoldenSessionTests.run(keyboard.inputs, PlayingSettings(mode: .trade, bars: bars))
    let turn = try #require(
      output.reports.lazy.compactMap { report, _ in
        if case .answered(let notes, _, _, _) = report { notes } else { nil }
      }.first)
    let start = try #require(turn.map(\.onset).min())
    let bar = Self.tempo.duration(of: Beats(4))
    let turns = (start - .zero) / (bar * bars)
    #expect((turns - turns.rounded()).magnitude * bar.seconds * Double(bars) < 0.005, "begins at \(turns) turns")
    #expect(turn.allSatisfy { $0.release <= start + bar * bars + .milliseconds(1) })
  }

  @Test("a change of mode in the middle of everything silences at once and goes on in the new way")
  func changes() {
    for former in PlayingMode.allCases {
      for next in PlayingMode.allCases {
        var keyboard = Self.steady(bars: 6)
        keyboard.wait(.milliseconds(700))
        let change = keyboard.clock.now
        keyboard.command(.mode(next))
        let again = Self.steady(bars: 6, from: change - .zero + .seconds(4))
        let output = GoldenSessionTests.run(keyboard.inputs + again.inputs, PlayingSettings(mode: former, bars: 2))
        #expect(output.problems.isEmpty && output.isDone, "\(former) to \(next): \(output.problems.prefix(2))")
        #expect(!output.played.contains { $0.onset < change && $0.release > change })
        #expect(output.played.contains { $0.onset > change + .seconds(4) }, "\(former) to \(next)")
      }
    }
  }

  @Test("the wheel moves the morph, the pedals ask for an answer and for silence, and a learned controller is learned")
  func controls() {
    var keyboard = Self.steady(bars: 1)
    keyboard.send(.controlChange(66, 127))
    let asked = keyboard.clock.now
    keyboard.wait(.milliseconds(900))
    keyboard.send(.controlChange(67, 127))
    let stopped = keyboard.clock.now
    keyboard.command(.learn(.tap))
    keyboard.send(.controlChange(20, 127))
    let output = GoldenSessionTests.run(keyboard.inputs, PlayingSettings())
    #expect(output.played.map(\.onset).min().map { $0 - asked <= .milliseconds(20) } ?? false)
    #expect(output.played.allSatisfy { $0.release <= stopped })
    #expect(output.reports.contains { $0.report == .controlLearned(.tap, controller: 20) })
  }

  @Test("a command told by a marker is the same command again")
  func markers() throws {
    let commands: [Command] = [
      .panic, .mode(.phraseMatch), .role(.lead), .role(nil), .bars(8), .variation(.stochastic), .variation(.perceptual),
      .chart(nil), .chart(.blues),
      .move(.density, 0.3), .move(.order, 0.5), .morph(0.25, over: .seconds(8)), .tap, .answer, .stop,
      .learn(.temperature),
    ]
    for command in commands {
      let marker = try #require(command.marker)
      #expect(Command(marker: marker)?.marker == marker)
    }
    #expect(Command(marker: "phrase: 4 notes") == nil && Command(marker: "answer: 3 notes") == nil)
  }

  @Test("a chart told in one line is the same chart again")
  func lines() throws {
    for chart in [ChordChart.blues, .twoFiveOne, try ChordChart("metre: 3/4\n| Am E7 Am | NC | C / G7 |")] {
      let again = try ChordChart(line: chart.line)
      #expect(again.changes == chart.changes && again.metre == chart.metre && again.bars == chart.bars)
    }
  }
}
