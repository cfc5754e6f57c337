// SPDX-License-Identifier: Apache-2.0
// Core/Style: how much of some music stands in pieces.
import Music

/// Finds the longest run of successive events (melodic interval and inter-onset class of a hand's highest notes, as the
/// guard against copying sees them) that music has in common with pieces, in any transposition.
///
/// A suffix array (Manber and Myers, "Suffix arrays", SIAM J. Comput. 1993) of all events: unlike fingerprints in a style
/// file it tells runs of every length, but it needs the pieces.
public struct CopyFinder: Sendable {
  /// Longer runs are told as this long.
  public static let longest = 64

  private let symbols: [UInt16]
  private let suffixes: [Int32]

  /// O(n log n) for n events.
  public init(_ pieces: [Piece]) {
    var symbols: [UInt16] = []
    for piece in pieces {
      for sequence in EventReader(piece).sequences() {
        symbols += Self.symbols(sequence.bytes)
        // No event is this: a run ends here.
        symbols.append(0)
      }
    }
    let all = symbols
    self.symbols = all
    suffixes = all.indices.map(Int32.init).sorted { Self.precedes(all[Int($0)...], all[Int($1)...]) }
  }

  /// The first event of a sequence has neither an interval nor a distance, and belongs to no run.
  private static func symbols(_ events: [EventBytes]) -> [UInt16] {
    events.dropFirst().map { UInt16($0[.interval]) << 8 | UInt16($0[.interOnset]) }
  }

  private static func precedes(_ a: ArraySlice<UInt16>, _ b: ArraySlice<UInt16>) -> Bool {
    a.prefix(longest).lexicographicallyPrecedes(b.prefix(longest))
  }

  /// The most successive steps from event to event that `notes` have in common with a piece. O(events * log n).
  public func longestRun(in notes: [Note]) -> Int {
    EventReader(notes, key: nil).sequences().map { longestRun(in: Self.symbols($0.bytes)) }.max() ?? 0
  }

  private func longestRun(in steps: [UInt16]) -> Int {
    var longest = 0
    for start in steps.indices where steps.count - start > longest {
      let rest = steps[start...]
      var low = 0
      var high = suffixes.count
      while low < high {
        let middle = (low + high) / 2
        if Self.precedes(symbols[Int(suffixes[middle])...], rest) { low = middle + 1 } else { high = middle }
      }
      for neighbour in [low - 1, low] where suffixes.indices.contains(neighbour) {
        longest = max(longest, common(symbols[Int(suffixes[neighbour])...], rest))
      }
    }
    return longest
  }

  private func common(_ a: ArraySlice<UInt16>, _ b: ArraySlice<UInt16>) -> Int {
    zip(a, b).prefix(Self.longest).prefix { $0 == $1 && $0 != 0 }.count
  }
}
