// SPDX-License-Identifier: Apache-2.0
// Tests/Control/Server: OSC over UDP to a session manager.
import ControlProtocol
import ControlServer
import Foundation
import Testing

/// A session manager's socket; answers to where a message came from.
private final class Manager {
  private let descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
  private var client = sockaddr_storage()
  private var length = socklen_t(MemoryLayout<sockaddr_storage>.size)

  init() {
    var timeout = timeval(tv_sec: 5, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
    var own = sockaddr_in()
    own.sin_family = sa_family_t(AF_INET)
    own.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    withUnsafePointer(to: &own) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        _ = bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
  }

  deinit { close(descriptor) }

  var address: SessionManagerAddress? {
    var own = sockaddr_in()
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    withUnsafeMutablePointer(to: &own) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { _ = getsockname(descriptor, $0, &length) }
    }
    return SessionManagerAddress("osc.udp://localhost:\(UInt16(bigEndian: own.sin_port))/")
  }

  func receive() -> OSCMessage? {
    var bytes = [UInt8](repeating: 0, count: 65536)
    let count = withUnsafeMutablePointer(to: &client) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        recvfrom(descriptor, &bytes, bytes.count, 0, $0, &length)
      }
    }
    return count > 0 ? (try? OSCMessage.messages(in: bytes[..<count]))?.first : nil
  }

  func send(_ bytes: [UInt8]) {
    withUnsafePointer(to: &client) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        _ = sendto(descriptor, bytes, bytes.count, 0, $0, length)
      }
    }
  }
}

@Suite(.serialized) struct SessionLinkTests {
  @Test("messages go both ways, in order, and noise in between is passed over")
  func bothWays() async throws {
    let manager = Manager()
    let (messages, feed) = AsyncStream<OSCMessage>.makeStream()
    let link = SessionLink(
      to: try #require(manager.address), receive: { feed.yield($0) }, onProblem: { Issue.record("\($0)") })
    let announcement = SessionClient().announcement(program: "jamd", process: 1)
    link.send(announcement)
    #expect(manager.receive() == announcement)
    let orders = (1...20).map { OSCMessage("/nsm/client/save", [.int($0)]) }
    for order in orders {
      manager.send(Array("no OSC at all".utf8))
      manager.send(order.encoded())
    }
    var iterator = messages.makeAsyncIterator()
    for order in orders { #expect(await iterator.next() == order) }
  }

  @Test("an address that does not exist is told, and sending to it does nothing")
  func nowhere() async throws {
    let (problems, feed) = AsyncStream<String>.makeStream()
    let link = SessionLink(
      to: try #require(SessionManagerAddress("osc.udp://nowhere.invalid:9/")), receive: { _ in },
      onProblem: { feed.yield($0) })
    link.send(OSCMessage("/nsm/client/is_dirty"))
    link.flush()
    var iterator = problems.makeAsyncIterator()
    #expect(await iterator.next()?.contains("nowhere.invalid") == true)
  }
}
