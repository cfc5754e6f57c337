// SPDX-License-Identifier: Apache-2.0
// Core/Music: values and units. Pitch and pitch class.

/// A MIDI key number, 0...127; 60 is middle C.
public struct Pitch: Hashable, Comparable, Sendable {
  public let number: UInt8

  /// Nil outside 0...127.
  public init?(_ number: Int) {
    guard (0...127).contains(number) else { return nil }
    self.number = UInt8(number)
  }

  /// The nearest pitch inside 0...127.
  public init(clamping number: Int) {
    self.number = UInt8(min(127, max(0, number)))
  }

  public static let lowest = Pitch(clamping: 0)
  public static let highest = Pitch(clamping: 127)

  public var pitchClass: PitchClass { PitchClass(Int(number)) }

  /// Transposed by `semitones`; nil where the result would leave the MIDI range.
  public func transposed(by semitones: Int) -> Pitch? { Pitch(Int(number) + semitones) }

  /// The signed distance in semitones from `other` up to this pitch.
  public func semitones(above other: Pitch) -> Int { Int(number) - Int(other.number) }

  public static func < (a: Pitch, b: Pitch) -> Bool { a.number < b.number }
}

extension Pitch: CustomStringConvertible {
  /// Scientific pitch notation with sharps; middle C is C4.
  public var description: String { "\(pitchClass)\(Int(number) / 12 - 1)" }
}

/// A pitch without its octave, 0...11 semitones above C.
public struct PitchClass: Hashable, Sendable {
  public let number: UInt8

  /// Any integer, taken modulo 12.
  public init(_ number: Int) {
    let remainder = number % 12
    self.number = UInt8(remainder < 0 ? remainder + 12 : remainder)
  }

  public func transposed(by semitones: Int) -> PitchClass { PitchClass(Int(number) + semitones) }

  /// Semitones, 0...11, from `other` up to this pitch class.
  public func semitones(above other: PitchClass) -> Int {
    Int(PitchClass(Int(number) - Int(other.number)).number)
  }

  public static let all: [PitchClass] = (0..<12).map(PitchClass.init)
}

extension PitchClass: CustomStringConvertible {
  public var description: String {
    ["C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B"][Int(number)]
  }
}
