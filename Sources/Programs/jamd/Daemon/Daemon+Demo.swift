// SPDX-License-Identifier: Apache-2.0
// Programs/jamd: the demo, from the call to the picture of its answer.
import FoundationEssentials
import Glibc
import Music
import Scores

extension DemoOption {
  /// The call to be played.
  func piece() throws -> Piece {
    guard case .file(let path) = self else { return DemoCall.piece }
    return Piece(try StandardMIDIFile(parsing: [UInt8](Data(contentsOf: URL(filePath: path)))))
  }
}

extension Daemon {
  /// Prints call and answer as piano rolls, once, and lets the demo end.
  func showDemo(answer: [PlayedNote]) {
    guard let demo, demo.state == .played, let phrase = Phrase(answer) else { return }
    let styles = session.styles.map(\.name).joined(separator: "+")
    print("\nThe call:\n\(PianoRoll.text(demo.call))\n")
    print("The answer, in the style of \(styles):\n\(PianoRoll.text(phrase.notes(at: DemoCall.tempo)))\n")
    print("Plug in a keyboard and play; Ctrl-C ends.")
    fflush(nil)
    self.demo = nil
  }
}
