// SPDX-License-Identifier: Apache-2.0
// Tests of Core/Improviser: playing by a clock that somebody else keeps.
import Improviser
import JamTestKit
import Music
import Scores
import Testing

@Suite struct ClockTests {
  /// Quarters at 100 beats a minute while a clock says something else.
  static func inputs(_ clock: [(at: Duration, ClockState)], bars: Int = 8) -> [Input] {
    var keyboard = FakeKeyboard()
    for beat in 0..<(bars * 4) { keyboard.play([60 + beat % 5], every: .milliseconds(600)) }
    let states = clock.map { Input(at: .zero + $0.at, .command(.clock($0.1))) }
    return (keyboard.inputs + states).enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }
      .map(\.element)
  }

  static func improviser(_ mode: PlayingMode = .accompany) -> Improviser {
    Improviser(
      settings: Settings(playing: PlayingSettings(mode: mode, chart: .twoFiveOne)), styles: [TestStyles.steady], seed: 3
    )
  }

  static func onsets(_ inputs: [Input], _ improviser: Improviser) -> [Instant] {
    var (improviser, output) = (improviser, RecordingOutput())
    for input in inputs { output.take(improviser.step([input], at: input.at)) }
    while let deadline = improviser.nextDeadline { output.take(improviser.step([], at: deadline)) }
    output.advance(to: .zero + .seconds(1000))
    return output.played.map(\.onset)
  }

  @Test("while a clock runs, what is played along lies on its beat in phase and tempo, whatever the player's is")
  func led() {
    let tempo = Tempo(beatsPerMinute: 131)!
    let clock = ClockState.running(tempo, at: Beats(2.25), in: .common)
    let onsets = Self.onsets(Self.inputs([(.zero, clock)]), Self.improviser())
    let grid = BeatGrid(tempo: tempo, anchor: .zero, origin: Beats(2.25))
    let places = onsets.map { grid.position(at: $0).count * 12 }
    // Comping falls on beats and their halves and thirds; 5 ms are 0.13 of a twelfth of a beat.
    let near = places.filter { abs($0 - $0.rounded()) < 0.13 }
    // The few others lie where the player's feel puts them.
    #expect(onsets.count > 15 && near.count * 20 >= onsets.count * 19, "\(near.count) of \(onsets.count)")
    let onBeat = onsets.filter { abs(grid.position(at: $0).count - grid.position(at: $0).count.rounded()) < 0.011 }
    #expect(onBeat.count * 3 > onsets.count)
  }

  /// The share of what is played along that is in the chord of a chart, which stands at `beat` at the beginning.
  static func share(_ inputs: [Input], tempo: Double, at beat: Double) -> Double {
    var (improviser, output) = (improviser(), RecordingOutput())
    for input in inputs {
      while let deadline = improviser.nextDeadline, deadline <= input.at {
        output.take(improviser.step([], at: deadline))
      }
      output.take(improviser.step([input], at: input.at))
    }
    let notes = PlayingAlongTests.planned(output)
    let fitting = notes.count { note in
      let place = Beats(beat + (note.onset - .zero).seconds * tempo / 60 + 0.05)
      return ChordChart.twoFiveOne.chord(at: place)?.pitchClasses.contains(note.pitch.pitchClass) ?? false
    }
    return notes.count < 15 ? 0 : Double(fitting) / Double(notes.count)
  }

  @Test("with a clock the chart is where the song is, wherever the player comes in", arguments: [0, 6, 8, 21.0])
  func chart(_ position: Double) {
    let clock = ClockState.running(Tempo(beatsPerMinute: 100)!, at: Beats(position), in: .common)
    #expect(Self.share(Self.inputs([(.zero, clock)]), tempo: 100, at: position) > 0.9)
  }

  @Test("without a clock the chart begins at the downbeat that a pick-up leads to")
  func chartAfterPickUp() {
    for pickUp in [1.0, 2] {
      var player = TradingPlayer(bpm: 100, rounds: 2, pickUp: pickUp)
      let first = player.inputs
      player.pickUp = 0
      // Eight bars: two rounds without the rest.
      let second = player.inputs.filter { $0.at < .zero + .seconds(9.5) }
        .map { Input(at: $0.at + .seconds(9.6 + pickUp * 0.6), $0.event) }
      let inputs = first.filter { $0.at < .zero + .seconds(9.5 + pickUp * 0.6) } + second
      let late = Self.share(inputs, tempo: 100, at: -pickUp)
      #expect(late > 0.6 && late > Self.share(inputs, tempo: 100, at: 0), "\(pickUp): \(late)")
    }
  }

  @Test("a chart whose bars are heard late goes on where it is, though the player has rushed since he began")
  func chartOfRushing() {
    var (times, time) = ([Double](), 0.0)
    for beat in 0..<128 {
      times.append(time)
      time += 60 / (100 + 0.16 * Double(min(beat, 50)))
    }
    var inputs: [Input] = []
    for (beat, time) in times.enumerated() {
      // Even, until he accents.
      let isAccented = beat >= 48 && beat % 4 == 0
      let velocity = Velocity(isAccented ? 112 : beat >= 48 ? 64 : 76) ?? .standard
      let next = beat + 1 < times.count ? times[beat + 1] : time + 0.6
      for (half, pitch) in [isAccented ? 36 : 60 + beat % 5, 72].map({ Pitch(clamping: $0) }).enumerated() {
        let at = time + 0.5 * Double(half) * (next - time)
        let velocity = half == 0 ? velocity : Velocity(60) ?? .standard
        inputs.append(Input(at: .zero + .seconds(at), .midi(.noteOn(pitch, velocity), from: .jack)))
        inputs.append(Input(at: .zero + .seconds(at + 0.4 * (next - time)), .midi(.noteOff(pitch), from: .jack)))
      }
    }
    var (improviser, output) = (Self.improviser(), RecordingOutput())
    for input in inputs {
      while let deadline = improviser.nextDeadline, deadline <= input.at {
        output.take(improviser.step([], at: deadline))
      }
      output.take(improviser.step([input], at: input.at))
    }
    let notes = PlayingAlongTests.planned(output).filter { $0.onset > .zero + .seconds(times[64]) }
    let fitting = notes.count { note in
      let seconds = (note.onset - .zero).seconds + 0.03
      guard let beat = times.lastIndex(where: { $0 <= seconds }) else { return false }
      return ChordChart.twoFiveOne.chord(at: Beats(Double(beat) + 0.05))?.pitchClasses.contains(note.pitch.pitchClass)
        ?? false
    }
    #expect(notes.count > 20 && fitting * 10 >= notes.count * 8, "\(fitting) of \(notes.count)")
  }

  @Test("when a clock is lost the heard beat leads again; where it stops, nothing more begins until the player plays")
  func ends() {
    let running = ClockState.running(Tempo(beatsPerMinute: 131)!, at: .zero, in: .common)
    let lost = Self.onsets(Self.inputs([(.zero, running), (.seconds(8), .lost)]), Self.improviser())
    let late = lost.filter { $0 > .zero + .seconds(10) }
    let heard = BeatGrid(tempo: Tempo(beatsPerMinute: 100)!, anchor: .zero)
    let near = late.filter {
      abs(heard.position(at: $0).count * 12 - (heard.position(at: $0).count * 12).rounded()) < 0.15
    }
    #expect(late.count > 5 && near.count * 10 > late.count * 8, "\(near.count) of \(late.count)")
    let stop = Duration.seconds(19.21)
    let stopped = Self.onsets(Self.inputs([(.zero, running), (stop, .stopped)]), Self.improviser())
    #expect(stopped.contains { $0 > .zero + .seconds(17) })
    #expect(!stopped.contains { $0 > .zero + stop })
  }

  @Test("a clock that was never led by changes nothing when it stops")
  func foreign() {
    let plain = Self.onsets(Self.inputs([]), Self.improviser())
    #expect(plain == Self.onsets(Self.inputs([(.seconds(7), .stopped), (.seconds(9), .lost)]), Self.improviser()))
    #expect(plain.count > 10)
  }

  @Test("every state of a clock comes back from its marker, and told later it is the same clock")
  func markers() throws {
    var random = RandomSource(seed: 4)
    for _ in 0..<2000 {
      let tempo = Tempo(beatsPerMinute: Double.random(in: 1...999, using: &random))!
      let metre: TimeSignature? = random.next() & 1 == 0 ? nil : TimeSignature(beats: 6, unit: 8)
      let state = ClockState.running(tempo, at: Beats(Double.random(in: -50...9999, using: &random)), in: metre)
      let marker = try #require(Command.clock(state).marker)
      guard case .clock(let back) = Command(marker: marker) else {
        Issue.record("\(marker)")
        return
      }
      #expect(back == state)
      guard case .running(_, let position, _) = state,
        case .clock(.running(_, let later, _)) =
          Command(marker: Command.marker(marker, later: .seconds(2)))
      else { continue }
      #expect(abs((later - position).count - tempo.beats(in: .seconds(2)).count) < 1e-9)
    }
    for state in [ClockState.stopped, .lost] { #expect(ClockState("\(state)") == state) }
    for text in [
      "", "120", "120 at", "120 at x", "-1 at 0", "120 at 0 in", "120 at 0 in 4", "120 at 0 in 0/4", "nan at 1",
      "120 at inf", "stopped now", "120 at 0 in 4/4 x",
    ] {
      #expect(ClockState(text) == nil, "\(text)")
    }
    #expect(Command.marker("mode trade", later: .seconds(1)) == "mode trade")
  }
}
