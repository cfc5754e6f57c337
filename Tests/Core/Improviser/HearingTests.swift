// SPDX-License-Identifier: Apache-2.0
// Tests of Core/Improviser: what is told of what is heard, and the feel that answers keep.
import Improviser
import JamTestKit
import Music
import Testing

@Suite struct HearingTests {
  @Test("while somebody plays, beat, key, chord, density and loudness are told; to ask changes nothing")
  func playing() throws {
    var keyboard = FakeKeyboard()
    // C F G7 C in quarters at 100 beats a minute.
    for chord in [[48, 64, 67, 72], [53, 65, 69, 72], [55, 65, 71, 74], [48, 64, 67, 72]] {
      for _ in 0..<4 { keyboard.play(chord, every: .milliseconds(600), share: 0.9) }
    }
    var improviser = Improviser(styles: [TestStyles.steady], seed: 1)
    var asked = improviser
    var (actions, same): ([Action], [Action]) = ([], [])
    var heard: Hearing?
    for input in keyboard.inputs {
      actions += improviser.step([input], at: input.at)
      same += asked.step([input], at: input.at)
      heard = asked.hearing(at: input.at)
    }
    #expect(actions == same && improviser.nextDeadline == asked.nextDeadline)
    let hearing = try #require(heard)
    let tempo = try #require(hearing.beat).tempo.beatsPerMinute
    #expect([50.0, 100, 200].contains { (tempo / $0 - 1).magnitude < 0.02 }, "\(tempo)")
    #expect(hearing.key == Key(sharps: 0, mode: .major))
    #expect(hearing.chord == Chord(root: PitchClass(0), quality: .major))
    #expect((1.3...2.2).contains(hearing.density), "\(hearing.density)")
    #expect(hearing.loudness != nil && hearing.register != nil && (hearing.articulation ?? 0) > 0.7)
    let later = asked.hearing(at: keyboard.clock.now + .seconds(120))
    #expect(later.loudness == nil && later.density < 0.01)
  }

  /// Eight bars of eighths, long to short in `ratio`, and the places in the player's beats of what is answered.
  private static func places(swing ratio: Double, bpm: Double, jitter: Double) throws -> [Double] {
    var random = RandomSource(seed: 7)
    var keyboard = FakeKeyboard()
    let line = [60, 62, 64, 65, 67, 69, 71, 72]
    for eighth in 0...64 {
      let place = Double(eighth / 2) + (eighth % 2 == 1 ? ratio / (1 + ratio) : 0)
      let deviation = eighth == 0 ? 0 : (random.uniform() * 2 - 1) * jitter
      keyboard.wait(.zero + .seconds(place * 60 / bpm + deviation) - keyboard.clock.now)
      keyboard.press(line[eighth % 8])
      keyboard.wait(.seconds(0.2 * 60 / bpm))
      keyboard.release(line[eighth % 8])
    }
    let output = GoldenSessionTests.run(keyboard.inputs, PlayingSettings(mode: .answer))
    let notes = try #require(
      output.reports.lazy.compactMap { report, _ in
        if case .answered(let notes, _, _, _) = report { notes } else { nil }
      }.first)
    return notes.map { ($0.onset - .zero).seconds * bpm / 60 }
  }

  @Test(
    "an answer to steady eighths begins on the player's beat and keeps his tempo and his swing to its end",
    arguments: [1, 1.5, 2, 3].flatMap { ratio in [90.0, 140, 200].map { (ratio, $0) } }.filter { $0 != (1, 200) })
  func swing(ratio: Double, bpm: Double) throws {
    // Seconds at most: of exact playing, and of one whose onsets are up to 15 ms beside.
    for (jitter, tolerance) in [(0, 0.002), (0.015, 0.02)] {
      let places = try Self.places(swing: ratio, bpm: bpm, jitter: jitter)
      let beats = tolerance * bpm / 60
      let first = try #require(places.first)
      #expect((first - first.rounded()).magnitude < beats, "begins at \(first)")
      let offBeat = ratio / (1 + ratio)
      let off = places.filter { (0.3...0.9).contains($0 - ($0 + 0.05).rounded(.down)) }
      let near = places.count { place in
        [0, offBeat].contains { (place - $0 - (place - $0).rounded()).magnitude < beats * 2 }
      }
      #expect(places.count >= 16 && near * 10 >= places.count * 8, "\(jitter): \(near) of \(places.count): \(places)")
      let middle = off.map { $0 - ($0 + 0.05).rounded(.down) }.sorted()[off.count / 2]
      #expect((middle - offBeat).magnitude < (jitter > 0 ? 0.06 : 0.01), "\(jitter): off-beat at \(middle)")
    }
  }
}
