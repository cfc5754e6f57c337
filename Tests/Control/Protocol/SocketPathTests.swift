// SPDX-License-Identifier: Apache-2.0
// Tests/Control/Protocol: where daemon and client meet.
import ControlProtocol
import Testing

@Suite struct SocketPathTests {
  static let environments: [[String: String]] = [
    [:], ["JAMD_SOCKET": "/a/b"], ["XDG_RUNTIME_DIR": "/run/user/7"], ["JAMD_SOCKET": "", "XDG_RUNTIME_DIR": ""],
  ]

  @Test("a client finds the daemon that was started in the same environment", arguments: environments, [0, 7])
  func sameEnvironment(environment: [String: String], userID: UInt32) {
    let path = SocketPath.listening(environment: environment, userID: userID)
    #expect(SocketPath.candidates(environment: environment, userID: userID).contains(path))
  }

  @Test("services of the user and of the system listen where clients look")
  func services() {
    let session = ["XDG_RUNTIME_DIR": "/run/user/7"]
    let candidates = SocketPath.candidates(environment: session, userID: 7)
    for folder in ["/run/user/7/jamd", "/run/jamd", "/run/jamd:/run/other"] {
      let path = SocketPath.listening(environment: ["RUNTIME_DIRECTORY": folder], userID: 999)
      #expect(candidates.contains(path))
    }
    #expect(candidates.last == SocketPath.system)
  }

  @Test("a client that was told a path looks nowhere else")
  func told() {
    #expect(SocketPath.candidates(environment: ["JAMD_SOCKET": "/x"], userID: 7) == ["/x"])
  }
}
