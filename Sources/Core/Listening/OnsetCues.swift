// SPDX-License-Identifier: Apache-2.0
// Core/Listening: what can be told of an onset in the moment.
import Glibc

/// What makes an onset a likely beat, as far as it is known when it is heard: `OnsetFeatures` without what comes later. Each
/// figure but the last is about 0 for the usual onset before it, and within -3...3. O(1).
struct OnsetCues: Sendable {
  static let count = 11
  /// So many onsets are kept, this one included.
  static let history = 6
  /// What is usual follows by so much an onset.
  private static let rate = 0.04
  /// What was struck within so many semitones is in the register of a voice.
  private static let register = 5

  /// Those of the last onsets, the newest last; zero where there was none.
  private(set) var window = [Float](repeating: 0, count: history * count)
  /// How new the harmony of the last onset is, from 0 to 1.
  private(set) var novelty = 0.0
  private var means = [Double](repeating: 0, count: count)
  private var squares = [Double](repeating: 0, count: count)
  private var heard = 0
  private var last: (time: Double, lowest: Int)?
  /// When each pitch was last the lowest or the highest.
  private var struck = [Double](repeating: -.infinity, count: 128)
  private var harmony = Harmony()

  /// Onsets in order of time, in seconds.
  mutating func hear(_ group: StruckGroup, at time: Double) {
    let figures = figures(group, time)
    heard += 1
    let rate = max(Self.rate, 1 / Double(heard))
    let kept = window.count - Self.count
    for index in 0..<kept { window[index] = window[index + Self.count] }
    for (index, value) in figures.enumerated() {
      means[index] += rate * (value - means[index])
      squares[index] += rate * (value * value - squares[index])
      let deviation = max(0, squares[index] - means[index] * means[index]).squareRoot()
      let isRelative = index + 1 < Self.count
      let figure = isRelative ? (value - means[index]) / (deviation + 0.15) : value
      window[kept + index] = Float(min(3, max(-3, figure)))
    }
  }

  private mutating func figures(_ group: StruckGroup, _ time: Double) -> [Double] {
    let gap = last.map { Self.interval($0.time, time) } ?? 1
    let (bass, melody) = voices(group, time)
    let (new, change) = harmony.hear(group.classes, lowest: group.lowest, at: time)
    let leap = last.map { Double(abs($0.lowest - group.lowest)) } ?? 0
    (novelty, last) = (new, (time, group.lowest))
    return [
      log(Double(group.count)), Double(group.loudest) / 16, -Double(group.lowest) / 12, Double(group.highest) / 12,
      log(gap), log(bass), log(melody), 2 * new, 2 * change, leap / 12, log(gap / 0.3),
    ]
  }

  /// Seconds since something was struck in the register of the lowest and of the highest note.
  private mutating func voices(_ group: StruckGroup, _ time: Double) -> (bass: Double, melody: Double) {
    var (bass, melody) = (-Double.infinity, -Double.infinity)
    for pitch in 0...min(127, group.lowest + Self.register) { bass = max(bass, struck[pitch]) }
    for pitch in max(0, group.highest - Self.register)...127 { melody = max(melody, struck[pitch]) }
    struck[group.lowest] = time
    struck[group.highest] = time
    return (Self.interval(bass, time), Self.interval(melody, time))
  }

  private static func interval(_ from: Double, _ to: Double) -> Double { min(4, max(0.03, to - from)) }
}

/// Which pitch classes sounded lately.
struct Harmony: Sendable {
  private var recent = [Double](repeating: 0, count: 12)
  private var lasting = [Double](repeating: 0, count: 12)
  private var last = 0.0

  /// How new these pitch classes are, the lowest note's twice, and how unlike those of the last seconds; from 0 to 1.
  mutating func hear(_ classes: UInt16, lowest: Int, at instant: Double) -> (new: Double, change: Double) {
    let gap = max(0, instant - last)
    let (fading, slow) = (exp(-gap / 0.35), exp(-gap / 1.2))
    last = instant
    var (new, all, product, norm, size) = (0.0, 0.0, 0.0, 0.0, 0.0)
    for number in 0..<12 {
      recent[number] *= fading
      lasting[number] *= slow
      norm += lasting[number] * lasting[number]
      guard classes >> UInt16(number) & 1 == 1 else { continue }
      let weight = lowest % 12 == number ? 2.0 : 1
      new += weight * exp(-2 * recent[number])
      all += weight
      product += weight * lasting[number]
      size += weight * weight
      recent[number] += 1
      lasting[number] += weight
    }
    let change = norm * size > 0.01 ? 1 - product / (norm * size).squareRoot() : 1
    return (new / max(1, all), change)
  }
}
