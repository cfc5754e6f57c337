// SPDX-License-Identifier: Apache-2.0
// Core/Listening: the distances between onsets.
import Music

/// The last inter-onset intervals of a phrase and their median. Onsets within `chordSpread` of the first of a chord count
/// as that one. Adding costs O(`window`) moves of machine words, the median O(1).
struct InterOnsetIntervals: Hashable, Sendable {
  static let chordSpread = Duration.milliseconds(30)
  /// So many intervals count: the tempo of a long phrase may change.
  private static let window = 64
  /// A median below it would ask for thousands of intervals in a silence.
  private static let shortest: Int64 = 1_000_000

  /// The onset that the next interval is measured from.
  private(set) var last: Instant?
  /// In order of time.
  private var recent: [Int64] = []
  /// The same in order of size.
  private var sorted: [Int64] = []

  mutating func add(_ onset: Instant) {
    let former = last
    if let former, onset - former < Self.chordSpread { return }
    last = onset
    guard let former else { return }
    if recent.count == Self.window { sorted.remove(at: position(of: recent.removeFirst())) }
    let interval = (onset - former).nanoseconds
    recent.append(interval)
    sorted.insert(interval, at: position(of: interval))
  }

  /// In nanoseconds, at least a millisecond; nil for fewer than two onsets. Of an even number the longer of the middle two.
  var median: Int64? { sorted.isEmpty ? nil : max(Self.shortest, sorted[sorted.count / 2]) }

  /// Of the first interval that is not shorter.
  private func position(of interval: Int64) -> Int {
    var low = 0
    var high = sorted.count
    while low < high {
      let middle = (low + high) / 2
      if sorted[middle] < interval { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
