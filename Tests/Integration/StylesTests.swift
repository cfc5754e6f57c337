// SPDX-License-Identifier: Apache-2.0
// Tests/Integration: the styles that ship, heard through the one improviser.
import Foundation
import Improviser
import Music
import Style
import Testing

@Suite struct StylesTests {
  static let names = ["joplin", "bach", "chopin"]

  static func style(_ name: String) throws -> WeightedStyle {
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: "\(LiveJam.styles)/\(name).style")))
    return WeightedStyle(name: name, style: try Style(decoding: bytes))
  }

  /// A call of mixed rhythm over a C major scale, at 100 beats a minute.
  static func call(_ seed: UInt64) -> [Input] {
    var random = RandomSource(seed: seed)
    var (at, step) = (0.0, 0)
    return (0..<16).flatMap { _ -> [Input] in
      let length = [0.25, 0.5, 0.5, 0.75, 1][Int.random(in: 0..<5, using: &random)] * 0.6
      step += Int.random(in: -2...2, using: &random)
      let pitch = Pitch(clamping: 67 + step / 7 * 12 + [0, 2, 4, 5, 7, 9, 10][(step % 7 + 7) % 7])
      defer { at += length }
      return [
        Input(at: .zero + .seconds(at), .midi(.noteOn(pitch, Velocity(clamping: 80)), from: .jack)),
        Input(at: .zero + .seconds(at + length * 0.8), .midi(.noteOff(pitch), from: .jack)),
      ]
    }
  }

  /// What a style learned from the answers in `style` would look like.
  static func summaryOfAnswers(in style: WeightedStyle, calls: UInt64) -> StyleSummary {
    var learner = StyleLearner(information: StyleInformation(title: "answers"))
    for seed in 0..<calls {
      var replay = Replay(Improviser(settings: Settings(playerWeight: 0), styles: [style], seed: seed))
      replay.run(call(seed))
      var tempo = Tempo.standard
      for (report, _) in replay.performance.reports {
        if case .phraseEnded(_, let heard, _) = report { tempo = heard }
      }
      guard let phrase = Phrase(replay.performance.played) else { continue }
      learner.learn(Piece(parts: [Part(notes: phrase.notes(at: tempo))]))
    }
    return learner.style().summary
  }

  static func shares(_ counts: [UInt32]) -> [Double] {
    let sum = max(1, counts.reduce(0.0) { $0 + Double($1) })
    return counts.map { Double($0) / sum }
  }

  /// By semitones up, modulo the octave.
  static func intervals(_ summary: StyleSummary) -> [Double] {
    var counts = [UInt32](repeating: 0, count: 12)
    for (index, count) in summary.pitchClassTransitions.enumerated() {
      counts[(index % 12 - index / 12 + 12) % 12] += count
    }
    return shares(counts)
  }

  /// Half the sum of the differences: 0 the same, 1 nothing in common.
  static func distance(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).reduce(0) { $0 + abs($1.0 - $1.1) } / 2
  }

  @Test("of the answers to the same calls, those in a style are the nearest to its corpus, in rhythms and in steps")
  func styles() throws {
    let styles = try Self.names.map(Self.style)
    let answers = styles.map { Self.summaryOfAnswers(in: $0, calls: 60) }
    for (style, name) in zip(styles, Self.names) {
      let distances = answers.map { answers in
        Self.distance(Self.shares(answers.interOnsets), Self.shares(style.style.summary.interOnsets))
          + Self.distance(Self.intervals(answers), Self.intervals(style.style.summary))
      }
      let table = zip(Self.names, distances).map { "in \($0) \(($1 * 1000).rounded() / 1000)" }
      print("styles: distance of the answers from the corpus of \(name): \(table.joined(separator: ", "))")
      #expect(distances.indices.min { distances[$0] < distances[$1] }.map { Self.names[$0] } == name)
    }
  }
}
