// SPDX-License-Identifier: Apache-2.0
// Core/Scores: notes as a picture in a terminal.
import Music

/// A piano roll of text: one line a pitch, time from left to right.
public enum PianoRoll {
  /// `width` columns and at most one line for each pitch between the lowest and the highest note; lines of C are marked.
  /// `bar` is how many beats lie between two vertical lines. Empty for no notes.
  public static func text(_ notes: [Note], width: Int = 72, bar: Beats = Beats(4)) -> String {
    guard let lowest = notes.map(\.pitch).min(), let highest = notes.map(\.pitch).max() else { return "" }
    let length = notes.map(\.end).max() ?? Beats(1)
    let columns = max(8, width - 6)
    let beat = Double(columns) / max(0.25, length.count)
    return (Int(lowest.number)...Int(highest.number)).reversed().map { number in
      let pitch = Pitch(clamping: number)
      let line = row(notes.filter { $0.pitch == pitch }, columns, beat, bar, isC: pitch.pitchClass.number == 0)
      return label(pitch) + line
    }.joined(separator: "\n")
  }

  private static func label(_ pitch: Pitch) -> String {
    let name = pitch.description
    return String(repeating: " ", count: max(0, 4 - name.count)) + name + " |"
  }

  private static func row(_ notes: [Note], _ columns: Int, _ beat: Double, _ bar: Beats, isC: Bool) -> String {
    var cells = [Character](repeating: isC ? "-" : " ", count: columns)
    var position = bar
    while bar.count > 0, Int(position.count * beat) < columns {
      cells[Int(position.count * beat)] = ":"
      position = position + bar
    }
    for note in notes {
      let start = min(columns - 1, Int(note.onset.count * beat))
      let end = min(columns, max(start + 1, Int(note.end.count * beat)))
      for column in start..<end { cells[column] = column == start ? "#" : "=" }
    }
    return String(cells)
  }
}
