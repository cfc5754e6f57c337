// SPDX-License-Identifier: Apache-2.0
// Core/Listening, whole pieces: what the networks are trained on.
import Music

/// An onset in a performance whose beats are known.
package struct OnsetExample: Sendable {
  /// From the beat before it, 0, to the beat after it, 1; a little before its beat it is below 0.
  package var place: Double
  /// Of that beat, in seconds.
  package var length: Double
  /// A row of `OnsetFeatures`, or of `OnsetCues`.
  package var features: [Double]

  /// Of `notes` in any order; `beats` in order, in seconds. Onsets outside of all beats are left out.
  package static func all(of notes: [PlayedNote], beats: [Double]) -> [OnsetExample] {
    let groups = OnsetGroup.groups(of: notes.sorted(by: PlayedNote.inPlayedOrder), from: .zero)
    return zip(groups, OnsetFeatures.rows(groups)).compactMap { group, row in
      OnsetExample(at: group.time, beats, row)
    }
  }

  /// The same with rows of `OnsetCues`: what `CueNetwork` is trained on.
  package static func heard(in notes: [PlayedNote], beats: [Double]) -> [OnsetExample] {
    var (groups, cues): ([StruckGroup], OnsetCues) = ([], OnsetCues())
    for note in notes.sorted(by: PlayedNote.inPlayedOrder) {
      if let last = groups.indices.last, note.onset < groups[last].completion {
        groups[last].add(note.pitch, note.velocity, at: note.onset)
      } else {
        groups.append(StruckGroup(note.pitch, note.velocity, at: note.onset))
      }
    }
    return groups.compactMap { group in
      let time = group.time(from: .zero)
      cues.hear(group, at: time)
      return OnsetExample(at: time, beats, cues.window.suffix(OnsetCues.count).map(Double.init))
    }
  }

  private init?(at time: Double, _ beats: [Double], _ features: [Double]) {
    guard let beat = beats.lastIndex(where: { $0 <= time + 0.06 }), beat + 1 < beats.count else { return nil }
    length = beats[beat + 1] - beats[beat]
    place = (time - beats[beat]) / length
    self.features = features
  }
}
