// SPDX-License-Identifier: Apache-2.0
// Programs/jamd: what a session manager knows of jamd, and jamd of the session.
import ControlProtocol
import ControlServer
import RealTime

/// While a session manager looks after jamd. On the loop; what blocks is done elsewhere.
@MainActor
final class SessionManagement {
  var client = SessionClient()
  /// The session that is open.
  var place: SessionClient.Place?
  /// The manager has gone on to a session that could not be opened: `place` is none of its own any longer.
  var isAstray = false
  /// How jamd was configured to play: what a session without a word about it has.
  var configured: SessionState
  /// What was asked since.
  var asked: SessionState
  /// What is on the disk.
  var saved: SessionState?
  var timer: RealTimeLoop.Timer?
  private var link: SessionLink?
  private let orders: AsyncStream<SessionClient.Order>
  private let feed: AsyncStream<SessionClient.Order>.Continuation

  init(configured: SessionState) {
    self.configured = configured
    asked = configured
    (orders, feed) = AsyncStream.makeStream()
  }

  /// One order after the other is handed to `obey`; a manager that cannot be reached is an order refused.
  func connect(
    to address: SessionManagerAddress, program: String, process: Int32,
    obey: @escaping @MainActor (SessionClient.Order) async -> Void
  ) {
    let link = SessionLink(
      to: address,
      receive: { message in Task { @MainActor [weak self] in self?.take(message) } },
      onProblem: { [feed] in feed.yield(.refused($0)) })
    self.link = link
    link.send(client.announcement(program: program, process: process))
    Task { [orders] in
      for await order in orders { await obey(order) }
    }
  }

  private func take(_ message: OSCMessage) {
    if let order = client.handle(message) { feed.yield(order) }
  }

  func send(_ message: OSCMessage) { link?.send(message) }

  /// Tells the manager whether there is something to save.
  func tell(_ state: SessionState) {
    if let message = client.tell(isDirty: state != saved) { send(message) }
  }
}
