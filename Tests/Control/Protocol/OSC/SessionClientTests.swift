// SPDX-License-Identifier: Apache-2.0
// Tests/Control/Protocol: a client of New Session Manager.
import ControlProtocol
import Testing

@Suite struct SessionClientTests {
  private static func accepted() -> SessionClient {
    var client = SessionClient()
    _ = client.handle(
      OSCMessage(
        "/reply", [.text("/nsm/server/announce"), .text("hello"), .text("Manager"), .text(":server-control:")]))
    return client
  }

  private static let opening = OSCMessage(
    "/nsm/client/open", [.text("/home/anna/NSM Sessions/gig/jamd.nABCD"), .text("gig"), .text("jamd.nABCD")])

  @Test("an address is host and port of osc.udp, and nothing else is one")
  func addresses() {
    #expect(SessionManagerAddress("osc.udp://localhost:16187/")?.host == "localhost")
    #expect(SessionManagerAddress("osc.udp://studio.local:16187")?.port == 16187)
    #expect(SessionManagerAddress("osc.udp://127.0.1.1:1/")?.host == "127.0.1.1")
    #expect(SessionManagerAddress("osc.udp://[::1]:65535/")?.host == "::1")
    for wrong in [
      "", "localhost:16187", "osc.tcp://localhost:16187/", "osc.udp://localhost/", "osc.udp://:5/", "osc.udp://a:0/",
      "osc.udp://a:65536/", "osc.udp://a:5/x", "osc.udp://a:b:5/", "osc.udp://[::1:5/",
    ] { #expect(SessionManagerAddress(wrong) == nil, "\(wrong)") }
  }

  @Test("the announcement names the program, what it can and its process, in the order of the protocol")
  func announcement() {
    let message = SessionClient().announcement(program: "jamd", process: 77)
    #expect(
      message
        == OSCMessage(
          "/nsm/server/announce",
          [.text("jamd"), .text(":switch:dirty:message:"), .text("jamd"), .int(1), .int(1), .int(77)]))
  }

  @Test("orders count only from a manager that has taken the client")
  func acceptance() {
    var client = SessionClient()
    #expect(client.handle(Self.opening) == nil)
    #expect(client.handle(OSCMessage("/nsm/client/save")) == nil)
    #expect(
      client.handle(OSCMessage("/error", [.text("/nsm/server/announce"), .int(-2), .text("too old")]))
        == .refused("too old"))
    client = Self.accepted()
    #expect(client.handle(OSCMessage("/nsm/client/save")) == .save)
    guard case .open(let place) = client.handle(Self.opening) else {
      Issue.record("not opened")
      return
    }
    #expect(place.path == "/home/anna/NSM Sessions/gig/jamd.nABCD")
    #expect(place.session == "gig" && place.clientName == "jamd.nABCD")
  }

  @Test("a path that is no place of its own is no session")
  func paths() {
    let long = "/" + String(repeating: "x", count: 4000)
    for path in ["", "relative", "/a/../etc/x", long] {
      var client = Self.accepted()
      #expect(client.handle(OSCMessage("/nsm/client/open", [.text(path), .text("gig"), .text("id")])) == nil)
    }
  }

  @Test("whether something is unsaved is told once a change, and never before a session is open")
  func dirt() {
    var client = Self.accepted()
    #expect(client.tell(isDirty: true) == nil)
    _ = client.handle(Self.opening)
    #expect(client.tell(isDirty: false) == nil)
    #expect(client.tell(isDirty: true)?.address == "/nsm/client/is_dirty")
    #expect(client.tell(isDirty: true) == nil)
    #expect(client.tell(isDirty: false)?.address == "/nsm/client/is_clean")
  }

  @Test("answers name the question")
  func answers() {
    let client = SessionClient()
    #expect(client.done(.open, "opened") == OSCMessage("/reply", [.text("/nsm/client/open"), .text("opened")]))
    #expect(
      client.failed(.save, .createFailed, "the disk is full")
        == OSCMessage("/error", [.text("/nsm/client/save"), .int(-10), .text("the disk is full")]))
  }

  @Test("any datagram leaves the client where it was, or is an order that was asked for")
  func noise() {
    var noise = Noise(seed: 11)
    let seeds = [Self.opening, OSCMessage("/nsm/client/save"), OSCMessage("/reply", [.text("/nsm/server/announce")])]
    for turn in 0..<fuzzIterations {
      var client = turn % 2 == 0 ? Self.accepted() : SessionClient()
      let bytes = noise.mutation(of: seeds[turn % seeds.count].encoded())
      for message in (try? OSCMessage.messages(in: bytes)) ?? [] {
        if case .open(let place) = client.handle(message) {
          #expect(place.path.hasPrefix("/") && !place.clientName.isEmpty)
        }
      }
    }
  }
}
