// SPDX-License-Identifier: Apache-2.0
// Core/Music: values and units. What the black keys are called.

extension PitchClass {
  /// The black keys' places on the line of fifths, C being 0, as sharps; as flats they stand twelve lower.
  private static let sharps: [UInt8: (place: Int, sharp: String, flat: String)] = [
    1: (7, "C#", "Db"), 3: (9, "D#", "Eb"), 6: (6, "F#", "Gb"), 8: (8, "G#", "Ab"), 10: (10, "A#", "Bb"),
  ]

  /// As musicians write it in `key`: of sharp and flat the one that is nearer to the key on the line of fifths (Temperley,
  /// The Cognition of Basic Musical Structures, 2001, ch. 5), in minor also the leading note. White keys keep their names.
  public func name(in key: Key) -> String {
    guard let black = Self.sharps[number] else { return description }
    let furthest = key.sharps + (key.mode == .minor ? 8 : 6)
    return black.place <= furthest ? black.sharp : black.flat
  }
}

extension Pitch {
  /// In scientific notation, as it is written in `key`; middle C is C4.
  public func name(in key: Key) -> String { "\(pitchClass.name(in: key))\(Int(number) / 12 - 1)" }
}

extension Key {
  /// Of the key's signature, -6 (flats) ... 6: of two that sound alike the usual one, F sharp major and E flat minor.
  public var sharps: Int {
    let major = mode == .major ? tonic : tonic.transposed(by: 3)
    let sharps = Int(major.number) * 7 % 12
    return sharps > (mode == .major ? 6 : 5) ? sharps - 12 : sharps
  }
}

extension Chord {
  /// As musicians write it in `key`: "Bb7" in F major, "A#7" in B major. Reads back as the same chord.
  public func name(in key: Key) -> String {
    "\(root.name(in: key))\(quality.symbol)" + (bass == root ? "" : "/\(bass.name(in: key))")
  }

  /// The key that is meant where none is known: the chord's own.
  var ownKey: Key {
    switch quality {
    case .minor, .minorSeventh, .diminished, .halfDiminished, .diminishedSeventh: Key(tonic: root, mode: .minor)
    case .major, .augmented, .suspended, .dominantSeventh, .majorSeventh: Key(tonic: root, mode: .major)
    }
  }
}
