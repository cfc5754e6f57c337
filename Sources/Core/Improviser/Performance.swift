// SPDX-License-Identifier: Apache-2.0
// Core/Improviser: what is heard of an improviser's actions.
import Music

/// Notes as they sound, cut where they are cancelled, and what was reported. Each action costs O(1) amortised.
public struct Performance: Sendable {
  /// Those that no cancellation can touch any more.
  private var settled: [PlayedNote] = []
  private var open: [(note: PlayedNote, generation: Generation)] = []
  public private(set) var reports: [(report: Report, at: Instant)] = []

  public init() {}

  /// In order of onset. O(n log n).
  public var played: [PlayedNote] { (settled + open.map(\.note)).sorted(by: PlayedNote.inPlayedOrder) }

  public mutating func take(_ action: Action) {
    switch action {
    // Sticks are no music.
    case .play(let note, _) where note.channel == .percussion: break
    case .play(let note, let generation): open.append((note, generation))
    case .cancel(let generation, let instant): cancel(before: generation, at: instant)
    case .report(let report, let instant): reports.append((report, instant))
    }
  }

  private mutating func cancel(before generation: Generation, at instant: Instant) {
    for (note, of) in open where of < generation && note.onset < instant {
      var note = note
      note.duration = min(note.duration, instant - note.onset)
      settled.append(note)
    }
    open.removeAll { $0.generation < generation }
  }
}
