// SPDX-License-Identifier: Apache-2.0
// Tests/Soak: the xruns beside jamd, held against those of servers without it.

/// The xruns of jamd's server and of two idle ones beside it, as readings so far at the same moments. All see the same
/// machine but not the same moments, and what disturbs a machine comes in bursts. How much of a sum is chance is told by
/// the idle ones alone: were it reckoned from jamd's own, bursts of its making would excuse themselves.
package struct XrunComparison {
  package let ours: Int
  package let idle: [Int]
  /// Three standard errors of our sum beyond the idle ones' mean: between two idle servers an interval differs by twice
  /// the variance of one, and ours differs from the mean of two by one and a half times it.
  package let chance: Double

  package init(ours: [Int], idle first: [Int], _ second: [Int]) {
    let count = min(ours.count, first.count, second.count)
    func rises(_ readings: [Int]) -> [Int] { zip(readings.prefix(count), [0] + readings).map { $0 - $1 } }
    self.ours = ours.prefix(count).last ?? 0
    idle = [first, second].map { $0.prefix(count).last ?? 0 }
    let squares = zip(rises(first), rises(second)).map { Double(($0 - $1) * ($0 - $1)) }.reduce(0, +)
    chance = 3 * (0.75 * squares).squareRoot()
  }

  /// Where the idle servers have none, jamd's may have none.
  package var holds: Bool { Double(ours) <= Double(idle.reduce(0, +)) / 2 + chance }

  package var text: String {
    "xruns: \(ours); idle servers in the same minutes: \(idle.map(String.init).joined(separator: " and ")); "
      + "by chance at most \(Int(chance)) beyond their mean"
  }
}
