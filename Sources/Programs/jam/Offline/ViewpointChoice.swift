// SPDX-License-Identifier: Apache-2.0
// Programs/jam, offline: which viewpoints a style uses, found out from its pieces.
import Dispatch
import Music
import Style
import Synchronization

/// Cross-validates every candidate over blocks of neighbouring pieces (movements and versions of one work mostly stand
/// together), and chooses stepwise, one property after the other.
package enum ViewpointChoice {
  /// Fewer pieces, or notes, tell nothing about others.
  package static let fewestPieces = 6
  package static let fewestNotes = 2_000
  /// With fewer decisions in all pieces a property keeps its standard viewpoints.
  private static let fewestPlaces = 200
  private static let folds = 4
  /// Decisions of one property in one fold that are asked about.
  private static let placesOfFold = 1_500

  /// `tell` gets a line for each step.
  package static func viewpoints(_ pieces: [Piece], tell: (String) -> Void) throws(FileFailure) -> [Viewpoint] {
    let notes = pieces.reduce(0) { $0 + Learning.noteCount($1) }
    guard pieces.count >= fewestPieces, notes >= fewestNotes else {
      throw .nothingFound(
        "\(pieces.count) pieces with \(notes) notes are too few to select viewpoints by: it takes \(fewestPieces) pieces "
          + "and \(fewestNotes) notes. Give it more music, or learn without --select")
    }
    let choices = PredictedProperty.allCases.map { choice(of: $0, pieces, tell) }
    let chosen = EvaluationText.rounded(choices.reduce(0) { $0 + $1.bits }, 4)
    let standard = EvaluationText.rounded(choices.reduce(0) { $0 + $1.standardBits }, 4)
    tell("selected: \(chosen) bits/note in all; the standard viewpoints: \(standard)")
    return choices.flatMap(\.viewpoints)
  }

  private struct Choice {
    var viewpoints: [Viewpoint]
    /// A note.
    var bits, standardBits: Double
  }

  private static func choice(of property: PredictedProperty, _ pieces: [Piece], _ tell: (String) -> Void) -> Choice {
    let start = monotonicSeconds()
    let standard = Viewpoint.standard.filter { property.targets.contains($0.target) }
    var selection = ViewpointSelection(property, folds: opinions(of: property, pieces))
    let standardBits = selection.bits(of: standard)
    guard selection.places >= fewestPlaces else {
      tell("\(property): \(selection.places) decisions are too few to select by; the standard viewpoints stay")
      return Choice(viewpoints: standard, bits: standardBits, standardBits: standardBits)
    }
    func line(_ what: String, _ bits: Double) {
      let seconds = EvaluationText.rounded(monotonicSeconds() - start, 1)
      tell("\(property) \(EvaluationText.rounded(bits, 4)) bits/note, \(seconds) s: \(what)")
    }
    line("no viewpoint", selection.bits)
    while let step = selection.next() {
      line("\(step.isAddition ? "+" : "-") \(InspectionText.words(step.viewpoint))", step.bits)
    }
    line("the standard viewpoints, to compare", standardBits)
    let chosen = selection.viewpoints
    return Choice(
      viewpoints: chosen.isEmpty ? standard : chosen, bits: chosen.isEmpty ? standardBits : selection.bits,
      standardBits: standardBits)
  }

  private static func opinions(of property: PredictedProperty, _ pieces: [Piece]) -> [CandidateOpinions] {
    let found = Mutex<[Int: CandidateOpinions]>([:])
    DispatchQueue.concurrentPerform(iterations: folds) { fold in
      let block = pieces.count * fold / folds..<pieces.count * (fold + 1) / folds
      let training = pieces.indices.filter { !block.contains($0) }.map { pieces[$0] }
      let opinions = CandidateOpinions(
        of: property, training: training, heldOut: Array(pieces[block]), limit: placesOfFold)
      found.withLock { $0[fold] = opinions }
    }
    let all = found.withLock { $0 }
    return (0..<folds).compactMap { all[$0] }
  }
}
