// SPDX-License-Identifier: Apache-2.0
// Tests/Control/Server: OSC clients over UDP.
import ControlProtocol
import ControlServer
import Foundation
import Testing

/// A UDP socket of an OSC client on this machine; waits for answers, never long.
private final class OSCClient {
  private let descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
  private let port: Int

  init(to port: Int) {
    self.port = port
    var timeout = timeval(tv_sec: 5, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
  }

  deinit { close(descriptor) }

  func send(_ bytes: [UInt8]) {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(UInt16(port).bigEndian)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        _ = sendto(descriptor, bytes, bytes.count, 0, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
  }

  func receive() -> OSCMessage? {
    var bytes = [UInt8](repeating: 0, count: 65536)
    let count = recv(descriptor, &bytes, bytes.count, 0)
    return count > 0 ? (try? OSCMessage.messages(in: bytes[..<count]))?.first : nil
  }

  func ask(_ message: OSCMessage) -> OSCMessage? {
    send(message.encoded())
    return receive()
  }
}

@Suite(.serialized) struct OSCServerTests {
  private static func serve(
    _ permission: Permission = .play, _ body: (ControlServer, OSCClient) async throws -> Void
  ) async throws {
    let path = FileManager.default.temporaryDirectory.appending(path: "jamd-osc-\(UUID().uuidString.prefix(8))").path
    let server = try ControlServer(path: path) { request, reply in
      switch request.command {
      case .styleList: reply(.styles(Samples.styles))
      case .status: reply(.status(Samples.status))
      default: reply(.done)
      }
    }
    try await server.listenForOSC(address: "127.0.0.1", port: 0, permission: permission)
    try await body(server, OSCClient(to: try #require(server.oscPort)))
    await server.stop()
  }

  @Test("commands are carried out and answered to where they came from")
  func commands() async throws {
    try await Self.serve { _, client in
      #expect(client.ask(OSCMessage("/jamd/panic")) == OSCMessage("/jamd/reply", [.text("/jamd/panic")]))
      #expect(
        client.ask(OSCMessage("/jamd/style/list"))
          == OSCMessage("/jamd/reply", [.text("/jamd/style/list"), .text("joplin")]))
      #expect(client.ask(OSCMessage("/jamd/status"))?.arguments.count == 2)
      #expect(client.ask(OSCMessage("/jamd/style"))?.address == "/jamd/error")
      #expect(client.ask(OSCMessage("/jamd/nothing"))?.arguments[1] == .text("unknown-command"))
    }
  }

  @Test("who subscribed gets every event in order, until he has enough")
  func events() async throws {
    try await Self.serve { server, client in
      #expect(client.ask(OSCMessage("/jamd/subscribe"))?.address == "/jamd/reply")
      for event in Samples.events { server.broadcast(event) }
      for event in Samples.events { #expect(client.receive() == OSCMessage(event)) }
      #expect(client.ask(OSCMessage("/jamd/unsubscribe"))?.address == "/jamd/reply")
      server.broadcast(Samples.events[0])
      #expect(client.ask(OSCMessage("/jamd/panic"))?.address == "/jamd/reply")
    }
  }

  @Test("who may only look changes nothing")
  func permission() async throws {
    try await Self.serve(.observe) { _, client in
      #expect(client.ask(OSCMessage("/jamd/panic"))?.arguments[1] == .text("not-allowed"))
      #expect(client.ask(OSCMessage("/jamd/style/list"))?.address == "/jamd/reply")
    }
  }

  @Test("noise gets no answer and does no harm; no more than sixteen ports get events")
  func noise() async throws {
    try await Self.serve { server, client in
      var random = Noise(seed: 3)
      for _ in 0..<40 {
        // As many as fit into a socket's buffer.
        for _ in 0..<50 { client.send((0..<random.below(64)).map { _ in UInt8(random.below(256)) }) }
        client.send(OSCMessage("/jamd/panic").encoded())
        var answer = client.receive()
        while let noise = answer, noise.arguments.first != .text("/jamd/panic") { answer = client.receive() }
        #expect(answer?.address == "/jamd/reply")
      }
      let answers = (1...20).map { client.ask(OSCMessage("/jamd/subscribe", [.int(40000 + $0)]))?.address }
      #expect(answers.count { $0 == "/jamd/reply" } == 16 && answers.count { $0 == "/jamd/error" } == 4)
    }
  }

  @Test("an address that is not this machine's is refused")
  func badAddress() async throws {
    try await Self.serve { server, _ in
      await #expect(throws: ControlServerError.self) {
        try await server.listenForOSC(address: "192.0.2.1", port: 9030, permission: .play)
      }
      await #expect(throws: ControlServerError.self) {
        try await server.listenForOSC(address: "nonsense", port: 9030, permission: .play)
      }
    }
  }
}
