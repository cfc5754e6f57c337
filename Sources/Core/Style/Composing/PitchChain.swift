// SPDX-License-Identifier: Apache-2.0
// Core/Style: pitches in a chain, with constraints.
import Music

/// A first-order Markov chain of pitches in which each step may be constrained by a unary potential: a weight for every
/// pitch, zero where it is forbidden. The backward pass is belief propagation on a chain (Pachet, Roy and Barbieri,
/// "Finite-length Markov processes with constraints", IJCAI 2011, section 4; Papadopoulos, Pachet, Roy and Sakellariou,
/// "Exact sampling for regular and Markov constraints with belief propagation", CP 2015, section 3). Sampling forwards
/// with its messages is exact for this chain: each sequence comes with its probability given the constraints.
package struct PitchChain: Sendable {
  /// Wider intervals count as this wide: they are rare enough to be as likely as each other.
  package static let reach = 60

  package let low: Int
  package let count: Int
  /// For each pitch that is left, the probabilities of the next; `count` by `count`.
  private let transitions: [Double]

  /// Of the pitches `low...high`. `interval` is the chance to leave a pitch class by so many semitones, -`reach`...`reach`,
  /// above zero; it is normalised over the pitches that there are. O(count * count).
  package init(_ pitches: ClosedRange<Int>, interval: (_ from: PitchClass, _ semitones: Int) -> Double) {
    low = pitches.lowerBound
    count = pitches.count
    var transitions: [Double] = []
    transitions.reserveCapacity(count * count)
    for from in pitches {
      let row = pitches.map { interval(PitchClass(from), min(Self.reach, max(-Self.reach, $0 - from))) }
      let sum = row.reduce(0, +)
      transitions += row.map { $0 / sum }
    }
    self.transitions = transitions
  }

  package func probability(of next: Int, after pitch: Int) -> Double {
    transitions[(pitch - low) * count + next - low]
  }

  /// For each step, how well each pitch leads on: the probability, up to a factor, that the steps after it keep to their
  /// potentials. Nil stands for all ones: a step without a constraint, or with nothing ahead of it. Every potential needs
  /// a value above zero. O(steps * count * count) up to the last constraint.
  package func messages(_ potentials: [[Double]?]) -> [[Double]?] {
    var messages = [[Double]?](repeating: nil, count: potentials.count)
    for step in potentials.indices.dropLast().reversed() {
      var ahead: [Double]
      switch (potentials[step + 1], messages[step + 1]) {
      case (nil, nil): continue
      case (let potential?, nil): ahead = potential
      case (nil, let message?): ahead = message
      case (let potential?, let message?): ahead = zip(potential, message).map { $0 * $1 }
      }
      let highest = ahead.max() ?? 0
      if highest > 0 { for index in ahead.indices { ahead[index] /= highest } }
      messages[step] = expectation(of: ahead)
    }
    return messages
  }

  /// The mean of `values` after each pitch.
  private func expectation(of values: [Double]) -> [Double] {
    transitions.withUnsafeBufferPointer { transitions in
      values.withUnsafeBufferPointer { values in
        (0..<count).map { from in
          Self.product(UnsafeBufferPointer(rebasing: transitions[from * count..<(from + 1) * count]), values)
        }
      }
    }
  }

  private static func product(_ a: UnsafeBufferPointer<Double>, _ b: UnsafeBufferPointer<Double>) -> Double {
    var sums = SIMD4<Double>(repeating: 0)
    var index = 0
    while index + 4 <= a.count {
      let x = SIMD4<Double>(a[index], a[index + 1], a[index + 2], a[index + 3])
      let y = SIMD4<Double>(b[index], b[index + 1], b[index + 2], b[index + 3])
      sums += x * y
      index += 4
    }
    var sum = sums.sum()
    while index < a.count {
      sum += a[index] * b[index]
      index += 1
    }
    return sum
  }

  /// The chain's own distribution of the next pitch after `pitch`, given a step's potential and message: what exact
  /// sampling draws from. Sums to 1.
  package func distribution(after pitch: Int, potential: [Double]?, message: [Double]?) -> [Double] {
    let shares = (0..<count).map { next in
      probability(of: low + next, after: pitch) * (potential?[next] ?? 1) * (message?[next] ?? 1)
    }
    let sum = shares.reduce(0, +)
    return shares.map { $0 / sum }
  }
}
