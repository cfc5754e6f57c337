// SPDX-License-Identifier: Apache-2.0
// Tests of Core/Style: loudness, articulation and micro-timing of answers.
import Music
import Style
import Testing

@Suite struct ExpressionTests {
  /// Eighths in C major of which those between the beats are late, chords on the beats rolled up to a loud highest note.
  private struct Hands {
    var late = 0.0
    var roll = 0.0
    var voicing = 0
    var articulation = 1.0
    var jitter = 0.0
    var velocities = [64]

    func phrase(seed: UInt64, eighths: Int = 32, chords: Bool = false) -> [Note] {
      var random = RandomSource(seed: seed)
      var degree = 14
      return (0..<eighths).flatMap { index -> [Note] in
        degree = min(20, max(8, degree + Int.random(in: -2...2, using: &random)))
        let pitch = 36 + degree / 7 * 12 + [0, 2, 4, 5, 7, 9, 11][degree % 7]
        let isBetween = index % 2 == 1
        let deviation = index == 0 ? 0 : (isBetween ? late : 0) + jitter * (random.uniform() * 2 - 1)
        let velocity = velocities[index % velocities.count]
        let pitches = chords && !isBetween ? [pitch - 8, pitch - 4, pitch] : [pitch]
        return pitches.enumerated().map { place, pitch in
          let isHighest = place == pitches.count - 1
          return Note(
            pitch: Pitch(clamping: pitch), velocity: Velocity(clamping: velocity - (isHighest ? 0 : voicing)),
            onset: Beats(Double(index) / 2 + deviation + roll * Double(place)),
            duration: Beats(0.5 * articulation))
        }
      }
    }

    func player(chords: Bool = false) -> PlayerModel {
      var player = PlayerModel()
      for seed in 0..<20 { player.learn(phrase(seed: UInt64(seed), chords: chords), key: .cMajor) }
      return player
    }
  }

  private static let scores = {
    var learner = StyleLearner(information: StyleInformation(title: "scores"))
    for seed in 0..<20 { learner.learn(piece(Hands().phrase(seed: UInt64(seed) + 100, chords: true))) }
    return learner.style()
  }()

  private static func piece(_ notes: [Note]) -> Piece {
    Piece(
      parts: [Part(notes: notes)], keys: [Positioned(position: .zero, value: .cMajor)],
      timeSignatures: [Positioned(position: .zero, value: .common)])
  }

  /// Forty answers of eight beats.
  private func answers(
    _ style: Style?, _ player: PlayerModel = PlayerModel(), to call: [Note] = Hands().phrase(seed: 7)
  ) throws -> [[Note]] {
    let mixture = try #require(StyleMixture(parts: style.map { [($0, 0.7)] } ?? [], playerWeight: 0.3))
    return (0..<40 as Range<UInt64>).map { seed in
      var random = RandomSource(seed: seed)
      let request = ContinuationRequest(context: call, key: .cMajor, length: Beats(8), loudness: Velocity(clamping: 80))
      return mixture.continuation(of: request, player: player, using: &random)
    }
  }

  /// From the nearest half of a beat.
  private func deviation(_ note: Note) -> Double { note.onset.count - (note.onset.count * 2).rounded() / 2 }

  private func isBetween(_ note: Note) -> Bool { Int((note.onset.count * 2).rounded()) % 2 == 1 }

