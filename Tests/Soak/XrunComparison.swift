// SPDX-License-Identifier: Apache-2.0
// Tests/Soak: the xruns beside jamd, held against those of servers without it.

/// The xruns of jamd's server beside those of three others, as readings so far at the same moments: of two whose clients
/// do nothing, and of one whose client computes for as long as jamd's callback typically does, and nothing else. All
/// see the same machine but not the same moments, and what disturbs a machine comes in bursts. How much of a sum is
/// chance is told by the idle ones alone: were it reckoned from jamd's own, bursts of its making would excuse themselves.
///
/// A machine that stops for longer than a period has an xrun whatever its clients do. One that stops for a little less
/// has one only where a client needs the rest of the period: so much is the computing one's to show. It excuses nothing
/// that jamd does beyond computing.
package struct XrunComparison {
  package let ours: Int
  package let idle: [Int]
  package let computing: Int
  /// Three standard errors of our sum beyond the idle ones' mean: between two idle servers an interval differs by twice
  /// the variance of one, and ours differs from the mean of two by one and a half times it.
  package let chance: Double

  package init(ours: [Int], idle first: [Int], _ second: [Int], computing: [Int]) {
    let count = min(ours.count, first.count, second.count, computing.count)
    func rises(_ readings: [Int]) -> [Int] { zip(readings.prefix(count), [0] + readings).map { $0 - $1 } }
    self.ours = ours.prefix(count).last ?? 0
    idle = [first, second].map { $0.prefix(count).last ?? 0 }
    self.computing = computing.prefix(count).last ?? 0
    let squares = zip(rises(first), rises(second)).map { Double(($0 - $1) * ($0 - $1)) }.reduce(0, +)
    chance = 3 * (0.75 * squares).squareRoot()
  }

  /// Where the other servers have none, jamd's may have none.
  package var holds: Bool { Double(ours) <= max(Double(idle.reduce(0, +)) / 2, Double(computing)) + chance }

  package var text: String {
    "xruns: \(ours); in the same minutes beside clients that do nothing \(idle.map(String.init).joined(separator: " and ")), "
      + "beside one that computes for as long as jamd's callback \(computing); by chance at most \(Int(chance)) more; beyond the larger idle one's: \(ours - (idle.max() ?? 0))"
  }
}
