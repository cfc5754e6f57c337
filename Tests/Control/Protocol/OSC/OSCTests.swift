// SPDX-License-Identifier: Apache-2.0
// Tests/Control/Protocol: Open Sound Control.
import ControlProtocol
import Foundation
import Testing

@Suite struct OSCTests {
  static let messages: [OSCMessage] = [
    OSCMessage("/jamd/panic"), OSCMessage("/jamd/style", [.text("bach"), .flag(true)]),
    OSCMessage("/a", [.int(-7), .float(0.5), .text(""), .text("abc"), .text("Błękit"), .flag(false), .int(.max)]),
  ]

  @Test("what is written is read again", arguments: messages)
  func roundTrip(message: OSCMessage) throws {
    #expect(message.encoded().count % 4 == 0)
    #expect(try OSCMessage.messages(in: message.encoded()) == [message])
  }

  @Test("the example of the specification has its bytes")
  func specification() throws {
    // OSC 1.0, "OSC Message Examples": /oscillator/4/frequency with 440.0.
    let bytes = Array("/oscillator/4/frequency\0,f\0\0".utf8) + [0x43, 0xDC, 0, 0]
    #expect(OSCMessage("/oscillator/4/frequency", [.float(440)]).encoded() == bytes)
    #expect(try OSCMessage.messages(in: bytes) == [OSCMessage("/oscillator/4/frequency", [.float(440)])])
  }

  @Test("a bundle's messages come in order, whatever its time; bundles in bundles have an end")
  func bundles() throws {
    func bundle(_ packets: [[UInt8]]) -> [UInt8] {
      Array("#bundle\0".utf8) + [UInt8](repeating: 0, count: 7) + [1]
        + packets.flatMap { [0, 0, UInt8($0.count >> 8), UInt8($0.count & 0xFF)] + $0 }
    }
    var packet = bundle(Self.messages.map { $0.encoded() })
    #expect(try OSCMessage.messages(in: packet) == Self.messages)
    #expect(try OSCMessage.messages(in: bundle([packet, packet])) == Self.messages + Self.messages)
    for _ in 0..<10 { packet = bundle([packet]) }
    #expect(throws: OSCError.self) { try OSCMessage.messages(in: packet) }
  }

  @Test("each command of the table can be given, and no two share an address")
  func table() throws {
    #expect(Set(CommandName.allCases.map(\.oscAddress)).count == CommandName.allCases.count)
    #expect(try OSCRequest(OSCMessage("/jamd/panic")) == .command(.panic))
    #expect(try OSCRequest(OSCMessage("/jamd/style", [.text("bach")])) == .command(.styleUse(name: "bach", now: false)))
    let now = OSCMessage("/jamd/style", [.text("bach"), .float(1)])
    #expect(try OSCRequest(now) == .command(.styleUse(name: "bach", now: true)))
    #expect(try OSCRequest(OSCMessage("/jamd/player", [.text("anna")])) == .command(.playerUse(name: "anna")))
    #expect(try OSCRequest(OSCMessage("/jamd/style/list")) == .command(.styleList))
    #expect(try OSCRequest(OSCMessage("/jamd/status")) == .command(.status))
    #expect(try OSCRequest(OSCMessage("/jamd/subscribe")) == .subscribe(port: nil))
    #expect(try OSCRequest(OSCMessage("/jamd/subscribe", [.int(9001)])) == .subscribe(port: 9001))
    #expect(try OSCRequest(OSCMessage("/jamd/unsubscribe")) == .unsubscribe)
  }

