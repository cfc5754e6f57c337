// SPDX-License-Identifier: Apache-2.0
// Programs/jam, online: jam watch.
import ArgumentParser
import ControlProtocol

struct Watch: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show what happens, as it happens, until Ctrl-C or until jamd ends.",
    discussion: """
      In a terminal: a piano roll of you and jamd with the styles, tempo and key, how late the loop and the notes are, \
      and what happened last; q quits, p panics. Elsewhere, or with --plain: a line for each event. NO_COLOR is obeyed.
      """)

  @OptionGroup var options: SocketOptions

  @Flag(help: "Print the events as JSON, one a line.")
  var json = false

  @Flag(help: "Print a line for each event in a terminal as well.")
  var plain = false

  func run() throws {
    try endingProperly {
      if !json, !plain, Terminal.isThere {
        var watch = try LiveWatch(options)
        return try watch.run(in: Terminal())
      }
      var client = try options.connect()
      _ = try client.carryOut(.watch)
      while let event = try client.nextEvent() {
        print(json ? String(decoding: event.encoded(), as: UTF8.self) : EventText.text(event), terminator: "")
        // Whoever reads it from a pipe wants it now.
        try StandardOutput.flush()
      }
    }
  }
}
