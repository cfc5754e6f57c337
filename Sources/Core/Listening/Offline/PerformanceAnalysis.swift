// SPDX-License-Identifier: Apache-2.0
// Core/Listening, whole pieces: what is heard in a performance.
import Music

/// A stretch of time in which something holds.
public struct Span<Value: Hashable & Sendable>: Hashable, Sendable {
  public var start: Instant
  public var end: Instant
  public var value: Value

  public init(from start: Instant, to end: Instant, _ value: Value) {
    (self.start, self.end, self.value) = (start, end, value)
  }
}

/// Beats, tempo, metre, key, chords and phrases of a performance, from its notes alone.
public struct PerformanceAnalysis: Hashable, Sendable {
  public struct TempoPoint: Hashable, Sendable {
    public var at: Instant
    public var tempo: Tempo
  }

  /// In order; the player's, not evenly spaced.
  public var beats: [Instant] = []
  /// Those of `beats` at which bars begin; empty where the metre is not known.
  public var downbeats: [Instant] = []
  public var metre: TimeSignature?
  /// One for each beat but the last, smoothed over its neighbours.
  public var tempo: [TempoPoint] = []
  /// What may be told of the beat, from 0, a guess, to 1, sure.
  public var confidence = 0.0
  public var keys: [Span<Key>] = []
  /// Without what belongs to no chord.
  public var chords: [Span<Chord>] = []
  /// Each with the number of its notes.
  public var phrases: [Span<Int>] = []

  public init() {}

  /// The tempo of the middle beat, by length; nil for fewer than two beats.
  public var medianTempo: Tempo? {
    let lengths = zip(beats.dropFirst(), beats).map { $0 - $1 }.sorted()
    return lengths.isEmpty ? nil : Tempo(beat: lengths[lengths.count / 2])
  }

  /// A chord's name in the key that is heard when it begins.
  public func name(of chord: Span<Chord>) -> String {
    let key = keys.last { $0.start <= chord.start } ?? keys.first
    return key.map { chord.value.name(in: $0.value) } ?? chord.value.description
  }

  /// Tempo at each beat, from the length of it and of the beats beside it.
  mutating func measureTempo() {
    tempo = beats.indices.dropLast().compactMap { index in
      let (first, last) = (max(0, index - 1), min(beats.count - 1, index + 2))
      return Tempo(beat: (beats[last] - beats[first]) / (last - first)).map { TempoPoint(at: beats[index], tempo: $0) }
    }
  }
}

extension Array {
  /// Neighbours that are alike become one.
  func joined<Value>() -> [Span<Value>] where Element == Span<Value> {
    reduce(into: []) { spans, span in
      if let last = spans.last, last.value == span.value, last.end == span.start {
        spans[spans.count - 1].end = span.end
      } else if span.end > span.start {
        spans.append(span)
      }
    }
  }
}
