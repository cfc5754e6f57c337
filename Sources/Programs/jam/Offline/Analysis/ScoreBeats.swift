// SPDX-License-Identifier: Apache-2.0
// Programs/jam, offline: where the beats of a score are.
import Music

/// The beats that a musician counts in a piece, for measuring against: dotted where the metre is compound (6/8, 9/8, 12/8),
/// else the unit of the time signature.
package enum ScoreBeats {
  /// In order, from the first that does not lie after the first note to the last note.
  package static func positions(of piece: Piece) -> [Beats] {
    let notes = piece.notes
    guard let first = notes.first, let last = notes.last else { return [] }
    var signatures = piece.timeSignatures
    if signatures.first.map({ $0.position > .zero }) ?? true {
      signatures.insert(Positioned(position: .zero, value: .common), at: 0)
    }
    var positions: [Beats] = []
    for (index, signature) in signatures.enumerated() {
      let end = index + 1 < signatures.count ? signatures[index + 1].position : last.onset + Beats(0.001)
      guard end > signature.position else { continue }
      let unit = unit(of: signature.value)
      let inside = notes.filter { $0.onset >= signature.position && $0.onset < end }
      var beat = signature.position + offset(of: inside, from: signature.position, unit: unit)
      while beat < end {
        if beat > first.onset - unit, beat.count >= 0 { positions.append(beat) }
        beat = beat + unit
      }
    }
    return positions
  }

  static func unit(of signature: TimeSignature) -> Beats {
    let unit = 4 / Double(signature.unit)
    return Beats(signature.unit >= 8 && signature.beats % 3 == 0 && signature.beats > 3 ? 3 * unit : unit)
  }

  /// Files do not say how long a pick-up is: beats begin where most long notes and chords do.
  private static func offset(of notes: [Note], from start: Beats, unit: Beats) -> Beats {
    let steps = 12
    var sums = [Double](repeating: 0, count: steps)
    for note in notes {
      let place = (note.onset - start) / unit * Double(steps)
      guard (place - place.rounded()).magnitude < 0.05 else { continue }
      sums[Int(place.rounded()) % steps] += 0.3 + min(2, note.duration / unit)
    }
    let candidates = [0, 3, 4, 6, 8, 9]
    let best = candidates.max { sums[$0] < sums[$1] } ?? 0
    return unit * (sums[best] > 1.15 * sums[0] ? Double(best) / Double(steps) : 0)
  }
}
