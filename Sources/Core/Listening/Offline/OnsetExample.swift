// SPDX-License-Identifier: Apache-2.0
// Core/Listening, whole pieces: what `OnsetNetwork` is trained on.
import Music

/// An onset in a performance whose beats are known.
package struct OnsetExample: Sendable {
  /// From the beat before it, 0, to the beat after it, 1; a little before its beat it is below 0.
  package var place: Double
  /// Of that beat, in seconds.
  package var length: Double
  /// A row of `OnsetFeatures`.
  package var features: [Double]

  /// Of `notes` in any order; `beats` in order, in seconds. Onsets outside of all beats are left out.
  package static func all(of notes: [PlayedNote], beats: [Double]) -> [OnsetExample] {
    let groups = OnsetGroup.groups(of: notes.sorted(by: PlayedNote.inPlayedOrder), from: .zero)
    return zip(groups, OnsetFeatures.rows(groups)).compactMap { group, row in
      guard let beat = beats.lastIndex(where: { $0 <= group.time + 0.06 }), beat + 1 < beats.count else { return nil }
      let length = beats[beat + 1] - beats[beat]
      return OnsetExample(place: (group.time - beats[beat]) / length, length: length, features: row)
    }
  }
}
