// SPDX-License-Identifier: Apache-2.0
// Programs/jam, online: jam watch.
import ArgumentParser
import ControlProtocol
import Glibc

struct Watch: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show what happens, as it happens, until Ctrl-C or until jamd ends.")

  @OptionGroup var options: SocketOptions

  @Flag(help: "Print the events as JSON, one a line.")
  var json = false

  func run() throws {
    try endingProperly {
      var client = try options.connect()
      _ = try client.carryOut(.watch)
      while let event = try client.nextEvent() {
        print(json ? String(decoding: event.encoded(), as: UTF8.self) : EventText.text(event), terminator: "")
        // Whoever reads it from a pipe wants it now.
        fflush(nil)
      }
    }
  }
}
