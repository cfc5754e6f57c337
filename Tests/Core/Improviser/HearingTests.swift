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

  /// Eight bars of eighths at 120 beats a minute, long to short in `ratio`, and what is answered.
  private static func offBeats(swing ratio: Double) throws -> [Double] {
    let beat = 0.5
    var keyboard = FakeKeyboard()
    let line = [60, 62, 64, 65, 67, 69, 71, 72]
    for eighth in 0..<64 {
      let share = eighth % 2 == 0 ? ratio / (1 + ratio) : 1 / (1 + ratio)
      keyboard.play([line[eighth % 8]], every: .seconds(beat * share), share: 0.6)
    }
    keyboard.play([60], every: .seconds(beat), share: 0.6)
    let output = GoldenSessionTests.run(keyboard.inputs, PlayingSettings(mode: .answer))
    let notes = try #require(
      output.reports.lazy.compactMap { report, _ in
        if case .answered(let notes, _, _, _) = report { notes } else { nil }
      }.first)
    let first = try #require(notes.map(\.onset).min())
    let places = notes.map { ($0.onset - first).seconds / beat }
    return places.map { $0 - ($0 + 0.05).rounded(.down) }.filter { (0.35...0.85).contains($0) }
  }

  @Test(
    "a swung call is answered with off-beats of its ratio, in the middle of them within 12 %, a straight one with straight ones",
    arguments: [1, 1.5, 2])
  func swing(ratio: Double) throws {
    let places = try Self.offBeats(swing: ratio)
    #expect(places.count >= 8)
    let heard = places.map { $0 / (1 - $0) }.sorted()
    let median = heard[heard.count / 2]
    #expect((median / ratio - 1).magnitude < 0.12, "\(median) for \(ratio): \(places)")
  }
}