  private func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(max(1, values.count)) }

  @Test("scores teach no micro-timing and no loudness: answers are on the grid and as loud as the call, never made up")
  func nothingInvented() throws {
    for answer in try answers(Self.scores) {
      for note in answer {
        #expect(abs(deviation(note)) < 1e-9)
        #expect(note.velocity == Velocity(clamping: 80))
      }
    }
  }

  @Test("where a style has no micro-timing the player's own counts: late between the beats, and on the beats on them")
  func playersTiming() throws {
    let hands = Hands(late: 0.06)
    let notes = try answers(Self.scores, hands.player(), to: hands.phrase(seed: 7)).flatMap { $0 }
    let late = notes.filter(isBetween).map(deviation)
    let onBeat = notes.filter { !isBetween($0) }.map(deviation)
    #expect(late.count > 100 && onBeat.count > 100)
    #expect(abs(mean(late) - 0.06) < 0.02, "\(mean(late))")
    #expect(abs(mean(onBeat)) < 0.01, "\(mean(onBeat))")
  }

  @Test("a style of played pieces has the micro-timing of its pieces, without any player")
  func stylesTiming() throws {
    let hands = Hands(late: 0.06)
    var learner = StyleLearner(information: StyleInformation(title: "played"))
    for seed in 0..<20 { learner.learn(Self.piece(hands.phrase(seed: UInt64(seed)))) }
    let notes = try answers(learner.style()).flatMap { $0 }
    let late = notes.filter(isBetween).map(deviation)
    #expect(abs(mean(late) - 0.06) < 0.02, "\(mean(late))")
  }

  @Test("timing as loose as the player's and not looser, also when the tempo was misjudged by two per cent")
  func looseness() throws {
    for stretch in [0.98, 1, 1.02] {
      var player = PlayerModel()
      for seed in 0..<20 {
        let phrase = Hands(jitter: 0.025).phrase(seed: UInt64(seed)).map { note in
          var note = note
          note.onset = note.onset * stretch
          return note
        }
        player.learn(phrase, key: .cMajor)
      }
      let notes = try answers(Self.scores, player).flatMap { $0.dropFirst() }
      let spread = mean(notes.map { deviation($0) * deviation($0) }).squareRoot()
      // Uniform within 0.025 on either side has a standard deviation of 0.0144.
      #expect((0.011...0.021).contains(spread), "\(stretch): \(spread)")
      #expect(abs(mean(notes.map(deviation))) < 0.008)
    }
  }

  @Test("chords are rolled and voiced as the player does")
  func chords() throws {
    let hands = Hands(roll: 0.015, voicing: 20, velocities: [84, 84, 80])
    let answers = try answers(Self.scores, hands.player(chords: true), to: hands.phrase(seed: 7, chords: true))
    var (rolls, voicings): ([Double], [Double]) = ([], [])
    for answer in answers {
      for chord in chords(in: answer) {
        rolls.append((chord[chord.count - 1].onset - chord[0].onset).count)
        voicings.append(Double(chord[chord.count - 1].velocity.value) - Double(chord[0].velocity.value))
      }
    }
    #expect(rolls.count > 100)
    #expect(abs(mean(rolls) - 0.03) < 0.008, "\(mean(rolls))")
    #expect(abs(mean(voicings) - 20) < 4, "\(mean(voicings))")
  }

  /// Notes that begin together, three or more, from the lowest up.
  private func chords(in notes: [Note]) -> [[Note]] {
    var groups: [[Note]] = []
    for note in notes {
      if let first = groups.last?.first, (note.onset - first.onset).count < 0.1 {
        groups[groups.count - 1].append(note)
      } else {
        groups.append([note])
      }
    }
    return groups.filter { $0.count > 2 }.map { $0.sorted { $0.pitch < $1.pitch } }
  }

  @Test("who plays short is answered short, who plays accents with accents")
  func articulation() throws {
    let hands = Hands(articulation: 0.4, velocities: [96, 64])
    let notes = try answers(nil, hands.player(), to: hands.phrase(seed: 7)).flatMap { $0.dropLast() }
    let short = notes.filter { abs($0.duration.count - 0.2) < 0.03 }
    #expect(Double(short.count) / Double(notes.count) > 0.8)
    let accented = mean(notes.filter { !isBetween($0) }.map { Double($0.velocity.value) })
    let others = mean(notes.filter(isBetween).map { Double($0.velocity.value) })
    #expect(abs(accented - others - 32) < 12, "\(accented), \(others)")
  }

  @Test("however loose the playing: onsets of a line keep their order, nothing begins before beat 0 or lasts no time")
  func order() throws {
    for seed in 0..<40 as Range<UInt64> {
      var player = PlayerModel()
      for phrase in 0..<4 as Range<UInt64> { player.learn(syntheticPhrase(seed: seed &* 4 &+ phrase), key: nil) }
      let mixture = try #require(StyleMixture(parts: [], playerWeight: 1))
      var random = RandomSource(seed: seed)
      let request = ContinuationRequest(context: syntheticPhrase(seed: seed), length: Beats(16), polyphony: 1)
      let notes = mixture.continuation(of: request, player: player, using: &random)
      #expect(notes.first?.onset == .zero && notes == notes.sorted(by: Note.inScoreOrder))
      for (note, next) in zip(notes, notes.dropFirst()) {
        #expect(next.onset > note.onset && note.duration.count > 0)
      }
    }
  }
}

extension Key {
  fileprivate static let cMajor = Key(tonic: PitchClass(0), mode: .major)
}
