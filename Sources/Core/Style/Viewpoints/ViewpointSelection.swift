// SPDX-License-Identifier: Apache-2.0
// Core/Style: the statistical model. Which viewpoints a style should use, found out from pieces.
import Music

/// A `StepwiseSelection` of one property's viewpoints on held-out pieces.
public struct ViewpointSelection: Sendable {
  public struct Step: Sendable {
    public let isAddition: Bool
    public let viewpoint: Viewpoint
    /// Bits a note, of the choice after this step.
    public let bits: Double
  }

  /// Prediction asks every viewpoint: more of a property would make it slow.
  public static let highestCount = 8

  public let property: PredictedProperty
  private let candidates: [Viewpoint]
  private var selection: StepwiseSelection
  private let placesPerNote: Double

  /// `folds` must be of the same candidates.
  public init(_ property: PredictedProperty, folds: [CandidateOpinions]) {
    self.property = property
    candidates = folds.first?.candidates ?? []
    let pieces = folds.enumerated().flatMap { fold, opinions in opinions.pieces.map { $0 * folds.count + fold } }
    placesPerNote =
      Double(folds.reduce(0) { $0 + $1.allPlaces }) / Double(max(1, folds.reduce(0) { $0 + $1.notes }))
    selection = StepwiseSelection(
      candidates: candidates.count, highestCount: Self.highestCount, pieces: pieces
    ) { choice in folds.flatMap { $0.bits(choice) } }
  }

  /// Decisions in the held-out pieces that were asked about.
  public var places: Int { selection.costs.count }

  /// Bits a note of the held-out pieces, of the present choice: those of all properties add up.
  public var bits: Double { selection.cost * placesPerNote }

  /// In the order of the candidates.
  public var viewpoints: [Viewpoint] { selection.chosen.sorted().map { candidates[$0] } }

  /// The same as `bits` for any other choice; viewpoints that are no candidates do not count.
  public func bits(of viewpoints: [Viewpoint]) -> Double {
    selection.cost(of: candidates.indices.filter { viewpoints.contains(candidates[$0]) }) * placesPerNote
  }

  /// One step, nil when the choice is made. O(candidates * places * chosen).
  public mutating func next() -> Step? {
    selection.next().map { Step(isAddition: $0.isAddition, viewpoint: candidates[$0.number], bits: bits) }
  }
}
