// SPDX-License-Identifier: Apache-2.0
// Core/Responding: leaving room: who plays how much, how loud, and where on the keyboard.
import Music

/// The rules of space; `d` is the player's onsets a second.
///
/// | | lead | support |
/// |---|---|---|
/// | density of an answer | follows: 1.25 times the call's | follows from below: 0.7 times the call's |
/// | loudness | the player's, 6 higher | the player's, 10 lower |
/// | onsets a second along with the player | follows: 1.25 d, from 1 to 6 | contrasts: 3 / (1 + d / 2) |
/// | register along with the player | above the player's where there is room, else nearest to it | nearest to the middle |
///
/// Without a role an answer is as dense and as loud as its call, and playing along is support. Two voices share a register
/// only where a player leaves no fifth free: along with the player a free stretch of the keyboard is taken, an octave wide
/// where there is one, between the player's hands too, and kept for as long as the player stays out of it.
public enum Space {
  /// An octave: what a voice of its own needs, in semitones.
  static let wanted = 12
  /// A fifth: with less nobody can play anything.
  static let least = 7
  /// Two octaves: no more is taken.
  static let most = 24
  /// Where playing along sounds well: lower, chords are muddy.
  static let zone = 43...88
  /// Onsets a second of somebody who still plays.
  static let leastPlaying = 0.5
  /// Of the player's and of jamd's notes.
  static let distance = 1

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

  /// Onsets a second beside a player of `density` onsets a second.
  public static func onsets(beside density: Double, _ role: Role) -> Double {
    switch role {
    case .lead: min(6, max(1, 1.25 * density))
    case .support: 3 / (1 + max(0, density) / 2)
    }
  }

  /// The same for who comps, at `tempo` and in `register`: as support no more than five strikes in four beats, and beside
  /// a player who leaves no octave free, as long as he plays, one a bar.
  static func strikes(
    beside density: Double, _ role: Role, in register: ClosedRange<Pitch>, tempo: Tempo, bar: Beats
  ) -> Double {
    let onsets = onsets(beside: density, role)
    guard role == .support else { return onsets }
    let isFull = register.upperBound.semitones(above: register.lowerBound) + 1 < wanted && density > leastPlaying
    return min(onsets, (isFull ? 1 / bar.count : 1.25) / tempo.beat.seconds)
  }

  /// The register beside a player of these pitches. `former` is kept where it is still free.
  public static func register(
    beside pitches: [Pitch], _ role: Role, former: ClosedRange<Pitch>? = nil
  ) -> ClosedRange<Pitch> {
    let usual = role == .lead ? 60...84 : 48...72
    let taken = pitches.map { Int($0.number) }.sorted()
    guard let lowest = taken.first, let highest = taken.last else { return Self.pitches(usual) }
    if let former, isFree(former, taken, for: role) { return former }
    let free = stretches(beside: taken).map { near(usual, within: $0) }
    let best = [wanted, least].lazy.compactMap { size in
      let large = free.filter { $0.count >= size }
      let leading = role == .lead ? large.filter { $0.lowerBound > highest } : []
      return nearest(leading.isEmpty ? large : leading, to: usual)
    }.first
    return Self.pitches(best ?? leastShared(usual, lowest...highest))
  }

  private static func isFree(_ range: ClosedRange<Pitch>, _ taken: [Int], for role: Role) -> Bool {
    let numbers = Int(range.lowerBound.number)...Int(range.upperBound.number)
    return numbers.count >= wanted && !taken.contains { numbers.contains($0) }
      && (role == .support || taken.allSatisfy { $0 < numbers.lowerBound })
  }

  /// The parts of the zone below, between and above the player's pitches, in order.
  private static func stretches(beside taken: [Int]) -> [ClosedRange<Int>] {
    let borders = [zone.lowerBound - distance - 1] + taken.filter(zone.contains) + [zone.upperBound + distance + 1]
    return zip(borders, borders.dropFirst()).compactMap { low, high in
      let (first, last) = (low + distance + 1, high - distance - 1)
      return first <= last ? first...last : nil
    }
  }

  private static func nearest(_ ranges: [ClosedRange<Int>], to usual: ClosedRange<Int>) -> ClosedRange<Int>? {
    let center = usual.lowerBound + usual.upperBound
    return ranges.min { abs($0.lowerBound + $0.upperBound - center) < abs($1.lowerBound + $1.upperBound - center) }
  }

  /// What of `usual` is free where that is enough; else as much of `free` as comes nearest to it.
  private static func near(_ usual: ClosedRange<Int>, within free: ClosedRange<Int>) -> ClosedRange<Int> {
    let low = max(usual.lowerBound, free.lowerBound)
    let high = min(usual.upperBound, free.upperBound)
    if high - low + 1 >= wanted { return low...high }
    let size = min(wanted, free.count)
    let first = min(max(usual.lowerBound, free.lowerBound), free.upperBound - size + 1)
    return first...(first + size - 1)
  }

  /// A player all over the keyboard: beside most of what he plays.
  private static func leastShared(_ usual: ClosedRange<Int>, _ player: ClosedRange<Int>) -> ClosedRange<Int> {
    player.upperBound + least <= zone.upperBound ? (player.upperBound + 1)...zone.upperBound : usual
  }

  private static func pitches(_ range: ClosedRange<Int>) -> ClosedRange<Pitch> {
    Pitch(clamping: range.lowerBound)...Pitch(clamping: range.upperBound)
  }
}
