// SPDX-License-Identifier: Apache-2.0
// Tests/Programs/jam: the live view of jam watch, drawn without a terminal.
import ControlProtocol
import Music
import Testing
import jam

@Suite("The live view") struct LivePictureTests {
  private static func lines(
    _ view: LiveView, at now: Double, columns: Int = 60, rows: Int = 40, look: LivePicture.Look = .plain
  ) -> [String] {
    LivePicture(columns: columns, rows: rows, look: look).lines(of: view, at: now)
  }

  private static func view(_ events: [(Double, Event)]) -> LiveView {
    events.reduce(into: LiveView()) { $0.take(TimedEvent(at: $1.0, $1.1)) }
  }

  /// The columns of the roll in which `mark` stands, in the row of `pitch`.
  private static func columns(of mark: Character, at pitch: String, in lines: [String]) -> [Int] {
    let row = lines.first { $0.drop { $0 == " " }.hasPrefix("\(pitch) ") } ?? ""
    return row.dropFirst(6).enumerated().filter { $0.element == mark }.map(\.offset)
  }

  @Test("a key's bar begins when it is struck, grows while it is held, and ends when it is let go")
  func bars() {
    var view = Self.view([(10, .noteHeard(pitch: 64, velocity: 90, keyboard: "k"))])
    let held = Self.columns(of: "█", at: "E4", in: Self.lines(view, at: 11))
    #expect(held.count == 9)
    view.take(TimedEvent(at: 11, .noteReleased(pitch: 64, keyboard: "k")))
    #expect(Self.columns(of: "█", at: "E4", in: Self.lines(view, at: 12)).count == held.count)
    #expect(Self.columns(of: "█", at: "E4", in: Self.lines(view, at: 13)).last == (held.last ?? 0) - 16)
  }

  @Test("an answer is seen before it sounds, and what yields is cut off")
  func answers() {
    let plan = (0..<8).map { PlannedNote(at: 5 + Double($0), duration: 1, pitch: 64, velocity: 80) }
    var view = Self.view([(5, .answered(styles: ["bach"], plan: plan))])
    let now = 40  // of 54 columns
    #expect(Self.columns(of: "▒", at: "E4", in: Self.lines(view, at: 5)).contains { $0 > now })
    view.take(TimedEvent(at: 5.5, .yielded))
    #expect(Self.columns(of: "▒", at: "E4", in: Self.lines(view, at: 6)).allSatisfy { $0 <= now - 4 })
  }

  @Test("styles, tempo, key, chord, metre, density, loudness, xruns and lateness can be read")
  func facts() {
    var view = Self.view([(1, .phraseEnded(notes: 3, tempo: 96.04, key: "D minor"))])
    let before = Self.lines(view, at: 2, columns: 120).joined(separator: "\n")
    #expect(before.contains("96.0 bpm") && before.contains("D minor") && before.contains("nothing yet"))
    view.take(Samples.status)
    let text = Self.lines(view, at: 2, columns: 120).joined(separator: "\n")
    for fact in [
      "joplin 70%, me 30%", "96.4 bpm", "F major", "Bb7", "4/4, beat 3", "3.2 onsets a second", "loudness 74",
      "0 xruns",
      "<= 2399 us", "Digital Piano MIDI 1",
    ] {
      #expect(text.contains(fact), "\(fact)")
    }
  }

  @Test("whatever happens and however small the terminal, the picture has its size")
  func anything() {
    var random = RandomSource(seed: 7)
    func number(_ range: Range<Int>) -> Int { Int.random(in: range, using: &random) }
    var view = LiveView()
    view.take(Samples.status)
    for step in 0..<5000 {
      var timed = Samples.events[number(0..<Samples.events.count)]
      timed.at = Double(step) / 50 + Double(number(-3..<3))
      let pitch = number(-200..<400)
      if number(0..<3) == 0 { timed.event = .noteHeard(pitch: pitch, velocity: 1, keyboard: "k") }
      if number(0..<9) == 0 { timed.at = [.nan, .infinity, -1e300, 1e300][number(0..<4)] }
      view.take(timed)
      guard step % 10 == 0 else { continue }
      let (columns, rows) = (number(20..<150), number(8..<60))
      let now = timed.at.isFinite ? timed.at : Double(step) / 50
      let lines = Self.lines(view, at: now, columns: columns, rows: rows)
      #expect(lines.count == rows && lines.allSatisfy { $0.count <= columns })
    }
  }

  @Test("in color the same columns are filled")
  func color() {
    let view = Self.view([(1, .noteHeard(pitch: 60, velocity: 9, keyboard: "k"))])
    let bare = Self.lines(view, at: 2, look: .color).map { line in
      line.split(separator: "\u{1B}", omittingEmptySubsequences: false).enumerated().map { index, part in
        index == 0 ? String(part) : String(part.drop { $0 != "m" }.dropFirst())
      }.joined()
    }
    #expect(bare == Self.lines(view, at: 2))
  }
}
