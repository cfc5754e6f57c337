// SPDX-License-Identifier: Apache-2.0
// Programs/jam, online: jam status, which is also the bare jam.
import ArgumentParser
import ControlProtocol

struct Status: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "\(CommandName.status.description.summary).")

  @OptionGroup var options: SocketOptions

  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    try endingProperly {
      guard case .status(let status) = try options.send(.status) else { return }
      show(json ? readableJSON(status) : StatusText.text(status), terminator: "")
    }
  }
}
