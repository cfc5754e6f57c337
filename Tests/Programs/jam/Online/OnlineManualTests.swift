// SPDX-License-Identifier: Apache-2.0
// Tests/Programs/jam: jam(1) and the table of commands.
import ControlProtocol
import Foundation
import Testing

@Suite struct OnlineManualTests {
  @Test("jam(1) explains every command of the protocol")
  func commands() throws {
    let root = URL(filePath: #filePath).appending(path: "../../../../..").standardized
    let manual = try String(contentsOf: root.appending(path: "docs/man/jam.1"), encoding: .utf8)
    for name in CommandName.allCases {
      #expect(manual.contains(".TP\n.B jam \(name.rawValue)\n") || manual.contains(".TP\n.BI \"jam \(name.rawValue) "))
    }
  }
}
