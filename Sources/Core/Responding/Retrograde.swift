// SPDX-License-Identifier: Apache-2.0
// Core/Responding: the answer for which no model is needed.
import Music

extension Answer {
  /// Notes that begin so near each other are a chord, in beats.
  private static let chordSpread = 0.06

  /// The context's rhythm with its chords in reverse order: what is played when a model has nothing to say. Never empty
  /// for a request with a context; as long as its last `length` beats, every pitch moved by octaves into its range.
  public func retrograde(_ request: ContinuationRequest) -> [Note] {
    guard let last = request.context.map(\.onset).max() else { return [] }
    let recent = request.context.filter { $0.onset >= last - request.length }.sorted(by: Note.inScoreOrder)
    let chords = Self.chords(recent)
    let start = recent.first?.onset ?? .zero
    return zip(chords, chords.reversed()).flatMap { rhythm, pitches in
      pitches.map { note in
        var note = note
        note.pitch = Self.moved(note.pitch, into: request.range)
        note.onset = rhythm[0].onset - start
        note.duration = rhythm.map(\.duration).max() ?? note.duration
        return note
      }
    }
  }

  private static func chords(_ notes: [Note]) -> [[Note]] {
    notes.reduce(into: []) { chords, note in
      if let first = chords.last?.first, (note.onset - first.onset).count < chordSpread {
        chords[chords.count - 1].append(note)
      } else {
        chords.append([note])
      }
    }
  }

  private static func moved(_ pitch: Pitch, into range: ClosedRange<Pitch>) -> Pitch {
    var number = Int(pitch.number)
    while number < Int(range.lowerBound.number) { number += 12 }
    while number > Int(range.upperBound.number) { number -= 12 }
    // A range narrower than an octave may have no such pitch.
    return max(range.lowerBound, Pitch(clamping: number))
  }
}
