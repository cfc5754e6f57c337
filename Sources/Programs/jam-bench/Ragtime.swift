// SPDX-License-Identifier: Apache-2.0
// Programs/jam-bench: music to measure with, composed from a seed.
import Music

/// Piano music with the structure of ragtime: strains of sixteen bars in 2/4 in the form AABBACCDD, the left hand
/// alternating between bass and chord, the right in syncopated figures on the harmony, every repeat a little varied.
/// Its statistics have what a learner's cost depends on: two hands, chords, few rhythms, many repeats.
struct Ragtime {
  private static let form = [0, 0, 1, 1, 0, 2, 2, 3, 3]
  /// Inter-onset intervals of a bar, in sixteenths; each adds up to 8.
  private static let rhythms = [
    [1, 2, 1, 1, 2, 1], [1, 2, 1, 2, 2], [2, 1, 1, 2, 2], [1, 1, 1, 1, 1, 2, 1], [2, 2, 1, 2, 1], [4, 1, 2, 1],
    [1, 1, 2, 1, 1, 2], [3, 3, 2],
  ]
  /// Semitones above the tonic of the bass of each chord, and whether the chord is minor.
  private static let chords: [(root: Int, isMinor: Bool)] = [
    (0, false), (0, false), (7, false), (5, false), (2, false), (9, false), (9, true), (2, true), (4, false),
  ]

  private var random: RandomSource

  init(seed: UInt64) { random = RandomSource(seed: seed) }

  /// Pieces with `notes` notes in all or a few more: the last one is cut at the bar.
  mutating func pieces(notes: Int) -> [Piece] {
    var pieces: [Piece] = []
    var count = 0
    while count < notes {
      let piece = self.piece(atMost: notes - count)
      count += piece.parts.reduce(0) { $0 + $1.notes.count }
      pieces.append(piece)
    }
    return pieces
  }

  /// A melody with some chords, for one hand: what a player might call.
  mutating func call(bars: Int) -> [Note] {
    let (tonic, strain) = (self.tonic(), self.strain())
    return (0..<bars).flatMap { bar in upper(strain[bar % strain.count], tonic: tonic, at: Double(bar) * 2) }
  }

  private struct Bar {
    var chord: Int
    var rhythm: Int
    var degrees: [Int]
  }

  private mutating func piece(atMost limit: Int) -> Piece {
    let tonic = self.tonic()
    let strains = (0..<4).map { _ in strain() }
    var notes: [Note] = []
    var bars = 0
    for strain in Self.form {
      for bar in strains[strain] where notes.count < limit {
        let bar = varied(bar)
        notes += upper(bar, tonic: tonic, at: Double(bars) * 2) + lower(bar, tonic: tonic, at: Double(bars) * 2)
        bars += 1
      }
    }
    let key = Key(tonic: PitchClass(tonic), mode: .major)
    return Piece(
      parts: [Part(notes: notes.sorted(by: Note.inScoreOrder))], keys: [Positioned(position: .zero, value: key)],
      timeSignatures: [Positioned(position: .zero, value: TimeSignature(beats: 2, unit: 4))])
  }

  private mutating func tonic() -> Int { [0, 1, 3, 5, 7, 8, 10][below(7)] }

  private mutating func strain() -> [Bar] { (0..<16).map { bar in self.bar(isLast: bar == 15) } }

  private mutating func bar(isLast: Bool) -> Bar {
    let rhythm = below(Self.rhythms.count)
    var degree = below(7)
    let degrees = Self.rhythms[rhythm].map { _ in
      degree = min(13, max(0, degree + [-2, -1, -1, 0, 1, 1, 2, 4, -3][below(9)]))
      return degree
    }
    return Bar(chord: isLast ? 0 : below(Self.chords.count), rhythm: rhythm, degrees: degrees)
  }

  /// One bar in six is not played as it was.
  private mutating func varied(_ bar: Bar) -> Bar {
    guard below(6) == 0 else { return bar }
    var bar = bar
    let index = below(bar.degrees.count)
    bar.degrees[index] = min(13, max(0, bar.degrees[index] + below(5) - 2))
    return bar
  }

  private mutating func upper(_ bar: Bar, tonic: Int, at start: Double) -> [Note] {
    var notes: [Note] = []
    var position = start
    for (length, degree) in zip(Self.rhythms[bar.rhythm], bar.degrees) {
      let beats = Double(length) / 4
      let pitch = 67 + tonic % 12 + degree / 7 * 12 + [0, 2, 4, 5, 7, 9, 11][degree % 7]
      let below = length > 1 ? [[12], [12, 8], [4], []][self.below(4)] : []
      for interval in [0] + below { notes.append(note(pitch - interval, position, beats * 0.9)) }
      position += beats
    }
    return notes
  }

  private mutating func lower(_ bar: Bar, tonic: Int, at start: Double) -> [Note] {
    let chord = Self.chords[bar.chord]
    let root = 36 + (tonic + chord.root) % 12
    let bass = [root, root + 7 - (below(2) * 12)]
    let above = [12, chord.isMinor ? 15 : 16, 19].map { root + $0 }
    return (0..<2).flatMap { beat in
      let position = start + Double(beat)
      return [bass[beat], bass[beat] + 12].map { note($0, position, 0.45) }
        + above.map { note($0, position + 0.5, 0.4) }
    }
  }

  private mutating func note(_ pitch: Int, _ onset: Double, _ duration: Double) -> Note {
    Note(
      pitch: Pitch(clamping: pitch), velocity: Velocity(clamping: 60 + below(40)), onset: Beats(onset),
      duration: Beats(duration))
  }

  private mutating func below(_ bound: Int) -> Int { Int(random.uniform() * Double(bound)) }
}
