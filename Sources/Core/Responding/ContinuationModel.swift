// SPDX-License-Identifier: Apache-2.0
// Core/Responding: what a way of answering asks of a style.
import Music

/// Something that can continue music. The improviser puts the styles and the player's own model behind it.
public protocol ContinuationModel {
  /// Notes in score order, beat 0 at the continuation's first onset; empty only when the model knows nothing at all.
  func continuation(of request: ContinuationRequest, using random: inout RandomSource) -> [Note]
}
