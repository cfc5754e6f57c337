// SPDX-License-Identifier: Apache-2.0
// Core/Responding: leaving room: who plays how much, how loud, and where on the keyboard.
import Music

/// The rules of space.
///
/// | | lead | support |
/// |---|---|---|
/// | density of an answer | follows: 1.25 times the call's | contrasts: 0.7 times the call's |
/// | loudness | the player's, 6 higher | the player's, 10 lower |
/// | along with a busy player | thins out above eight onsets a second | thins out above two |
/// | register along with the player | above the player's where there is room, else below | below, else above |
///
/// Without a role an answer is as dense and as loud as its call, and playing along is support. Two voices share a register
/// only where a player leaves no octave free on either side.
public enum Space {
  /// An octave: what a voice of its own needs, in semitones.
  static let least = 12
  /// Where playing along sounds well.
  static let zone = 36...88

  public static func density(_ role: Role?) -> Double {
    switch role {
    case .lead: 1.25
    case .support: 0.7
    case nil: 1
    }
  }

  public static func loudness(_ heard: Velocity, _ role: Role?) -> Velocity {
    switch role {
    case .lead: Velocity(clamping: Int(heard.value) + 6)
    case .support: Velocity(clamping: max(20, Int(heard.value) - 10))
    case nil: heard
    }
  }

  /// The share of strikes that stays while the player plays `busyness` onsets a second: all up to the free ones, then fewer,
  /// and never none.
  public static func room(beside busyness: Double, _ role: Role) -> Double {
    let free = role == .lead ? 8.0 : 2.0
    return busyness <= free ? 1 : max(0.1, 1 - 0.15 * (busyness - free))
  }

  /// The register beside a player's: two octaves at most, and no pitch of the player's where an octave is free.
  public static func register(beside player: ClosedRange<Pitch>?, _ role: Role) -> ClosedRange<Pitch> {
    let usual = role == .lead ? 60...84 : 48...72
    guard let player else { return pitches(usual) }
    let below = zone.lowerBound...max(zone.lowerBound, Int(player.lowerBound.number) - 1)
    let above = min(zone.upperBound, Int(player.upperBound.number) + 1)...zone.upperBound
    let wanted = role == .lead ? [above, below] : [below, above]
    guard let free = wanted.first(where: { $0.count > least }) ?? widest(wanted) else { return pitches(usual) }
    return pitches(near(usual, within: free))
  }

  private static func widest(_ ranges: [ClosedRange<Int>]) -> ClosedRange<Int>? {
    ranges.filter { $0.count > least / 2 }.max { $0.count < $1.count }
  }

  /// `wanted` moved into `free` as little as possible, and cut where it does not fit.
  private static func near(_ wanted: ClosedRange<Int>, within free: ClosedRange<Int>) -> ClosedRange<Int> {
    let length = min(wanted.count, free.count) - 1
    let low = min(max(wanted.lowerBound, free.lowerBound), free.upperBound - length)
    return low...(low + length)
  }

  private static func pitches(_ range: ClosedRange<Int>) -> ClosedRange<Pitch> {
    Pitch(clamping: range.lowerBound)...Pitch(clamping: range.upperBound)
  }
}
