// SPDX-License-Identifier: Apache-2.0
// Core/Improviser: a session in virtual time.
import Music

/// Runs the one improviser over recorded inputs as if they happened now, meeting every deadline exactly.
public struct Replay {
  private var improviser: Improviser
  public private(set) var performance = Performance()

  public init(_ improviser: Improviser) { self.improviser = improviser }

  /// All inputs, then everything that they still cause. O(inputs) beside what the improviser's own steps cost.
  public mutating func run(_ inputs: [Input]) {
    for input in inputs { perform(improviser.step([input], at: input.at)) }
    while let deadline = improviser.nextDeadline { perform(improviser.step([], at: deadline)) }
  }

  private mutating func perform(_ actions: [Action]) {
    for action in actions { performance.take(action) }
  }
}
