// SPDX-License-Identifier: Apache-2.0
// Tests/Control/Protocol: replies and events on the wire.
import ControlProtocol
import Testing

@Suite struct MessageTests {
  static let replies: [(CommandName, Reply)] = [
    (.status, .status(Samples.status)), (.styleList, .styles(Samples.styles)), (.styleUse, .done), (.styleMix, .done),
    (.panic, .done),
    (.watch, .done), (.mode, .done), (.role, .done), (.bars, .done), (.variation, .done), (.chart, .done),
    (.morph, .done),
    (.setParameter, .done), (.answer, .done), (.stop, .done), (.tap, .done), (.midiLearn, .done),
    (.countIn, .done), (.midiForget, .done), (.midiSplit, .done), (.clockIn, .done), (.clockOut, .done),
    (.transport, .done), (.midiKeyboards, .done),
    (.playerList, .players(Samples.players)), (.playerUse, .done),
    (.configShow, .settings(Samples.settings)),
    (.styleUse, .failure(CommandFailure(.unknownStyle, "no style \"x\"\nreally"))),
  ]

  @Test("every reply survives the wire, in one line")
  func replies() throws {
    for (command, reply) in Self.replies {
      for id in [nil, 0, Request.largestID] {
        let message = ServerMessage.reply(id: id, reply)
        let line = message.encoded()
        #expect(line.filter { $0 == UInt8(ascii: "\n") }.count == 1 && line.last == UInt8(ascii: "\n"))
        #expect(try ServerMessage(parsing: line.dropLast(), replyTo: command) == message)
      }
    }
  }

  @Test("there is a sample of every kind of event, and each survives the wire")
  func events() throws {
    #expect(Samples.events.map(\.event.kind) == Event.Kind.allCases)
    for sample in Samples.events {
      let line = sample.encoded().dropLast()
      #expect(try ServerMessage(parsing: line, replyTo: .watch) == .event(sample))
    }
    let keyless = TimedEvent(at: 1, .phraseEnded(notes: 1, tempo: 120, key: nil))
    #expect(try ServerMessage(parsing: keyless.encoded().dropLast(), replyTo: .watch) == .event(keyless))
  }

  @Test("numbers that JSON cannot hold do not break a status")
  func notFinite() throws {
    var status = Samples.status
    status.latency.events.max = .infinity
    let line = ServerMessage.reply(id: 1, .status(status)).encoded().dropLast()
    #expect(try ServerMessage(parsing: line, replyTo: .status) == .reply(id: 1, .status(status)))
  }

  @Test("the same status is the same bytes, with the names in snake case")
  func bytes() {
    let line = String(decoding: ServerMessage.reply(id: 1, .status(Samples.status)).encoded(), as: UTF8.self)
    for name in [
      "sample_rate", "wake_ups", "dropped_events", "alsa_overruns", "learned_notes", "waiting_for", "real_time",
    ] {
      #expect(line.contains("\"\(name)\":"))
    }
    #expect(Array(line.utf8) == ServerMessage.reply(id: 1, .status(Samples.status)).encoded())
  }

  @Test("a reply to another command, another version and noise are errors, never crashes")
  func refusals() {
    let list = ServerMessage.reply(id: 1, .styles([])).encoded().dropLast()
    #expect(throws: MessageError.self) { try ServerMessage(parsing: list, replyTo: .status) }
    #expect(throws: MessageError.self) {
      try ServerMessage(parsing: #"{"version":2,"result":{}}"#.utf8, replyTo: .panic)
    }
    #expect(throws: MessageError.self) {
      try ServerMessage(parsing: #"{"version":1,"event":"x"}"#.utf8, replyTo: .panic)
    }
    var random = Noise(seed: 2)
    let seeds =
      Self.replies.map { Array(ServerMessage.reply(id: 1, $0.1).encoded()) } + Samples.events.map { $0.encoded() }
    for round in 0..<fuzzIterations {
      let line = random.mutation(of: seeds[random.below(seeds.count)])
      _ = try? ServerMessage(parsing: line, replyTo: CommandName.allCases[round % CommandName.allCases.count])
    }
  }
}
