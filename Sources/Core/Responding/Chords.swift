// SPDX-License-Identifier: Apache-2.0
// Core/Responding: a phrase as a row of chords, and the scale that they move in.
import Music

/// Notes by their onsets: those that begin together are one.
public struct Chords: Hashable, Sendable {
  struct Chord: Hashable, Sendable {
    var notes: [Note]
    /// In beats; `interval` runs to the next onset.
    var onset, duration, interval: Double

    func mapped(_ change: (Pitch) -> Pitch) -> Self {
      var chord = self
      for index in chord.notes.indices { chord.notes[index].pitch = change(notes[index].pitch) }
      return chord
    }
  }

  /// Notes that begin so near each other are a chord, in beats.
  static let spread = 0.06

  var chords: [Chord]
  /// From beat 0 to the end.
  var length: Double
  /// Of beat 0 in its bar, and of that bar, as far as they are known.
  var (place, bar) = (0.0, 4.0)

  init(chords: [Chord], length: Double) {
    self.chords = chords
    self.length = length
  }

  /// O(n log n).
  public init(_ notes: [Note]) {
    var chords: [Chord] = []
    for note in notes.sorted(by: Note.inScoreOrder) where note.duration.count > 0 {
      let onset = note.onset.count
      if let last = chords.last, onset - last.onset < Self.spread {
        chords[chords.count - 1].notes.append(note)
        chords[chords.count - 1].duration = max(last.duration, note.duration.count)
      } else {
        chords.append(Chord(notes: [note], onset: onset, duration: note.duration.count, interval: 0))
      }
    }
    for index in chords.indices {
      let next = index + 1 < chords.count ? chords[index + 1].onset : nil
      // The last lasts to the end of its beat, at least an eighth.
      let end = max((chords[index].onset + 0.5).rounded(.up), chords[index].onset + 0.5)
      chords[index].interval = (next ?? end) - chords[index].onset
    }
    self.init(chords: chords, length: chords.last.map { $0.onset + $0.interval } ?? 0)
  }

  /// Which chords are off the beat; where none is, which are not on every other beat, else not on the bar, or on every other
  /// bar. Never the first. O(n).
  var weak: [Int] {
    let units = [1, bar.remainder(dividingBy: 2) == 0 ? 2 : bar, bar, 2 * bar]
    return units.lazy.map { unit in
      chords.indices.dropFirst().filter { index in
        (chords[index].onset + place).remainder(dividingBy: unit).magnitude >= 0.1
      }
    }.first { !$0.isEmpty } ?? []
  }

  /// In score order, pitches struck twice at once left out.
  public var notes: [Note] {
    chords.flatMap { chord in
      var seen: Set<Pitch> = []
      return chord.notes.filter { seen.insert($0.pitch).inserted }.map { note in
        Note(
          pitch: note.pitch, velocity: note.velocity, onset: Beats(chord.onset),
          duration: Beats(max(0.05, chord.duration)))
      }
    }.sorted(by: Note.inScoreOrder)
  }
}

/// Steps of a key's scale, or semitones where no key is known.
struct Scale {
  /// Semitones above C, ascending within an octave.
  private let steps: [Int]

  init(_ key: Key?) {
    steps = (key?.scale ?? PitchClass.all).map { Int($0.number) }.sorted()
  }

  /// Steps above the lowest pitch; a pitch between two steps counts as the lower.
  func degree(of pitch: Pitch) -> Int {
    let (octave, place) = Int(pitch.number).quotientAndRemainder(dividingBy: 12)
    return octave * steps.count + (steps.lastIndex { $0 <= place } ?? -1)
  }

  /// Moved by so many steps; what lies between two steps keeps its distance to the lower. By octaves back onto a piano.
  func moved(_ pitch: Pitch, by count: Int) -> Pitch {
    let degree = degree(of: pitch)
    let alteration = Int(pitch.number) - self.pitch(degree)
    var number = self.pitch(degree + count) + alteration
    while number < Answer.piano.lowerBound { number += 12 }
    while number > Answer.piano.upperBound { number -= 12 }
    return Pitch(clamping: number)
  }

  private func pitch(_ degree: Int) -> Int {
    let octave = Int((Double(degree) / Double(steps.count)).rounded(.down))
    return octave * 12 + steps[degree - octave * steps.count]
  }
}
