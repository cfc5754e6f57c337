// SPDX-License-Identifier: Apache-2.0
// Core/Listening: what a phrase is like.
import Music

/// How high, how loud, how dense, how many-voiced and how detached a phrase is. O(notes).
public struct PhraseFeatures: Hashable, Sendable {
  public var lowest: Pitch
  public var highest: Pitch
  /// Mean of the notes' velocities.
  public var loudness: Velocity
  /// Onsets, a chord (notes within `PhraseSegmenter.chordSpread` of its first) being one.
  public var onsets: Int
  /// Notes an onset, 1 for a single line.
  public var polyphony: Double
  /// From the first onset to the last release.
  public var duration: Duration
  /// Onsets a second from the first to the last; nil for a single one.
  public var density: Double?
  /// Mean share of the time to the next onset that notes sound: below 1 detached, 1 legato, above 1 overlapping, at most
  /// 2 a note; nil for a single onset.
  public var articulation: Double?

  public init(_ phrase: Phrase) {
    let notes = phrase.notes
    lowest = notes.map(\.pitch).min() ?? .lowest
    highest = notes.map(\.pitch).max() ?? .highest
    let count = notes.count
    loudness = Velocity(clamping: (2 * notes.reduce(0) { $0 + Int($1.velocity.value) } + count) / (2 * count))
    let chords = Self.chords(notes)
    onsets = chords.count
    polyphony = Double(count) / Double(chords.count)
    duration = phrase.end - phrase.start
    guard let first = chords.first, let last = chords.last, chords.count > 1 else { return }
    density = Double(chords.count - 1) / (notes[last].onset - notes[first].onset).seconds
    articulation = Self.articulation(notes, chords)
  }

  /// Indices of each chord's first note.
  private static func chords(_ notes: [PlayedNote]) -> [Int] {
    notes.indices.reduce(into: []) { firsts, index in
      if let first = firsts.last, notes[index].onset - notes[first].onset < PhraseSegmenter.chordSpread { return }
      firsts.append(index)
    }
  }

  private static func articulation(_ notes: [PlayedNote], _ chords: [Int]) -> Double {
    var sum = 0.0
    for (first, next) in zip(chords, chords.dropFirst()) {
      let interval = (notes[next].onset - notes[first].onset).seconds
      for note in notes[first..<next] { sum += min(2, note.duration.seconds / interval) }
    }
    return sum / Double(chords[chords.count - 1])
  }
}
