// SPDX-License-Identifier: Apache-2.0
// Core/Style: where a style comes from, and a summary of what it holds.

/// Who and what a style was learned from.
public struct StyleInformation: Hashable, Sendable {
  public var title: String
  public var artist: String
  public var licence: String
  /// Sorted, without repetitions.
  public var sources: [String]
  public internal(set) var pieces = 0
  public internal(set) var notes = 0
  /// Onset groups.
  public internal(set) var events = 0

  public init(title: String, artist: String = "", licence: String = "", sources: [String] = []) {
    self.title = title
    self.artist = artist
    self.licence = licence
    self.sources = Self.canonical(sources)
  }

  /// Names stay those of `self`; sources unite and counts add up.
  func merged(with other: StyleInformation) -> StyleInformation {
    var merged = self
    merged.sources = Self.canonical(sources + other.sources)
    merged.pieces += other.pieces
    merged.notes += other.notes
    merged.events += other.events
    return merged
  }

  static func canonical(_ sources: [String]) -> [String] { Set(sources).sorted() }
}

/// First-order counts for people to look at.
public struct StyleSummary: Hashable, Sendable {
  /// How often the highest note of pitch class `row` was followed by one of `column`, at `row * 12 + column`.
  public internal(set) var pitchClassTransitions = [UInt32](repeating: 0, count: 144)
  /// How often each of `RhythmClass.lengths` occurred between successive onsets.
  public internal(set) var interOnsets = [UInt32](repeating: 0, count: RhythmClass.lengths.count)
  /// How often each key number was struck; 128 of them.
  public internal(set) var pitches = [UInt32](repeating: 0, count: 128)

  init() {}

  mutating func count(_ sequence: EventSequence) {
    var next = 0
    for (index, event) in sequence.bytes.enumerated() {
      var pitch = Int(event[.pitch]) - 1
      if index > 0 {
        let former = Int(sequence.bytes[index - 1][.pitch]) - 1
        pitchClassTransitions[former % 12 * 12 + pitch % 12] &+= 1
        if event[.interOnset] > 0 { interOnsets[Int(event[.interOnset]) - 1] &+= 1 }
      }
      pitches[pitch] &+= 1
      for _ in 1..<max(1, Int(event[.size])) {
        pitch -= Int(sequence.gaps[next])
        next += 1
        pitches[max(0, pitch)] &+= 1
      }
    }
  }

  func merged(with other: StyleSummary) -> StyleSummary {
    var merged = self
    for index in merged.pitchClassTransitions.indices {
      merged.pitchClassTransitions[index] &+= other.pitchClassTransitions[index]
    }
    for index in merged.interOnsets.indices { merged.interOnsets[index] &+= other.interOnsets[index] }
    for index in merged.pitches.indices { merged.pitches[index] &+= other.pitches[index] }
    return merged
  }
}
