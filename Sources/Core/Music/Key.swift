// SPDX-License-Identifier: Apache-2.0
// Core/Music: values and units. Key and chord.

public enum Mode: UInt8, Hashable, Sendable, CaseIterable {
  case major, minor
}

/// A tonic and a mode.
public struct Key: Hashable, Sendable {
  public var tonic: PitchClass
  public var mode: Mode

  public init(tonic: PitchClass, mode: Mode) {
    self.tonic = tonic
    self.mode = mode
  }

  /// The key of a signature: `sharps` is -7 (flats) ... 7, as a Standard MIDI File writes it.
  public init(sharps: Int, mode: Mode) {
    self.init(tonic: PitchClass(sharps * 7 + (mode == .minor ? 9 : 0)), mode: mode)
  }

  /// The seven degrees of the major or the natural minor scale.
  public var scale: [PitchClass] {
    let steps = mode == .major ? [0, 2, 4, 5, 7, 9, 11] : [0, 2, 3, 5, 7, 8, 10]
    return steps.map { tonic.transposed(by: $0) }
  }
}

extension Key: CustomStringConvertible {
  /// Such as "Ab major" or "C# minor".
  public var description: String { "\(tonic.name(in: self)) \(mode)" }
}

/// A root, the kind of chord built on it, and what the bass plays.
public struct Chord: Hashable, Sendable {
  public enum Quality: UInt8, Hashable, Sendable, CaseIterable {
    case major, minor, diminished, augmented, suspended
    case dominantSeventh, majorSeventh, minorSeventh, halfDiminished, diminishedSeventh

    /// Semitones above the root.
    public var intervals: [Int] {
      switch self {
      case .major: [0, 4, 7]
      case .minor: [0, 3, 7]
      case .diminished: [0, 3, 6]
      case .augmented: [0, 4, 8]
      case .suspended: [0, 5, 7]
      case .dominantSeventh: [0, 4, 7, 10]
      case .majorSeventh: [0, 4, 7, 11]
      case .minorSeventh: [0, 3, 7, 10]
      case .halfDiminished: [0, 3, 6, 10]
      case .diminishedSeventh: [0, 3, 6, 9]
      }
    }
  }

  public var root: PitchClass
  public var quality: Quality
  public var bass: PitchClass

  public init(root: PitchClass, quality: Quality, bass: PitchClass? = nil) {
    self.root = root
    self.quality = quality
    self.bass = bass ?? root
  }

  public var pitchClasses: [PitchClass] { quality.intervals.map { root.transposed(by: $0) } }
}
