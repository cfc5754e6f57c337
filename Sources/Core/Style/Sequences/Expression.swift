// SPDX-License-Identifier: Apache-2.0
// Core/Style: loudness, articulation and micro-timing as classes.
import Glibc
import Music

/// Classes of what a score does not write: each is a byte, and 0 means that there is none.
///
/// A score that was never played has no loudness and no micro-timing of its own, and teaches none: a stream counts as
/// played where its onsets do not keep to the divisions of the beat, and as having dynamics where its velocities differ.
/// Nothing is made up for it. An answer takes what is known from whoever in the mixture knows it, and where nobody does
/// it is exactly on the grid, as loud as its call.
enum Expression {
  /// Evenly spaced classes around a middle one.
  struct Scale {
    /// Of the property's unit.
    let step: Double
    /// On either side of the middle.
    let reach: Int

    var count: Int { 2 * reach + 1 }

    /// 1...`count`, the nearest.
    func byte(of value: Double) -> UInt8 {
      let steps = value.isFinite ? (value / step).rounded() : 0
      return UInt8(min(Double(count), max(1, Double(reach + 1) + steps)))
    }

    /// The middle for byte 0.
    func value(of byte: UInt8) -> Double { byte == 0 ? 0 : (Double(byte) - Double(reach + 1)) * step }
  }

  /// Velocity above the stream's mean.
  static let velocity = Scale(step: 4, reach: 15)
  /// Mean velocity of the lower notes of an onset group above the highest note's.
  static let balance = Scale(step: 4, reach: 10)
  /// Beats from the grid to the onset: 10 ms at 60 beats a minute.
  static let deviation = Scale(step: 1 / 96.0, reach: 12)
  /// Beats from the onset of an onset group's highest note to that of its lowest.
  static let spread = Scale(step: 1 / 96.0, reach: 6)

  /// Articulation: durations as shares of the interval to the next onset.
  static let articulations: [Double] = [
    0.1, 0.15, 0.2, 0.25, 0.33, 0.4, 0.5, 0.58, 0.67, 0.75, 0.84, 0.92, 1, 1.08, 1.25, 1.5, 2, 3, 4, 6, 8, 12, 16,
  ]
  private static let borders: [Double] = zip(articulations, articulations.dropFirst()).map { ($0 * $1).squareRoot() }
  /// Bytes of articulations begin here, those of durations without a next onset are `RhythmClass`es below.
  static let firstArticulation: UInt8 = 33

  /// A duration whose stream goes on after `interOnset` beats as an articulation; without a next onset, where
  /// `interOnset` is not above zero, as a class of length.
  static func lengthByte(of duration: Double, interOnset: Double) -> UInt8 {
    guard interOnset > 0 else { return RhythmClass.byte(of: duration) }
    let share = duration / interOnset
    return firstArticulation + UInt8(borders.count { $0 < share })
  }

  /// In beats; the whole interval for byte 0.
  static func length(of byte: UInt8, interOnset: Double) -> Double {
    if byte == 0 { return interOnset }
    guard byte >= firstArticulation else { return RhythmClass.length(of: byte) }
    return articulations[min(articulations.count - 1, Int(byte - firstArticulation))] * interOnset
  }
}

/// The grid that a stream's onsets keep to, followed through changes of tempo: each interval is taken for the notated one
/// nearest to it, and what remains corrects the phase and the period of the grid, as people do who tap along (Mates, "A
/// model of synchronization of motor acts to a stimulus sequence", Biological Cybernetics 70, 1994).
struct GridFollower {
  private static let phaseCorrection = 0.25
  private static let periodCorrection = 0.05
  /// Further from the grid than this an onset is another onset's, or the tempo has changed.
  private static let reach = 0.13

  private var grid: Double?
  private let usualPeriod: Double
  private var period: Double

  /// The period to begin with is that of all `groups` together, so that a tempo that was misjudged deviates from nothing.
  init(_ groups: [OnsetGroup]) {
    let lengths = zip(groups, groups.dropFirst()).map {
      RhythmClass.length(of: RhythmClass.byte(of: $1.onset - $0.onset))
    }
    let total = lengths.reduce(0, +)
    let span = (groups.last?.onset ?? 0) - (groups.first?.onset ?? 0)
    usualPeriod = total > 0 ? min(1.2, max(0.8, span / total)) : 1
    period = usualPeriod
  }

  /// Beats from the grid to `onset`, whose interval from the onset before is of the class `interOnset`; nil for the first
  /// onset and where the grid was lost.
  mutating func deviation(of onset: Double, interOnset: UInt8) -> Double? {
    let length = RhythmClass.length(of: interOnset)
    guard let former = grid, length > 0 else {
      grid = onset
      return nil
    }
    let expected = former + period * length
    let deviation = onset - expected
    guard abs(deviation) <= min(Self.reach, length / 3) else {
      grid = onset
      period = usualPeriod
      return nil
    }
    grid = expected + Self.phaseCorrection * deviation
    period = min(1.2, max(0.8, period + Self.periodCorrection * deviation / max(0.5, length)))
    return deviation
  }
}

extension Streams {
  /// Divisions of the beat that scores use; this near to one of them an onset is on it, in beats.
  private static let divisions = 48.0
  private static let exactness = 1 / 480.0
  /// With fewer onsets it cannot be told.
  private static let fewest = 4

  /// Whether the onsets were played rather than computed from a score: a tenth or more of them is on no division of the
  /// beat. O(notes).
  static func isPlayed(_ notes: [Note]) -> Bool {
    guard notes.count >= fewest else { return false }
    let off = notes.count { note in
      let divided = note.onset.count * divisions
      return abs(divided - divided.rounded()) > exactness * divisions
    }
    return off * 10 > notes.count
  }

  /// Whether velocities tell anything: a twentieth or more of them are not the commonest one. O(notes).
  static func hasDynamics(_ notes: [Note]) -> Bool {
    guard let first = notes.first?.velocity, notes.contains(where: { $0.velocity != first }) else { return false }
    var counts = [Int](repeating: 0, count: 128)
    for note in notes { counts[Int(note.velocity.value)] += 1 }
    return (notes.count - (counts.max() ?? 0)) * 20 > notes.count
  }
}
