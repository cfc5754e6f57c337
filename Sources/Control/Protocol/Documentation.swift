// SPDX-License-Identifier: Apache-2.0
// Control/Protocol: docs/protocol.md, written from the tables.

/// The protocol's reference in Markdown: what docs/protocol.md has to hold.
public enum ProtocolDocumentation {
  public static var markdown: String {
    [introduction, commands, errors, status, styles, players, settings, events, osc].joined(separator: "\n")
  }

  private static var introduction: String {
    """
    # The control protocol of jamd

    <!-- Written from the tables in Sources/Control/Protocol. Change them, then run
         JAMD_REGENERATE=1 swift test --filter ControlProtocolTests -->

    Version \(protocolVersion). `jam` steers jamd over a Unix stream socket, and so can any program.

    ## Socket

    jamd listens at the path given by `--socket` or by `socket` under `[control]` in its configuration; else at
    `$JAMD_SOCKET`; else at `$RUNTIME_DIRECTORY/jamd.sock` (systemd sets it); else, as root, at `\(SocketPath.system)`;
    else at `$XDG_RUNTIME_DIR/jamd/jamd.sock`; else at `/tmp/jamd-UID/jamd.sock`. A client looks at `$JAMD_SOCKET` alone where
    that is set; else in the user's own place, then at `\(SocketPath.system)`. The socket has mode 0660: its owner and its
    group may connect. Root and jamd's own user may use every command, the other members of the group those that
    `control.group_may_play` allows: every one, or those marked `observe`.

    ## Lines

    Each message is one JSON object (RFC 8259, UTF-8) on a line of its own. A request:

        {"arguments":{"name":"bach","now":true},"command":"style use","id":7,"version":\(protocolVersion)}

    | field | type | meaning |
    |---|---|---|
    | `command` | string | one of the commands below |
    | `arguments` | object | by name; may be left out when empty |
    | `id` | whole number, 0 to 2^53 - 1 | comes back in the reply; 0 when left out |
    | `version` | number | \(protocolVersion), or left out |

    Unknown fields and arguments are refused. The reply is one of

        {"id":7,"result":{},"version":\(protocolVersion)}
        {"error":{"code":"unknown-style","message":"..."},"id":7,"version":\(protocolVersion)}

    where `id` is missing when the request had none that could be read. Requests of one connection are answered in their
    order, one at a time; when far more come than a jam needs they are slowed down, but never `panic`. A request line has
    at most \(grouped(Request.longestLine)) bytes: the longest argument with a backslash before each of its bytes, and 4,096
    more; after a longer one the connection is closed. A client that leaves too much unread is cut off and counted in the status; jamd never waits for anybody. New fields may
    appear in results and events at any time without a new version: skip what you do not know.

    Try it:

        echo '{"command":"status"}' | socat - UNIX-CONNECT:$XDG_RUNTIME_DIR/jamd/jamd.sock

    """
  }

  private static func grouped(_ number: Int) -> String {
    let text = "\(number)"
    return text.count > 3 ? "\(text.dropLast(3)),\(text.suffix(3))" : text
  }

  private static var commands: String {
    var text = "## Commands\n\n`observe` only looks, `play` changes what is heard.\n"
    for description in CommandName.allCases.map(\.description) {
      text += "\n### `\(description.name.rawValue)` (\(description.permission.rawValue))\n\n\(description.summary).\n\n"
      if !description.arguments.isEmpty {
        text += "| argument | type | | meaning |\n|---|---|---|---|\n"
        for argument in description.arguments { text += row(argument) }
        text += "\n"
      }
      text += "Result: \(description.result).\n"
    }
    return text
  }

  private static func row(_ argument: ArgumentDescription) -> String {
    let need = argument.isRequired ? "required" : "optional"
    return "| `\(argument.name)` | \(argument.kind.documentation) | \(need) | \(argument.explanation) |\n"
  }

  private static var errors: String {
    "## Errors\n\n| code | meaning |\n|---|---|\n"
      + CommandFailure.Code.allCases.map { "| `\($0.rawValue)` | \($0.explanation) |\n" }.joined()
  }

