// SPDX-License-Identifier: Apache-2.0
// Programs/jam, online: jam panic.
import ArgumentParser
import ControlProtocol

struct Panic: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "\(CommandName.panic.description.summary).")

  @OptionGroup var options: SocketOptions

  func run() throws {
    try endingProperly { _ = try options.send(.panic) }
  }
}
