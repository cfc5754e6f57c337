// SPDX-License-Identifier: Apache-2.0
// Tests of Programs/jam, offline: learning, its progress, and the choice of viewpoints.
import Foundation
import Music
import Style
import Testing
import jam

@Suite struct LearnTests {
  private func pieces(_ count: Int, notes: Int = 400) -> [Piece] {
    (0..<count).map { seed in
      var random = RandomSource(seed: UInt64(seed))
      var pitch = 60
      let line = (0..<notes).map { index in
        pitch = min(80, max(45, pitch + [-4, -2, -1, 1, 2, 3].randomElement(using: &random)!))
        return Note(pitch: Pitch(clamping: pitch), onset: Beats(Double(index) / 2), duration: Beats(0.5))
      }
      return Piece(parts: [Part(notes: line)])
    }
  }

  @Test("a selection tells each step, gives every property its viewpoints, and a style that can be learned with them")
  func selection() throws {
    var lines: [String] = []
    let pieces = pieces(8)
    let viewpoints = try ViewpointChoice.viewpoints(pieces) { lines.append($0) }
    for property in PredictedProperty.allCases {
      #expect(viewpoints.contains { property.targets.contains($0.target) })
      #expect(lines.contains { $0.hasPrefix("\(property)") })
    }
    #expect(lines.contains { $0.contains("bits/note") && $0.contains(" s: + interval from") })
    // There are no notes under others: nothing to select by.
    #expect(lines.contains { $0.hasPrefix("lowDuration: 0 decisions are too few") })
    #expect(lines.last?.hasPrefix("selected: ") == true)
    let style = try Learning.style(StyleInformation(title: "T"), pieces, viewpoints: viewpoints)
    #expect(try Style(decoding: style.encoded()).viewpoints == viewpoints)
    #expect(try ViewpointChoice.viewpoints(pieces) { _ in } == viewpoints)
  }

  @Test("too little music to select by is refused, with what it takes", arguments: [(5, 400), (8, 100)])
  func tooLittle(_ count: Int, _ notes: Int) {
    let error = #expect(throws: FileFailure.self) {
      try ViewpointChoice.viewpoints(pieces(count, notes: notes)) { _ in }
    }
    #expect(error?.description.contains("\(count) pieces with \(count * notes) notes are too few") == true)
    #expect(error?.description.contains("2000 notes") == true)
  }

  @Test("progress tells what is done, how fast, and what was skipped")
  func progress() {
    var progress = Progress("read", "files", of: 3)
    progress.add(notes: 1000)
    #expect(progress.text(seconds: 2) == "read 1 of 3 files, 1000 notes, 500 notes/s")
    progress.skip()
    progress.add(notes: 500)
    #expect(progress.text(seconds: 3) == "read 3 of 3 files, 1500 notes, 500 notes/s, 1 skipped")
    #expect(!progress.text(seconds: 0).contains("inf"))
  }
}
