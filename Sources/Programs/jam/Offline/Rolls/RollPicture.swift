// SPDX-License-Identifier: Apache-2.0
// Programs/jam, offline: players and jamd as a piano roll.
import Improviser
import Music
import Scores

/// Who plays what, in seconds; the louder, the darker.
package struct RollPicture: Sendable {
  package struct Voice: Sendable {
    package var name: String
    package var isAnswer: Bool
    package var notes: [PlayedNote]

    package init(name: String, isAnswer: Bool, notes: [PlayedNote]) {
      self.name = name
      self.isAnswer = isAnswer
      self.notes = notes
    }
  }

  private static let playerColour = "#2c6e91"
  private static let answerColour = "#c8553d"
  private static let (left, right, top, bottom) = (44.0, 12.0, 34.0, 26.0)

  package var title: String
  package var voices: [Voice]

  package init(title: String, voices: [Voice]) {
    self.title = title
    self.voices = voices.filter { !$0.notes.isEmpty }
  }

  /// Every part of `piece` is a voice; jamd's is known by its name.
  package init(title: String, _ piece: Piece) {
    let voices = piece.parts.map { part in
      let notes = part.notes.map { note in
        let onset = piece.tempoMap.time(at: note.onset)
        return PlayedNote(
          pitch: note.pitch, velocity: note.velocity, onset: .zero + onset,
          duration: piece.tempoMap.time(at: note.end) - onset)
      }
      return Voice(name: part.name, isAnswer: Take.isAnswer(part.name), notes: notes)
    }
    self.init(title: title, voices: voices)
  }

  private var notes: [PlayedNote] { voices.flatMap(\.notes) }

  /// An SVG document. O(notes).
  package func svg(width: Double = 1200) -> String {
    let pitches = notes.map { Double($0.pitch.number) }
    let frame = Frame(
      low: (pitches.min() ?? 60) - 2, high: (pitches.max() ?? 60) + 2,
      start: notes.map(\.onset).min() ?? .zero, end: notes.map(\.release).max() ?? .zero + .seconds(1), width: width)
    let height = Self.top + frame.height + Self.bottom
    return """
      <svg xmlns="http://www.w3.org/2000/svg" width="\(Int(width))" height="\(Int(height))" \
      viewBox="0 0 \(Int(width)) \(Int(height))" font-family="sans-serif">
      <rect width="100%" height="100%" fill="#ffffff"/>
      \(grid(frame))\(voices.map { drawn($0, frame) }.joined())\(legend())</svg>\n
      """
  }

  /// Where pitches and instants are on the picture.
  private struct Frame {
    var low: Double
    var high: Double
    var start: Instant
    var end: Instant
    var width: Double

    var row: Double { min(9, max(3, 320 / (high - low + 1))) }
    var height: Double { (high - low + 1) * row }
    var second: Double { (width - left - right) / max(0.5, (end - start).seconds) }

    func x(_ instant: Instant) -> Double { left + (instant - start).seconds * second }
    func y(_ pitch: Double) -> Double { top + (high - pitch) * row }
  }

  private func grid(_ frame: Frame) -> String {
    let octaves = stride(from: 0.0, through: 120, by: 12).filter { (frame.low...frame.high).contains($0) }
    let lines = octaves.map { pitch in
      let y = frame.y(pitch) + frame.row
      return line(Self.left, y, frame.width - Self.right, y) + text(10, y, Pitch(clamping: Int(pitch)).description)
    }
    let step = [1.0, 2, 5, 10, 30, 60, 300].first { $0 * frame.second > 40 } ?? 600
    let times = stride(from: 0, through: (frame.end - frame.start).seconds, by: step).map { seconds in
      let x = Self.left + seconds * frame.second
      return line(x, Self.top, x, Self.top + frame.height)
        + text(x - 4, Self.top + frame.height + 14, "\(Int(seconds)) s")
    }
    return (lines + times).joined()
  }

  private func drawn(_ voice: Voice, _ frame: Frame) -> String {
    voice.notes.map { note in
      let darkness = 0.25 + 0.75 * Double(note.velocity.value) / 127
      let numbers = [
        frame.x(note.onset), frame.y(Double(note.pitch.number)), max(1.5, note.duration.seconds * frame.second - 0.5),
        frame.row - 0.5,
      ].map { ReportText.decimal($0, 1) }
      return "<rect x=\"\(numbers[0])\" y=\"\(numbers[1])\" width=\"\(numbers[2])\" height=\"\(numbers[3])\" rx=\"1\" "
        + "fill=\"\(Self.colour(voice))\" fill-opacity=\"\(ReportText.decimal(darkness, 2))\"/>\n"
    }.joined()
  }

  private func legend() -> String {
    var names = text(Self.left, 20, title, size: 14)
    var x = Self.left + 8.5 * Double(title.count) + 20
    for voice in voices {
      names += text(x, 20, voice.name, size: 13, Self.colour(voice))
      x += 8 * Double(voice.name.count) + 20
    }
    return names
  }

  private static func colour(_ voice: Voice) -> String { voice.isAnswer ? answerColour : playerColour }

  private func line(_ x: Double, _ y: Double, _ toX: Double, _ toY: Double) -> String {
    let numbers = [x, y, toX, toY].map { ReportText.decimal($0, 1) }
    return
      "<line x1=\"\(numbers[0])\" y1=\"\(numbers[1])\" x2=\"\(numbers[2])\" y2=\"\(numbers[3])\" stroke=\"#dddddd\"/>\n"
  }

  private func text(_ x: Double, _ y: Double, _ content: String, size: Int = 10, _ colour: String = "#444444") -> String
  {
    "<text x=\"\(ReportText.decimal(x, 1))\" y=\"\(ReportText.decimal(y, 1))\" font-size=\"\(size)\" "
      + "fill=\"\(colour)\">\(ReportSVG.escaped(content))</text>\n"
  }
}
