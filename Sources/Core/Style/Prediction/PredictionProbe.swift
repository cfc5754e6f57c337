// SPDX-License-Identifier: Apache-2.0
// Core/Style: the statistical model. Every distribution that composing draws from, to be looked at.
import Music

/// One decision in a piece and what composing would have drawn it from.
package struct PredictionProbe: Sendable {
  package let property: PredictedProperty
  /// Counted from the highest stream down, and from the first onset.
  package let stream: Int
  package let event: Int
  /// What the piece has here.
  package let outcome: Int
  /// Of all outcomes, in order.
  package let probabilities: [Double]
}

extension StyleMixture {
  /// Every decision of `property` in `piece`, by the predictor that composes. `position` is where in a move of the mixture's
  /// weights it is asked. O(events * viewpoints * log n).
  package func probes(
    _ property: PredictedProperty, in piece: Piece, player: borrowing PlayerModel, position: Beats = .zero
  ) -> [PredictionProbe] {
    var predictor = Predictor(self)
    var probes: [PredictionProbe] = []
    for (stream, sequence) in EventReader(piece).sequences().enumerated() {
      for place in property.places(in: sequence) {
        let asked = Predictor.Place(
          event: place.event, index: place.index, events: sequence.bytes, former: place.former, role: sequence.role,
          position: position.count)
        predictor.predict(property.targets, asked, outcomes: property.outcomes, player: player) {
          property.symbol(of: $1, $0, place)
        }
        probes.append(
          PredictionProbe(
            property: property, stream: stream, event: place.index, outcome: place.outcome,
            probabilities: Array(predictor.probabilities.prefix(property.outcomes))))
      }
    }
    return probes
  }
}
