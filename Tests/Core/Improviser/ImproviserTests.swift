// SPDX-License-Identifier: Apache-2.0
// Tests of Core/Improviser: listening, learning and answering as one.
import Improviser
import Music
import Style
import Testing

@Suite struct ImproviserTests {
  static func improviser(_ settings: Settings = Settings(), seed: UInt64 = 1) -> Improviser {
    Improviser(settings: settings, styles: [TestStyles.steady], seed: seed)
  }

  /// A phrase of single notes, and when its last key is released.
  static func phrase(
    _ pitches: [Int] = [60, 64, 67, 72, 71, 67], from start: Duration = .zero, interval: Duration = .milliseconds(250)
  ) -> (inputs: [Input], end: Instant) {
    var end = Instant.zero
    let inputs = pitches.enumerated().flatMap { index, number in
      let pitch = Pitch(clamping: number)
      let onset = Instant.zero + start + interval * index
      end = onset + interval / 2
      return [
        Input(at: onset, .midi(.noteOn(pitch, Velocity(clamping: 80)), from: .jack)),
        Input(at: end, .midi(.noteOff(pitch), from: .jack)),
      ]
    }
    return (inputs, end)
  }

  static func run(_ inputs: [Input], _ improviser: Improviser = improviser()) -> Performance {
    var replay = Replay(improviser)
    replay.run(inputs)
    return replay.performance
  }

  @Test("another player begins with what is known of him, and the former one's phrases are not learned to him")
  func players() {
    let (first, end) = Self.phrase()
    var model = PlayerModel()
    model.learn([Note(pitch: Pitch(clamping: 60), onset: .zero, duration: Beats(1))], key: nil)
    let change = Input(at: end + .seconds(20), .command(.player(model)))
    let (second, _) = Self.phrase(from: .seconds(40))
    let totals = Self.run(first + [change] + second).reports.compactMap { report, _ in
      if case .learned(_, let total) = report { total } else { nil }
    }
    #expect(totals == [6, 7])
  }

  @Test("a phrase is answered after its silence, once, starting within 20 ms of the decision")
  func answers() throws {
    let (inputs, end) = Self.phrase()
    let performance = Self.run(inputs)
    var decided: Instant?
    for (report, at) in performance.reports { if case .phraseEnded = report { decided = at } }
    let decision = try #require(decided)
    let first = try #require(performance.played.first)
    #expect(decision - end >= .milliseconds(250) && decision - end <= .milliseconds(1500))
    #expect(first.onset >= decision && first.onset - decision <= .milliseconds(20))
  }

  @Test("the answer is about as long as the phrase, in its register, about as loud, and ends in its key")
  func answerFits() throws {
    let (inputs, _) = Self.phrase([60, 62, 64, 65, 67, 69, 71, 72, 71, 69, 67, 65, 64, 62, 60])
    for seed in 1...20 as ClosedRange<UInt64> {
      let played = Self.run(inputs, Self.improviser(seed: seed)).played
      let answer = try #require(Phrase(played))
      let length = (answer.end - answer.start).seconds
      #expect((1.5...7.5).contains(length), "\(length) s for a phrase of 3.6 s")
      #expect(played.allSatisfy { (50...84).contains(Int($0.pitch.number)) })
      let loudness = played.reduce(0) { $0 + Int($1.velocity.value) } / played.count
      #expect((60...100).contains(loudness))
      #expect([0, 4, 7].contains(played.last?.pitch.pitchClass.number))
    }
  }

  @Test("the same playing with the same seed gives the same answer, with another seed another one")
  func deterministic() {
    let (inputs, _) = Self.phrase()
    #expect(Self.run(inputs).played == Self.run(inputs).played)
    let answers = (1...8).map { Self.run(inputs, Self.improviser(seed: $0)).played.map(\.pitch) }
    #expect(Set(answers).count > 1)
  }

  @Test("however often and in whatever batches it is called, it does the same")
  func batching() {
    var random = RandomSource(seed: 10)
    let inputs =
      Self.phrase().inputs + Self.phrase([72, 71, 69, 67], from: .seconds(3)).inputs
      + Self.phrase([60, 60, 62], from: .seconds(9)).inputs
    let reference = Self.run(inputs)
    for _ in 0..<30 {
      var improviser = Self.improviser()
      var performance = Performance()
      var index = 0
      var now = Instant.zero
      while now < .zero + .seconds(20) {
        let next = now + .milliseconds(Int64.random(in: 1...400, using: &random))
        var batch: [Input] = []
        while index < inputs.count, inputs[index].at <= next {
          batch.append(inputs[index])
          index += 1
        }
        now = next
        for action in improviser.step(batch, at: now) { performance.take(action) }
      }
      #expect(performance.played == reference.played)
    }
  }

  @Test("when the player starts again, nothing of the answer starts any more and what sounds of it ends there")
  func yields() {
    let first = Self.phrase()
    let again = Instant.zero + .seconds(3)
    let performance = Self.run(first.inputs + Self.phrase([50], from: .seconds(3)).inputs)
    let before = performance.played.filter { $0.onset < again }
    #expect(!before.isEmpty)
    #expect(before.allSatisfy { $0.release <= again })
    #expect(performance.reports.contains { if case .yielded = $0.report { true } else { false } })
  }

  @Test("with overlap the answer plays on")
  func overlap() {
    let first = Self.phrase()
    let inputs = first.inputs + Self.phrase([50], from: .seconds(3)).inputs
    let performance = Self.run(inputs, Self.improviser(Settings(overlap: true)))
    let alone = Self.run(first.inputs).played
    #expect(Array(performance.played.prefix(alone.count)) == alone)
  }

  @Test("panic silences at once and forgets the phrase in progress")
  func panic() {
    let (inputs, _) = Self.phrase()
    let cut = inputs.prefix(7) + [Input(at: .zero + .seconds(1), .command(.panic))]
    #expect(Self.run(Array(cut)).played.isEmpty)
    let late = Self.run(inputs + [Input(at: .zero + .seconds(3), .command(.panic))]).played
    #expect(late.allSatisfy { $0.release <= .zero + .seconds(3) })
  }

  @Test("every phrase is learned at once")
  func learns() {
    let performance = Self.run(Self.phrase().inputs)
    let learned = performance.reports.compactMap { report, _ in
      if case .learned(let notes, let total) = report { (notes.count, total) } else { nil }
    }
    #expect(learned.count == 1 && learned[0] == (6, 6))
  }

  @Test("a style asked for takes over at the next phrase, or at once with the rest of the answer")
  func styles() {
    let (inputs, _) = Self.phrase()
    let other = TestStyles.style("other", rhythm: [0.25])
    func answers(_ moment: Command.Moment, at seconds: Double) -> [(styles: [String], at: Instant)] {
      let command = Input(at: .zero + .seconds(seconds), .command(.use([other], moment)))
      let second = Self.phrase(from: .seconds(20)).inputs
      return Self.run(inputs + [command] + second).reports.compactMap { report, at in
        if case .answered(_, _, let styles, _) = report { (styles, at) } else { nil }
      }
    }
    #expect(answers(.nextPhrase, at: 3).map(\.styles) == [["steady"], ["other"]])
    #expect(answers(.now, at: 3).map(\.styles) == [["steady"], ["other"], ["other"]])
  }

  @Test("without a style and with no weight for the player there is no answer, and no crash")
  func noStyle() {
    let improviser = Improviser(settings: Settings(playerWeight: 0), styles: [], seed: 1)
    #expect(Self.run(Self.phrase().inputs, improviser).played.isEmpty)
  }
}
