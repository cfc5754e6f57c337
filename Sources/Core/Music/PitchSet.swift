// SPDX-License-Identifier: Apache-2.0
// Core/Music: values and units. Sets of pitches.

/// Any of the 128 pitches: sixteen bytes, every operation O(1) or O(128).
public struct PitchSet: Hashable, Sendable {
  private var low: UInt64
  private var high: UInt64

  private init(low: UInt64, high: UInt64) {
    self.low = low
    self.high = high
  }

  public init() { self.init(low: 0, high: 0) }

  public init(where belongs: (Pitch) -> Bool) {
    self.init()
    for number in 0...127 where belongs(Pitch(clamping: number)) { insert(Pitch(clamping: number)) }
  }

  public init(_ range: ClosedRange<Pitch>) { self.init { range.contains($0) } }

  /// In every octave.
  public init(_ classes: some Sequence<PitchClass>) {
    let belongs = classes.reduce(into: [Bool](repeating: false, count: 12)) { $0[Int($1.number)] = true }
    self.init { belongs[Int($0.pitchClass.number)] }
  }

  public static let all = PitchSet(low: .max, high: .max)

  public var isEmpty: Bool { low | high == 0 }
  public var count: Int { low.nonzeroBitCount + high.nonzeroBitCount }
  /// All other pitches: what is forbidden as what is allowed.
  public var inverted: PitchSet { PitchSet(low: ~low, high: ~high) }

  public func contains(_ pitch: Pitch) -> Bool {
    (pitch.number < 64 ? low >> UInt64(pitch.number) : high >> UInt64(pitch.number - 64)) & 1 == 1
  }

  public mutating func insert(_ pitch: Pitch) {
    if pitch.number < 64 { low |= 1 << UInt64(pitch.number) } else { high |= 1 << UInt64(pitch.number - 64) }
  }

  public func intersection(_ other: PitchSet) -> PitchSet { PitchSet(low: low & other.low, high: high & other.high) }
  public func union(_ other: PitchSet) -> PitchSet { PitchSet(low: low | other.low, high: high | other.high) }
}
