// SPDX-License-Identifier: Apache-2.0
// Core/Music: values and units. Chords as musicians write them.

extension Chord.Quality {
  /// What a lead sheet may write after the root; the first is what we write. Sixths, ninths, elevenths and thirteenths are
  /// read as the triad or the seventh chord that they extend, and a major seventh above a minor triad as that triad.
  private var spellings: [String] {
    switch self {
    case .major: ["", "maj", "M", "6", "6/9", "69", "add9"]
    case .minor:
      ["m", "-", "min", "m6", "-6", "min6", "mmaj7", "mM7", "-maj7", "-M7", "minmaj7", "m^7", "mΔ7", "madd9", "m6/9"]
    case .diminished: ["dim", "o", "°"]
    case .augmented: ["aug", "+", "+7", "aug7", "7#5"]
    case .suspended: ["sus4", "sus", "sus2", "7sus4", "7sus", "9sus4", "9sus"]
    case .dominantSeventh: ["7", "9", "11", "13", "7b9", "7#9", "7#11", "7b13", "7b5", "9b5", "7alt", "dom7"]
    case .majorSeventh: ["maj7", "M7", "maj9", "M9", "Δ", "Δ7", "^7", "^"]
    case .minorSeventh: ["m7", "-7", "min7", "m9", "-9", "min9", "m11"]
    case .halfDiminished: ["m7b5", "-7b5", "min7b5", "ø", "ø7"]
    case .diminishedSeventh: ["dim7", "o7", "°7"]
    }
  }

  public var symbol: String { spellings[0] }

  /// Brackets, and whether "maj" and "min" are capitalised, make no difference.
  fileprivate init?(symbol: Substring) {
    let plain = symbol.filter { !"()".contains($0) }.replacing("Maj", with: "maj").replacing("Min", with: "min")
    guard let quality = Self.allCases.first(where: { $0.spellings.contains(plain) }) else { return nil }
    self = quality
  }
}

extension Chord: CustomStringConvertible, LosslessStringConvertible {
  /// For example "F#m7b5", "Bb7" or "C/E"; reads back as the same chord.
  public var description: String { name(in: ownKey) }

  /// A root from A to G with any number of # or b, a quality, and perhaps "/" and the bass. Nil for anything else.
  public init?(_ name: String) {
    var rest = Substring(name)
    guard let root = PitchClass(takenFrom: &rest) else { return nil }
    if let quality = Quality(symbol: rest) {
      self.init(root: root, quality: quality)
      return
    }
    guard let slash = rest.lastIndex(of: "/"), let quality = Quality(symbol: rest[..<slash]) else { return nil }
    var after = rest[rest.index(after: slash)...]
    guard let bass = PitchClass(takenFrom: &after), after.isEmpty else { return nil }
    self.init(root: root, quality: quality, bass: bass)
  }
}

extension PitchClass {
  /// Takes a note's name, such as "B", "F#" or "Ebb", from the front of `text`; nil, and nothing taken, where none stands.
  package init?(takenFrom text: inout Substring) {
    let letters: [Character: Int] = ["C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11]
    guard let letter = text.first, var number = letters[letter] else { return nil }
    var rest = text.dropFirst()
    while let accidental = rest.first, let step = ["#": 1, "♯": 1, "b": -1, "♭": -1][accidental] {
      number = (number + step) % 12
      rest = rest.dropFirst()
    }
    self.init(number)
    text = rest
  }
}
