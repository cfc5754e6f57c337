// SPDX-License-Identifier: Apache-2.0
// Tests of Core/Style: constrained chains against counting everything out.
import Music
import Style
import Testing

@Suite struct PitchChainTests {
  private struct Problem {
    var chain: PitchChain
    var potentials: [[Double]?]
    var start: Int
  }

  /// Six pitches, five steps, chances and potentials drawn at random, half of the pitches forbidden.
  private func problem(seed: UInt64) -> Problem {
    var random = RandomSource(seed: seed)
    let chances = (0..<12).map { _ in (0...2 * PitchChain.reach).map { _ in 0.01 + random.uniform() } }
    let low = 40 + Int(seed % 30)
    let chain = PitchChain(low...low + 5) { chances[Int($0.number)][$1 + PitchChain.reach] }
    let potentials: [[Double]?] = (0..<5).map { step in
      if step == 1 || seed.isMultiple(of: 3) && step == 4 { return nil }
      var potential = (0..<6).map { _ in random.uniform() < 0.5 ? 0 : random.uniform() + 0.1 }
      potential[Int.random(in: 0..<6, using: &random)] = 1
      return potential
    }
    return Problem(chain: chain, potentials: potentials, start: low + Int(seed % 6))
  }

  /// All sequences of five, by number, with their chance given the constraints: the chain's own product, normalised.
  private func enumerated(_ problem: Problem) -> [Double] {
    let low = problem.chain.low
    let all = (0..<7776).map { number -> Double in
      var (former, chance, rest) = (problem.start, 1.0, number)
      for step in 0..<5 {
        let next = rest % 6
        rest /= 6
        chance *= problem.chain.probability(of: low + next, after: former) * (problem.potentials[step]?[next] ?? 1)
        former = low + next
      }
      return chance
    }
    let sum = all.reduce(0, +)
    return all.map { $0 / sum }
  }

  @Test("step by step the chain gives every sequence its chance given all constraints, ahead and behind")
  func exactness() {
    for seed in 0..<20 as Range<UInt64> {
      let problem = problem(seed: seed)
      let messages = problem.chain.messages(problem.potentials)
      var furthest = 0.0
      for (number, truth) in enumerated(problem).enumerated() {
        var (former, chance, rest) = (problem.start, 1.0, number)
        for step in 0..<5 {
          let next = problem.chain.distribution(
            after: former, potential: problem.potentials[step], message: messages[step])
          chance *= next[rest % 6]
          former = problem.chain.low + rest % 6
          rest /= 6
        }
        furthest = max(furthest, abs(chance - truth))
      }
      #expect(furthest < 1e-12)
    }
  }

  @Test("without the messages of the backward pass the chances would be others")
  func control() {
    let problem = problem(seed: 5)
    let truth = enumerated(problem)
    var distance = 0.0
    for (number, truth) in truth.enumerated() {
      var (former, chance, rest) = (problem.start, 1.0, number)
      for step in 0..<5 {
        let next = problem.chain.distribution(after: former, potential: problem.potentials[step], message: nil)
        chance *= next[rest % 6]
        former = problem.chain.low + rest % 6
        rest /= 6
      }
      distance += abs(chance - truth) / 2
    }
    #expect(distance > 0.01)
  }

  @Test("chances to leave a pitch sum to one")
  func sums() {
    let chain = PitchChain(21...108) { $0.number.isMultiple(of: 2) ? 1 / Double(1 + abs($1)) : 0.5 }
    for pitch in 21...108 {
      let sum = (21...108).reduce(0.0) { $0 + chain.probability(of: $1, after: pitch) }
      #expect(abs(sum - 1) < 1e-12)
    }
  }
}