  private static var status: String {
    """
    ## Status

    Durations named `mean`, `p50`, `p99`, `p999` and `max` are in microseconds; `count` is how many were measured, and
    `octaves` how many of them were below 1 microsecond, from there on below 2, below 4, 8, 16 and so on.

    ```json
    \(readableJSON(Samples.status))```

    `weight`s add up to 1. `latency.wake_ups` is how late the loop's timers fire, `latency.keys` how long messages of
    ALSA's keyboards take from the kernel to the loop, `latency.events` how late events
    reach JACK after the frame they were stamped for, 0 for those in time, `latency.late_events` how many did, `latency.answers` how long it takes from the moment an answer is due
    to be decided until its first event is in the ring to JACK's callback; `latency.look_ahead` is how many milliseconds
    before that moment answers are composed, 60 to 480 by how late they were lately, `latency.look_ahead_reason` why that has changed. `page_faults` are those of
    the two real-time threads: of the loop since it was up, of the callback over all connections, each from its second second on. `waiting_for` says what jamd would need, each with the way out. `recording` is
    missing when nothing is recorded. `playing` is what was set of the way of playing, by command, controller or
    configuration: `role` is "auto" where the mode decides, `density` and `length` are 1 where nothing is changed, and `chart`
    is missing where what is heard counts. `clock.from` is "playing", "taps", "MIDI clock" or "JACK transport".

    """
  }

  private static var styles: String {
    """
    ## Styles

    ```json
    \(readableJSON(Samples.styles))```

    `problem` says why a style cannot be used, and is missing when it can.

    """
  }

  private static var players: String {
    """
    ## Players

    ```json
    \(readableJSON(Samples.players))```

    `notes` is how much is kept of a player.

    """
  }

  private static var settings: String {
    """
    ## Settings

    ```json
    \(readableJSON(Samples.settings))```

    `value` is written as in a configuration file; `source` is "default", "command line", or the file and line.

    """
  }

  private static var events: String {
    var text = """
      ## Events

      After `watch`. `at` is in seconds since jamd started. `pitch` is a MIDI key number, `velocity` 1 to 127.

      | event | when | example |
      |---|---|---|

      """
    for sample in Samples.events {
      let line = String(decoding: sample.encoded().dropLast(), as: UTF8.self)
      text += "| `\(sample.event.kind.rawValue)` | \(sample.event.kind.explanation) | `\(line)` |\n"
    }
    return text
  }
}

extension ProtocolDocumentation {
  fileprivate static var osc: String {
    var text = """
      ## OSC

      With `osc_port` under `[control]` in its configuration, jamd is also served by Open Sound Control 1.0 over UDP.
      Arguments stand in the order of the table, and those that are optional may be left out. Numbers do for flags; a
      command without arguments takes one number, and does nothing when it is 0, so that a button may be bound to it.

      | message | command |
      |---|---|

      """
    for description in CommandName.allCases.map(\.description) where description.name != .watch {
      let types = description.arguments.map(\.oscType).joined()
      text +=
        "| `\(description.name.oscAddress)\(types.isEmpty ? "" : " \(types)")` | `\(description.name.rawValue)` |\n"
    }
    text += """
      | `\(CommandName.watch.oscAddress) i` | events for ten minutes, to this port; without it, to the port that it came from |
      | `\(OSCRequest.unsubscribeAddress)` | no more events to this host |

      Replies go to where the message came from: `\(OSCMessage.replyAddress)` with the address that was asked, then names
      for lists and JSON for the status; or `\(OSCMessage.errorAddress)` with that address, a code and a text. Events:

      | message | arguments |
      |---|---|

      """
    for kind in Event.Kind.allCases {
      text += "| `\(OSCMessage.address(kind))` | \((["at f"] + OSCMessage.signature(kind)).joined(separator: ", ")) |\n"
    }
    return text + """

      Try it:

          oscdump 9031 &
          oscsend localhost 9030 /jamd/subscribe i 9031
          oscsend localhost 9030 /jamd/style s bach

      """
  }
}

extension ArgumentDescription {
  fileprivate var oscType: String {
    switch kind {
    case .text: "s"
    case .flag: isRequired ? "T" : "[T]"
    case .number: isRequired ? "f" : "[f]"
    case .choice: isRequired ? "s" : "[s]"
    case .weights: "s f..."
    }
  }
}

extension ArgumentDescription.Kind {
  var documentation: String {
    switch self {
    case .text(let longest): "string, 1 to \(longest) bytes"
    case .flag: "true or false"
    case .number(let range): "number, \(range.lowerBound) to \(range.upperBound)"
    case .choice(let texts): texts.map { "`\($0)`" }.joined(separator: ", ")
    case .weights: "object: name to number, 0 to 1000"
    }
  }
}
