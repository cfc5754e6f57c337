// SPDX-License-Identifier: Apache-2.0
// Control/Protocol: a small blocking client of the control socket.
import Glibc

/// Why a running jamd could not be asked. Each text says what to do.
public enum ControlClientError: Error, Hashable, Sendable {
  /// Nobody listens at any of these paths.
  case notListening(paths: [String])
  case notAllowed(path: String)
  case badPath(String)
  case noReply(seconds: Double)
  case connectionLost
  case notUnderstood(String)
  case system(call: String, error: Int32)
}

extension ControlClientError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .notListening(let paths):
      """
      no jamd is listening at \(paths.joined(separator: " or ")): start it with `jamd` or `systemctl start jamd`, or say \
      where it listens with --socket
      """
    case .notAllowed(let path):
      "you may not use \(path): join its group (`sudo usermod -aG audio $USER`, then log in again)"
    case .badPath(let path):
      "\(path) cannot be a socket: a path has 1 to \(SocketPath.longest) bytes"
    case .noReply(let seconds):
      "jamd did not reply within \(seconds) s: it is overloaded or stopped (see `systemctl status jamd`)"
    case .connectionLost: "jamd closed the connection: it was stopped, or dropped this client because it did not read"
    case .notUnderstood(let reason): "\(reason): use a jam and a jamd of the same version"
    case .system(let call, let error): "\(call) failed: \(String(cString: strerror(error)))"
    }
  }
}

/// A connection to a running jamd. Blocks the calling thread, never longer than its timeout; not for real-time threads.
public struct ControlClient: ~Copyable {
  private let descriptor: Int32
  private let timeout: Duration
  /// Longer lines than any that jamd sends.
  private var framing = LineFraming(limit: 1 << 20)
  private var lastID = 0

  /// Connects to the first of `paths` at which somebody listens. `timeout` bounds each later wait for a reply.
  public init(paths: [String], timeout: Duration = .seconds(5)) throws(ControlClientError) {
    var refused: ControlClientError?
    for path in paths {
      switch SocketPath.connect(to: path) {
      case .connected(let descriptor):
        self.descriptor = descriptor
        self.timeout = timeout
        return
      case .failed(ENOENT), .failed(ECONNREFUSED), .failed(ENOTDIR): continue
      case .failed(EACCES), .failed(EPERM): refused = refused ?? .notAllowed(path: path)
      case .failed(ENAMETOOLONG): refused = refused ?? .badPath(path)
      case .failed(let error): refused = refused ?? .system(call: "connecting to \(path)", error: error)
      }
    }
    throw refused ?? .notListening(paths: paths)
  }

  deinit { close(descriptor) }

  /// Sends the command and waits for its reply. Events that arrive in between are lost.
  public mutating func send(_ command: ControlCommand) throws(ControlClientError) -> Reply {
    let deadline = ContinuousClock.now + timeout
    lastID += 1
    try write(Request(id: lastID, command: command).encoded(), until: deadline)
    while true {
      guard let message = try nextMessage(replyTo: command.name, until: deadline) else {
        throw .noReply(seconds: timeout / .seconds(1))
      }
      // A reply without a number answers a line that could not be read, or comes before the connection is closed.
      if case .reply(let id, let reply) = message, id == nil || id == lastID { return reply }
    }
  }

  /// The next event after `watch`; nil when none came within `patience`. Without patience it waits for ever.
  public mutating func nextEvent(within patience: Duration? = nil) throws(ControlClientError) -> TimedEvent? {
    let deadline = patience.map { ContinuousClock.now + $0 }
    while let message = try nextMessage(replyTo: .watch, until: deadline) {
      if case .event(let event) = message { return event }
    }
    return nil
  }

  /// Nil at the deadline.
  private mutating func nextMessage(
    replyTo command: CommandName, until deadline: ContinuousClock.Instant?
  ) throws(ControlClientError) -> ServerMessage? {
    do {
      while true {
        if let line = try framing.next() { return try ServerMessage(parsing: line, replyTo: command) }
        guard try wait(for: POLLIN, until: deadline) else { return nil }
        try read()
      }
    } catch let error as ControlClientError {
      throw error
    } catch {
      throw .notUnderstood("\(error)")
    }
  }

  private mutating func read() throws(ControlClientError) {
    var chunk = [UInt8](repeating: 0, count: 65536)
    let count = recv(descriptor, &chunk, chunk.count, 0)
    if count == 0 || (count < 0 && errno == ECONNRESET) { throw .connectionLost }
    guard count > 0 else {
      if errno == EINTR || errno == EAGAIN { return }
      throw .system(call: "recv", error: errno)
    }
    framing.append(chunk[..<count])
  }

  private func write(_ line: [UInt8], until deadline: ContinuousClock.Instant) throws(ControlClientError) {
    var rest = line[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      if count >= 0 {
        rest = rest.dropFirst(count)
      } else if errno == EAGAIN {
        guard try wait(for: POLLOUT, until: deadline) else { throw .noReply(seconds: timeout / .seconds(1)) }
      } else if errno == EPIPE || errno == ECONNRESET {
        // Why jamd has closed the connection may still be waiting to be read.
        return
      } else if errno != EINTR {
        throw .system(call: "send", error: errno)
      }
    }
  }

  /// False at the deadline.
  private func wait(for events: Int32, until deadline: ContinuousClock.Instant?) throws(ControlClientError) -> Bool {
    while true {
      var milliseconds: Int32 = -1
      if let deadline {
        let left = ContinuousClock.now.duration(to: deadline)
        guard left > .zero else { return false }
        milliseconds = Int32(min(left / .milliseconds(1) + 1, 1e9))
      }
      var request = pollfd(fd: descriptor, events: Int16(events), revents: 0)
      let ready = poll(&request, 1, milliseconds)
      if ready > 0 { return true }
      if ready < 0 && errno != EINTR { throw .system(call: "poll", error: errno) }
    }
  }
}
