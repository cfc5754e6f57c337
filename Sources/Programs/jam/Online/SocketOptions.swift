// SPDX-License-Identifier: Apache-2.0
// Programs/jam, online: how the commands that ask a running jamd reach it.
import ArgumentParser
import ControlProtocol
import FoundationEssentials
import Glibc

/// Options that all online commands share.
struct SocketOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("Ask the jamd that listens here. Otherwise yours, else the system's.", valueName: "path"),
    completion: .file())
  var socket: String?

  /// Connects, sends the command and returns what came back; a failure is thrown.
  func send(_ command: ControlCommand) throws -> Reply {
    var client = try connect()
    return try client.carryOut(command)
  }

  func connect() throws(ControlClientError) -> ControlClient {
    let environment = ProcessInfo.processInfo.environment
    let paths = socket.map { [$0] } ?? SocketPath.candidates(environment: environment, userID: geteuid())
    return try ControlClient(paths: paths)
  }
}

extension ControlClient {
  /// Like `send`, but throws what jamd refused.
  mutating func carryOut(_ command: ControlCommand) throws -> Reply {
    let reply = try send(command)
    if case .failure(let failure) = reply { throw failure }
    return reply
  }
}
