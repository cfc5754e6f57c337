// SPDX-License-Identifier: Apache-2.0
// Tests/Control/Server: who may what over the socket.
import ControlProtocol
import ControlServer
import Foundation
import Testing

@Suite(.timeLimit(.minutes(2))) struct PeerTests {
  private static let handler: ControlServer.Handler = { request, reply in
    reply(request.command == .status ? .status(Samples.status) : .done)
  }

  @Test("root and the owner may everything, the group what it may, others nothing")
  func rule() {
    for groupMay in [Permission.observe, .play] {
      let rule = PeerRule(owner: 1000, group: 29, groupMay: groupMay)
      #expect(rule.permission(of: Peer(user: 0, group: 0)) == .play)
      #expect(rule.permission(of: Peer(user: 1000, group: 77)) == .play)
      #expect(rule.permission(of: Peer(user: 1001, group: 29)) == groupMay)
      #expect(rule.permission(of: Peer(user: 1001, group: 1001, groups: [4, 29])) == groupMay)
      #expect(rule.permission(of: Peer(user: 1001, group: 1000, groups: [4, 30])) == nil)
    }
  }

  @Test("who may only look may give just the commands that look")
  func permissions() {
    #expect(CommandName.allCases.contains { $0.description.permission == .play })
    for line in CommandName.allCases {
      guard let request = try? Request(parsing: #"{"command":"\#(line.rawValue)"}"#.utf8) else { continue }
      #expect(Permission.play.includes(request.command))
      #expect(Permission.observe.includes(request.command) == (line.description.permission == .observe))
    }
  }

  /// Asks as another user; nil where this process may not become one, or there is no Python.
  private func ask(_ socket: String, user: Int, group: Int, groups: String, _ command: String) throws -> String? {
    guard geteuid() == 0, access("/usr/bin/setpriv", X_OK) == 0, access("/usr/bin/python3", X_OK) == 0 else {
      print("not root, or no setpriv and python3: no other user is tried")
      return nil
    }
    let script = """
      import socket, sys
      s = socket.socket(socket.AF_UNIX); s.settimeout(20); s.connect(sys.argv[1])
      try: s.sendall(b'{"command":"' + sys.argv[2].encode() + b'","id":1}\\n'); s.shutdown(socket.SHUT_WR)
      except OSError: pass
      while True:
        b = s.recv(4096)
        if not b: break
        sys.stdout.write(b.decode())
      """
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/setpriv")
    process.arguments =
      ["--reuid=\(user)", "--regid=\(group)"] + (groups.isEmpty ? ["--clear-groups"] : ["--groups=\(groups)"])
      + ["/usr/bin/python3", "-c", script, socket, command]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: output, as: UTF8.self)
  }

  @Test("the kernel's word counts: a member of the group looks, or plays too, and a stranger gets nothing")
  func strangers() async throws {
    for groupMay in [Permission.observe, .play] {
      let folder = SocketFolder()
      chmod(folder.path, 0o755)
      let server = try ControlServer(
        path: folder.socket, socketGroup: geteuid() == 0 ? 4321 : nil, groupMay: groupMay, handler: Self.handler)
      // Even a file that is open to all lets nobody in.
      chmod(folder.socket, 0o666)
      for (user, group, groups, permission) in [
        (65534, 65534, "", nil), (4444, 4321, "", groupMay), (4444, 65534, "7,4321", groupMay),
        (Int(geteuid()), 65534, "", .play),
      ] as [(Int, Int, String, Permission?)] {
        for (command, needed) in [("status", Permission.observe), ("panic", .play)] {
          guard let reply = try ask(folder.socket, user: user, group: group, groups: groups, command) else { continue }
          let isAllowed = permission == .play || (permission == .observe && needed == .observe)
          #expect(reply.contains("\"result\"") == isAllowed, "\(user) \(command): \(reply)")
          #expect(reply.contains("not-allowed") == !isAllowed, "\(user) \(command): \(reply)")
        }
      }
      await server.stop()
    }
  }
}
