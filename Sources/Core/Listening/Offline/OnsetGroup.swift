// SPDX-License-Identifier: Apache-2.0
// Core/Listening, whole pieces: what is struck together.
import Music

/// Notes that are meant as one onset: a chord, however it is spread.
struct OnsetGroup: Sendable {
  /// Seconds from the first onset of all, the mean of the notes'.
  var time: Double
  /// In order of pitch.
  var notes: [PlayedNote]

  var lowest: PlayedNote { notes[0] }
  var highest: PlayedNote { notes[notes.count - 1] }

  /// A note belongs to a group that began no longer than this ago, in seconds,
  static let widest = 0.08
  /// and whose last note is no farther away than this.
  static let spread = 0.032

  /// `notes` in order of onset; `start` is zero seconds. O(n log n).
  static func groups(of notes: [PlayedNote], from start: Instant) -> [OnsetGroup] {
    var groups: [OnsetGroup] = []
    var first = 0
    func seconds(_ index: Int) -> Double { (notes[index].onset - start).seconds }
    func close(before end: Int) {
      guard end > first else { return }
      let members = notes[first..<end]
      let sum = (first..<end).reduce(0.0) { $0 + seconds($1) }
      groups.append(OnsetGroup(time: sum / Double(members.count), notes: members.sorted { $0.pitch < $1.pitch }))
      first = end
    }
    for index in notes.indices.dropFirst()
    where seconds(index) - seconds(index - 1) > spread || seconds(index) - seconds(first) > widest {
      close(before: index)
    }
    close(before: notes.count)
    return groups
  }
}