  @Test("a mix is names, each with its weight, and perhaps the time it takes")
  func mix() throws {
    let pairs: [OSCMessage.Argument] = [.text("joplin"), .float(0.5), .text("me"), .int(1)]
    let weights = [StyleShare(name: "joplin", weight: 0.5), StyleShare(name: "me", weight: 1)]
    #expect(try OSCRequest(OSCMessage("/jamd/mix", pairs)) == .command(.styleMix(weights: weights, over: 0)))
    let slowly = OSCMessage("/jamd/mix", pairs + [.float(8)])
    #expect(try OSCRequest(slowly) == .command(.styleMix(weights: weights, over: 8)))
    for refused in [[], [.text("joplin")], [.text("joplin"), .float(0)], [.float(1)], pairs + [.float(1), .float(1)]] {
      #expect(throws: CommandFailure.self) { try OSCRequest(OSCMessage("/jamd/mix", refused)) }
    }
  }

  @Test("a button that is pressed panics once, not again when it is let go")
  func button() throws {
    #expect(try OSCRequest(OSCMessage("/jamd/panic", [.float(1)])) == .command(.panic))
    #expect(try OSCRequest(OSCMessage("/jamd/panic", [.float(0)])) == .released)
  }

  @Test("what does not fit the table is refused with the way out")
  func refused() {
    for message in [
      OSCMessage("/jamd/style"), OSCMessage("/jamd/style", [.int(1)]), OSCMessage("/jamd/style", [.text("")]),
      OSCMessage("/jamd/style", [.text("a"), .flag(true), .int(1)]), OSCMessage("/jamd/subscribe", [.int(0)]),
      OSCMessage("/jamd/panic", [.text("now")]), OSCMessage("/nothing"),
    ] {
      #expect(throws: CommandFailure.self) { try OSCRequest(message) }
    }
    #expect {
      try OSCRequest(OSCMessage("/jamd/stlye", [.text("a")]))
    } throws: {
      ($0 as? CommandFailure)?.message.contains("/jamd/style") == true
    }
  }

  @Test("every reply and event becomes a message that can be read again")
  func answers() throws {
    let replies: [Reply] = [
      .done, .styles(Samples.styles), .players(Samples.players), .status(Samples.status), .settings(Samples.settings),
      .failure(CommandFailure(.unknownStyle, "no")),
    ]
    for reply in replies {
      let message = OSCMessage(reply, to: "/jamd/x")
      #expect(try OSCMessage.messages(in: message.encoded()) == [message])
      #expect(message.arguments.first == .text("/jamd/x"))
    }
    for event in Samples.events {
      let message = OSCMessage(event)
      #expect(try OSCMessage.messages(in: message.encoded()) == [message])
      #expect(message.arguments.first == .float(Float(event.at)))
    }
    let phrase = OSCMessage(TimedEvent(at: 2, .phraseEnded(notes: 14, tempo: 96.5, key: nil)))
    #expect(phrase == OSCMessage("/jamd/event/phrase-ended", [.float(2), .text(""), .int(14), .float(96.5)]))
  }

  @Test("no datagram crashes the reader or asks for more memory than it has bytes")
  func fuzz() {
    var random = Noise(seed: 11)
    let rounds = ProcessInfo.processInfo.environment["JAMD_FUZZ"].flatMap { Int($0) } ?? 20_000
    var (read, asked) = (0, 0)
    for round in 0..<rounds {
      var bytes = Self.messages[round % Self.messages.count].encoded()
      if round % 7 == 0 { bytes = Array("#bundle\0\0\0\0\0\0\0\0\u{1}\0\0\0".utf8) + [UInt8(bytes.count)] + bytes }
      for _ in 0..<random.below(4) {
        let index = random.below(bytes.count)
        switch random.below(3) {
        case 0: bytes[index] = UInt8(random.below(256))
        case 1: bytes.insert(UInt8(random.below(256)), at: index)
        default: bytes.remove(at: index)
        }
      }
      guard let messages = try? OSCMessage.messages(in: bytes) else { continue }
      read += messages.count
      #expect(messages.reduce(0) { $0 + 1 + $1.arguments.count } <= bytes.count)
      for message in messages where (try? OSCRequest(message)) != nil { asked += 1 }
    }
    #expect(read > rounds / 10 && asked > rounds / 20)
  }
}
