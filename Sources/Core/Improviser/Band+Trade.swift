// SPDX-License-Identifier: Apache-2.0
// Core/Improviser: the beat that bars are counted by.
import Music
import Responding

extension Band {
  /// A metre counts once it has been heard for so long: two bars of four.
  private static let metreBeats = Beats(8)
  /// Nobody counts by faster beats: twice the slowest pace at which people like to count.
  private static let fastest = 152.0

  /// Remembers since when the metre is as it is.
  mutating func follow(_ grid: BeatGrid?, at now: Instant) {
    guard metre?.heard != grid?.metre else { return }
    metre = grid?.metre.map { ($0, now) }
  }

  /// The beat by which turns are counted at `now`. What is heard is counted no faster than people count, and in bars of
  /// four until another metre has lasted: a turn that began must not end elsewhere for an accent or two.
  func countedBeat(at now: Instant) -> BeatGrid? {
    guard var grid = grid(at: now) else { return nil }
    guard !isTold(at: now) else { return grid }
    if let chart = chart.chart { grid.metre = chart.metre } else if !hasLasted(grid, at: now) { grid.metre = nil }
    // A bar is then eight of the fast beats, the first turn's first onset on the first of them.
    guard grid.tempo.beatsPerMinute > Self.fastest, let start = trade.start else { return grid }
    grid.origin = grid.origin - Beats(grid.position(at: start).count.rounded())
    grid.metre = TimeSignature(beats: 8, unit: 4)
    return grid
  }

  private func hasLasted(_ grid: BeatGrid, at now: Instant) -> Bool {
    guard let metre else { return false }
    return grid.tempo.beats(in: now - metre.since) >= Self.metreBeats
  }
}
