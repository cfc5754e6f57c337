// SPDX-License-Identifier: Apache-2.0
// Tests/Integration: jamd in a session of New Session Manager, played by a manager of the test's own over UDP.
import ControlProtocol
import Foundation
import JamTestKit
import Testing

/// What nsmd sends and hears, one client.
private final class FakeManager {
  private let descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
  private var client = sockaddr_storage()
  private var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
  private(set) var port: UInt16 = 0

  init() {
    var timeout = timeval(tv_sec: 20, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
    var own = sockaddr_in()
    own.sin_family = sa_family_t(AF_INET)
    own.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    withUnsafeMutablePointer(to: &own) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        _ = bind(descriptor, $0, size)
        _ = getsockname(descriptor, $0, &size)
      }
    }
    port = UInt16(bigEndian: own.sin_port)
  }

  deinit { close(descriptor) }

  func send(_ message: OSCMessage) {
    let bytes = message.encoded()
    withUnsafePointer(to: &client) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        _ = sendto(descriptor, bytes, bytes.count, 0, $0, length)
      }
    }
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

  /// The next message with this address; others are passed over.
  func receive(_ address: String) -> OSCMessage? {
    while let message = receive() { if message.address == address { return message } }
    return nil
  }

  func open(_ folder: String, _ session: String, as name: String) -> OSCMessage? {
    send(OSCMessage("/nsm/client/open", [.text("\(folder)/\(session)/\(name)"), .text(session), .text(name)]))
    return receive("/reply")
  }
}

@Suite(.serialized) struct SessionManagementTests {
  private static func jam(_ socket: String, _ arguments: String...) throws -> String {
    let process = try ChildProcess(Programs.jam, arguments + ["--socket", socket])
    _ = waitUntil(within: 10) { !process.isRunning }
    usleep(20_000)
    return process.output
  }

  private static func start(_ manager: FakeManager, _ folder: String, _ server: String) throws -> ChildProcess {
    try ChildProcess(
      Programs.jamd,
      [
        "--config", "/dev/null", "--jack-server", server, "--styles", LiveJam.styles, "--style", "joplin",
        "--midi-only", "--socket", "\(folder)/jamd.sock", "--player", "",
      ], environment: ["XDG_STATE_HOME": folder, "NSM_URL": "osc.udp://localhost:\(manager.port)/"])
  }

  private static func takeIn(_ manager: FakeManager) {
    manager.send(
      OSCMessage("/reply", [.text("/nsm/server/announce"), .text("welcome"), .text("Test"), .text(":server-control:")]))
  }

  @Test("a session is opened, saved, left for another and found again as it was, under the manager's names in JACK")
  func session() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "jamd-nsm-\(getpid())").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let server = try JACKTestServer(name: JACKTestServer.uniqueName("-nsm"), period: 256)
    let patchbay = try LiveJam.connect("patchbay", server.name)
    let manager = FakeManager()
    let jamd = try Self.start(manager, folder, server.name)
    defer { jamd.end() }
    let mode = { () throws -> String in try Self.jam("\(folder)/jamd.sock", "status", "--json") }
    let appears = { (name: String) in waitUntil(within: 10) { patchbay.connectSend(to: "\(name):midi_in") } }

    #expect(manager.receive()?.arguments.first == .text("jamd"))
    Self.takeIn(manager)
    #expect(manager.open(folder, "gig", as: "jamd.nAAAA")?.arguments.first == .text("/nsm/client/open"))
    #expect(appears("jamd.nAAAA"), "\(jamd.output)")

    _ = try Self.jam("\(folder)/jamd.sock", "mode", "trade")
    #expect(manager.receive()?.address == "/nsm/client/is_dirty")
    manager.send(OSCMessage("/nsm/client/save"))
    #expect(manager.receive() == OSCMessage("/reply", [.text("/nsm/client/save"), .text("saved")]))
    #expect(manager.receive()?.address == "/nsm/client/is_clean")

    #expect(manager.open(folder, "other", as: "jamd.nBBBB") != nil)
    #expect(try mode().contains("\"mode\" : \"answer\""))
    #expect(appears("jamd.nBBBB"), "\(jamd.output)")
    #expect(manager.open(folder, "gig", as: "jamd.nAAAA") != nil)
    #expect(try mode().contains("\"mode\" : \"trade\""))
    #expect(appears("jamd.nAAAA"), "\(jamd.output)")

    jamd.end()
    #expect(jamd.exitStatus == 0)
  }

  @Test("a session whose state cannot be read is refused with the way out, and the next one is opened")
  func broken() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "jamd-nsm-broken-\(getpid())").path
    let state = "\(folder)/gig/jamd.nAAAA/state.jsonl"
    try FileManager.default.createDirectory(atPath: "\(folder)/gig/jamd.nAAAA", withIntermediateDirectories: true)
    try Data("no state\n".utf8).write(to: URL(fileURLWithPath: state))
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let manager = FakeManager()
    let jamd = try Self.start(manager, folder, "none-\(getpid())")
    defer { jamd.end() }
    #expect(manager.receive() != nil)
    Self.takeIn(manager)
    manager.send(
      OSCMessage("/nsm/client/open", [.text("\(folder)/gig/jamd.nAAAA"), .text("gig"), .text("jamd.nAAAA")]))
    guard case .text(let reason) = manager.receive("/error")?.arguments.last else {
      Issue.record("\(jamd.output)")
      return
    }
    #expect(reason.contains(state) && reason.contains("remove the file"))
    #expect(manager.open(folder, "other", as: "jamd.nAAAA")?.arguments.last == .text("opened"))
    // The other session goes on, but is not the manager's any longer: what is to be saved is not saved there.
    manager.send(
      OSCMessage("/nsm/client/open", [.text("\(folder)/gig/jamd.nAAAA"), .text("gig"), .text("jamd.nAAAA")]))
    #expect(manager.receive("/error") != nil)
    manager.send(OSCMessage("/nsm/client/save"))
    #expect(manager.receive("/error")?.arguments.first == .text("/nsm/client/save"))
    #expect(try Data(contentsOf: URL(fileURLWithPath: state)) == Data("no state\n".utf8))
    #expect(manager.open(folder, "other", as: "jamd.nAAAA")?.arguments.last == .text("opened"))
    manager.send(OSCMessage("/nsm/client/save"))
    #expect(manager.receive("/reply")?.arguments.last == .text("saved"))
  }
}
