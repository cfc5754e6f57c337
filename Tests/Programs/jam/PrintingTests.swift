// SPDX-License-Identifier: Apache-2.0
// Tests of Programs/jam: what reaches a terminal, and what mistyped commands are taken for.
import ControlProtocol
import Testing
import jam

@Suite struct PrintingTests {
  /// As the name of a style, a player or a keyboard may have them.
  private static let wild = "a\u{1B}[2Jb\u{9B}31m\u{7F}\r\u{0}c\nd\te"

  private static func isTame(_ text: String) -> Bool {
    text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control || $0 == "\n" || $0 == "\t" }
  }

  @Test("no control character of a name reaches the terminal, and none breaks a line or a column")
  func tame() {
    #expect(Printable.word(Self.wild) == "a [2Jb 31m   c d e")
    #expect(Printable.text(Self.wild) == "a [2Jb 31m   c\nd\te")
    let events: [Event] = [
      .keyboardConnected(name: Self.wild), .styleChanged(styles: [Self.wild]), .warning(Self.wild),
      .noteHeard(pitch: 60, velocity: 1, keyboard: Self.wild),
    ]
    for event in events {
      let line = EventText.text(TimedEvent(at: 1, event))
      #expect(Self.isTame(line) && line.count { $0 == "\n" } == 1)
    }
    let players = PlayerListText.text([PlayerEntry(name: Self.wild, notes: 1, isInUse: false)])
    #expect(Self.isTame(players) && players.count { $0 == "\t" } == 2)
  }

  @Test("a mistyped subcommand gets the one that was meant, on every level")
  func mistakes() throws {
    #expect(CommandTree.mistake(in: ["statsu"])?.contains("did you mean \"status\"?") == true)
    #expect(CommandTree.mistake(in: ["syle", "list"])?.contains("did you mean \"style\"?") == true)
    #expect(
      CommandTree.mistake(in: ["style", "lsit"])?.contains("no \"jam style lsit\"; did you mean \"list\"?") == true)
    #expect(CommandTree.mistake(in: ["midi", "zzz"])?.contains("there are ") == true)
    for right in [
      [], ["status"], ["style", "use"], ["player", "anna"], ["--help"], ["mode", "trode"], ["help", "x"],
    ] {
      #expect(CommandTree.mistake(in: right) == nil, "\(right)")
    }
  }
}
