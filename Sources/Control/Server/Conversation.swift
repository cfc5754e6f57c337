// SPDX-License-Identifier: Apache-2.0
// Control/Server: the course of one client's connection, without any input or output.
import ControlProtocol

/// What one client has sent, and what is to be done about it. Requests are taken one at a time: while one is being
/// answered nothing more is read, so that a client that floods fills its own socket and nothing else.
package struct Conversation: Sendable {
  /// What to do next.
  package enum Step: Hashable, Sendable {
    /// Carry it out and report back with `answered()`.
    case handle(Request)
    /// Send this at once; it needs no `answered()`.
    case refuse(RefusedRequest)
    /// Send this, then close: what follows cannot be understood.
    case refuseAndClose(RefusedRequest)
    /// Ask the socket for more.
    case read
    /// Nothing, until `answered()`.
    case wait
    case close
  }

  private enum State {
    case open, answering, broken
  }

  private var framing: LineFraming
  private var state = State.open
  private var isInputClosed = false
  private var isWatching = false

  package init(longestLine: Int) { framing = LineFraming(limit: longestLine) }

  package mutating func received(_ bytes: some Collection<UInt8>) {
    if state != .broken { framing.append(bytes) }
  }

  /// The request that was to be handled has its reply. A client that watches stays when it has nothing more to say.
  package mutating func answered(isWatching: Bool = false) {
    if state == .answering { state = .open }
    if isWatching { self.isWatching = true }
  }

  /// Nothing more will be received; what was received is still answered.
  package mutating func inputClosed() { isInputClosed = true }

  /// Call again until it is to read, to wait or to close.
  package mutating func next() -> Step {
    switch state {
    case .answering: return .wait
    case .broken: return .close
    case .open: break
    }
    do {
      while let line = try framing.next() {
        // Blank lines between requests are for people who type.
        if line.allSatisfy({ $0 == UInt8(ascii: " ") }) { continue }
        return step(for: line)
      }
    } catch {
      state = .broken
      return .refuseAndClose(RefusedRequest(failure: CommandFailure(.badRequest, "\(error)")))
    }
    if isInputClosed { return isWatching ? .wait : .close }
    return .read
  }

  private mutating func step(for line: [UInt8]) -> Step {
    do throws(RefusedRequest) {
      let request = try Request(parsing: line)
      state = .answering
      return .handle(request)
    } catch {
      return .refuse(error)
    }
  }
}
