// SPDX-License-Identifier: Apache-2.0
// Tests/Control/Protocol: the committed reference is the one that the tables give.
import ControlProtocol
import Foundation
import Testing

@Suite struct DocumentationTests {
  @Test("docs/protocol.md is what the tables say; JAMD_REGENERATE=1 writes it")
  func reference() throws {
    let root = URL(filePath: #filePath).appending(path: "../../../..").standardized
    let file = root.appending(path: "docs/protocol.md")
    if ProcessInfo.processInfo.environment["JAMD_REGENERATE"] == "1" {
      try ProtocolDocumentation.markdown.write(to: file, atomically: true, encoding: .utf8)
    }
    #expect(try String(contentsOf: file, encoding: .utf8) == ProtocolDocumentation.markdown)
  }

  @Test("the reference names every command, argument, error and event")
  func complete() {
    let text = ProtocolDocumentation.markdown
    for name in CommandName.allCases {
      #expect(text.contains("### `\(name.rawValue)`"))
      for argument in name.description.arguments { #expect(text.contains("| `\(argument.name)` |")) }
    }
    for code in CommandFailure.Code.allCases { #expect(text.contains("| `\(code.rawValue)` |")) }
    for kind in Event.Kind.allCases { #expect(text.contains("| `\(kind.rawValue)` |")) }
  }
}
