// SPDX-License-Identifier: Apache-2.0
// Tests of Core/Improviser: small styles to improvise in.
import Improviser
import Music
import Style

enum TestStyles {
  /// Learned from scales and broken chords in C major with the given rhythm, in beats.
  static func style(_ name: String, rhythm: [Double] = [0.5]) -> WeightedStyle {
    var learner = StyleLearner(information: StyleInformation(title: name))
    let shapes = [[0, 2, 4, 5, 7, 9, 11, 12], [12, 11, 9, 7, 5, 4, 2, 0], [0, 4, 7, 12, 7, 4, 2, 0]]
    for shift in [0, 12] {
      var onset = 0.0
      let notes = (shapes + shapes.reversed()).flatMap { $0 }.enumerated().map { index, step in
        defer { onset += rhythm[index % rhythm.count] }
        return Note(
          pitch: Pitch(clamping: 60 + shift + step), onset: Beats(onset),
          duration: Beats(rhythm[index % rhythm.count] * 0.9))
      }
      learner.learn(
        Piece(parts: [Part(notes: notes)], keys: [Positioned(position: .zero, value: Key(sharps: 0, mode: .major))]))
    }
    return WeightedStyle(name: name, style: learner.style())
  }

  static let steady = style("steady")
}
