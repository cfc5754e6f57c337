// SPDX-License-Identifier: Apache-2.0
// Core/Style: what was learned from an artist.

/// What was learned from pieces: statistics, not the pieces. Immutable, and safe to use from any thread.
public final class Style: Sendable {
  public let information: StyleInformation
  public let summary: StyleSummary
  public let viewpoints: [Viewpoint]
  /// One for each viewpoint.
  let counts: [SortedCounts]
  /// Hashes of all runs of `Fingerprint.length` events, ascending and distinct.
  let fingerprints: [UInt32]

  init(
    information: StyleInformation, summary: StyleSummary, viewpoints: [Viewpoint], counts: [SortedCounts],
    fingerprints: [UInt32]
  ) {
    self.information = information
    self.summary = summary
    self.viewpoints = viewpoints
    self.counts = counts
    self.fingerprints = fingerprints
  }

  /// Occurrences that each viewpoint has learned.
  public var occurrences: [Int] { counts.map(\.count) }

  /// O(log n).
  func contains(fingerprint: UInt32) -> Bool {
    var low = 0
    var high = fingerprints.count
    while low < high {
      let middle = (low + high) / 2
      if fingerprints[middle] < fingerprint { low = middle + 1 } else { high = middle }
    }
    return low < fingerprints.count && fingerprints[low] == fingerprint
  }
}
