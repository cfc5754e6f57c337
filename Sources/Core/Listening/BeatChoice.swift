// SPDX-License-Identifier: Apache-2.0
// Core/Listening: which way of following the beat is to be believed.

/// Chooses between the steady beat (`BeamBeat`) and the free one (`LatticeBeat`): the steady one is exact and is told until the
/// free one has contradicted it for long enough, which in rubato is at once. O(1).
struct BeatChoice: Sendable {
  /// So much contradiction, and the other is believed; an onset adds at most `rubato`.
  private static let patience = 32.0
  private static let rubato = 22.0
  /// Where the steady beat errs more than it expects to, playing is free.
  private static let steadiness = 0.69
  /// A share of what is likely that is enough to be sure.
  private static let sure = 0.9
  /// A unit that the lattice finds at least so likely, beside the likeliest, is not given up.
  private static let possible = 0.03
  /// Notes an onset, in the mean: a single line tells the lattice, which knows keyboard music, too little.
  private static let leastNotes = 1.075

  /// What there is to judge by.
  struct Evidence: Sendable {
    /// Of the steady beat: `BeamBeat.unrest`.
    var unrest: Double
    /// How likely the lattice finds the steady beat, beside the likeliest.
    var weight: Double
    /// Bars of three are heard. Where they are, a unit twice as long is wrong.
    var isTriple: Bool
  }

  private var contradiction = 0.0
  private var isFree = false
  private var notes = 1.0

  /// An onset of so many notes.
  mutating func hear(_ count: Int) { notes += 0.05 * (Double(count) - notes) }

  /// The one to tell.
  mutating func choose(_ steady: BeatReading, _ free: BeatReading, _ evidence: Evidence) -> BeatReading {
    contradiction = max(0, min(2 * Self.patience, contradiction + change(steady, free, evidence)))
    if contradiction >= Self.patience { isFree = true } else if contradiction == 0 { isFree = false }
    return isFree ? free : steady
  }

  private func change(_ steady: BeatReading, _ free: BeatReading, _ evidence: Evidence) -> Double {
    switch free.likeness(to: steady) {
    case .same: return -1
    case .otherUnit:
      return notes >= Self.leastNotes && evidence.weight < Self.possible && !evidence.isTriple ? 1 : -1
    case .other:
      guard notes >= Self.leastNotes else { return -0.25 }
      if evidence.unrest > Self.steadiness { return Self.rubato }
      if steady.share < Self.sure, free.share > Self.sure { return 1 }
      return free.share > steady.share ? 0.3 : -0.25
    }
  }
}
