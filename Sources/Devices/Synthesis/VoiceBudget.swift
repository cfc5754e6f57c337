// SPDX-License-Identifier: Apache-2.0
// Devices/Synthesis: how many voices a period has time for.

/// Decides, before a cycle is rendered, how many voices may sound in it, so that rendering them takes no more than its
/// share of the period. Pure: costs go in, a limit comes out. Owned by the real-time thread; real-time safe, O(1).
///
/// What else is rendered in the period is taken into account (`beside`), but leaves half of the share in any case: two
/// engines that each mind the other keep within one share.
///
/// Rules:
/// - A voice costs what it cost lately: of two cycles in a row the cheaper one counts (a single dear one was
///   interrupted, and shedding voices would not have helped it), at once if that is more than before, else by and by.
/// - The limit falls at once, and never below `least`; it rises by an eighth of `wanted` for each second that has room.
package struct VoiceBudget: BitwiseCopyable {
  /// Voices that always may sound: a chord in each hand of both parts.
  package static var least: Int { @_noLocks @_noAllocation get { 16 } }

  private let wanted: Int
  private let sampleRate: Int
  /// Nanoseconds that a frame's voices may take, without what sounding or not has to be paid.
  private let available: Double
  private let base: Double
  /// Nanoseconds that a voice takes for a frame.
  private var each: Double
  private var previous: Double
  private var calmFrames = 0
  /// How many voices may sound now.
  package private(set) var limit: Int

  /// `share` of a period goes to rendering; a frame takes `base` nanoseconds without a voice and `each` more with one.
  package init(wanted: Int, share: Double, sampleRate: UInt32, base: Double, each: Double) {
    self.wanted = max(Self.least, wanted)
    self.sampleRate = Int(max(1, sampleRate))
    available = share * 1e9 / Double(max(1, sampleRate))
    self.base = base
    self.each = each
    previous = each
    limit = 0
    limit = affordable(available)
  }

  /// What the voices of a cycle of `frames` took. Cycles with few voices tell nothing and are passed over.
  @_noLocks @_noAllocation
  package mutating func spent(nanoseconds: Double, voices: Int, frames: Int) {
    guard voices >= Self.least / 2, frames > 0 else { return }
    let measured = (nanoseconds / Double(frames) - base) / Double(voices)
    let cost = measured < previous ? measured : previous
    previous = measured
    each = cost > each ? cost : each + (cost - each) * 0x1p-8
    calmFrames &+= frames
  }

  /// What a frame of `voices` is expected to take, in nanoseconds.
  @_noLocks @_noAllocation
  package func expected(voices: Int) -> Double { base + Double(voices) * each }

  /// To be asked before every cycle; `other` is what a frame of everything else takes that is rendered in this share, in
  /// nanoseconds.
  @_noLocks @_noAllocation
  package mutating func limitForCycle(beside other: Double = 0) -> Int {
    let affordable = self.affordable(available - min(other, available / 2))
    if affordable < limit {
      (limit, calmFrames) = (affordable, 0)
    } else if calmFrames >= sampleRate {
      calmFrames = 0
      let next = limit &+ wanted / 8
      limit = next < affordable ? next : affordable
    }
    return limit
  }

  @_noLocks @_noAllocation
  private func affordable(_ share: Double) -> Int {
    let room = share - base
    guard room > 0 else { return Self.least }
    guard each > 1e-6, room / each < Double(wanted) else { return wanted }
    let voices = Int(room / each)
    return voices > Self.least ? voices : Self.least
  }
}
