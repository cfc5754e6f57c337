// SPDX-License-Identifier: Apache-2.0
// Programs/jam-bench: how fast pieces are learned.
import Music
import Style

enum LearningRate {
  /// Notes a second on one core, from the pieces to the finished style.
  static func figures(_ pieces: [Piece], named name: String, runs: Int) -> [Figure] {
    let notes = pieces.reduce(0) { $0 + $1.parts.reduce(0) { $0 + $1.notes.count } }
    guard notes > 0 else { return [.skipped("learning, \(name)", because: "there are no notes in it")] }
    return [("one viewpoint", oneViewpoint), ("full", Viewpoint.standard)].map { label, viewpoints in
      let rates = (0..<runs).map { _ in Double(notes) / (timed { learn(pieces, viewpoints) }.nanoseconds * 1e-9) }
      return .single("learning, \(label), \(name)", "notes/s", rates)
    }
  }

  static let oneViewpoint = Array(Viewpoint.standard.filter { $0.target == .interval }.prefix(1))

  static func learn(_ pieces: [Piece], _ viewpoints: [Viewpoint] = Viewpoint.standard) -> Style {
    var learner = StyleLearner(information: StyleInformation(title: "bench"), viewpoints: viewpoints)
    for piece in pieces { learner.learn(piece) }
    return learner.style()
  }

  /// A style of `notes` notes of ragtime.
  static func style(notes: Int) -> Style {
    var ragtime = Ragtime(seed: Extent.seed)
    return learn(ragtime.pieces(notes: notes))
  }
}
