// SPDX-License-Identifier: Apache-2.0
// Control/Server: what all clients share: the list of them, the events on their way to them, the counts.
import ControlProtocol
import Dispatch
import NIOCore
import Synchronization

/// Between the daemon's threads and the clients, which live on the event loop.
final class Desk: Sendable {
  let limits: ControlServer.Limits
  let eventLoop: any EventLoop
  /// JSON is written here: neither on the real-time loop nor in the way of other clients.
  private let encoding = DispatchQueue(label: "jamd.control.encoding", target: .global(qos: .utility))
  private let handler: ControlServer.Handler
  /// What which client of the socket may.
  let rule: PeerRule
  // Touched on the event loop only.
  /// Who has asked for something last comes last.
  private let clients: NIOLoopBoundBox<[ClientHandler]>
  private let osc: NIOLoopBoundBox<OSCHandler?>
  private let pacing: NIOLoopBoundBox<Pacing>
  private let waiting = Mutex<[TimedEvent]>([])
  private let watchers = Atomic(0)
  private let accepted = Atomic(0)
  private let refused = Atomic(0)
  private let dropped = Atomic(0)
  private let lost = Atomic(0)
  private let lostRequests = Atomic(0)

  init(
    eventLoop: any EventLoop, limits: ControlServer.Limits, rule: PeerRule, handler: @escaping ControlServer.Handler
  ) {
    self.rule = rule
    self.eventLoop = eventLoop
    self.limits = limits
    self.handler = handler
    clients = .makeBoxSendingValue([], eventLoop: eventLoop)
    osc = .makeBoxSendingValue(nil, eventLoop: eventLoop)
    let pacing = Pacing(rate: limits.requestsPerSecond, burst: limits.burst)
    self.pacing = .makeBoxSendingValue(pacing, eventLoop: eventLoop)
  }

  var statistics: ControlServer.Statistics {
    ControlServer.Statistics(
      clients: accepted.load(ordering: .relaxed), refusedClients: refused.load(ordering: .relaxed),
      droppedClients: dropped.load(ordering: .relaxed), lostEvents: lost.load(ordering: .relaxed),
      lostRequests: lostRequests.load(ordering: .relaxed))
  }

  // MARK: Any thread

  func broadcast(_ event: TimedEvent) {
    guard watchers.load(ordering: .relaxed) > 0 else { return }
    let count = waiting.withLock { events in
      guard events.count < limits.events else { return 0 }
      events.append(event)
      return events.count
    }
    if count == 0 { lost.add(1, ordering: .relaxed) }
    // Only the first of a batch calls for its delivery.
    if count == 1 { encoding.async { self.deliver() } }
  }

  private func deliver() {
    let events = waiting.withLock { events in
      defer { events.removeAll() }
      return events
    }
    let lines = ByteBuffer(bytes: events.flatMap { $0.encoded() })
    eventLoop.execute {
      for client in self.clients.value { client.deliver(lines) }
      self.osc.value?.deliver(events)
    }
  }

  /// Writes the message as JSON and calls `body` with it on the event loop.
  func encode(_ message: ServerMessage, _ body: @escaping @Sendable (ByteBuffer) -> Void) {
    encoding.async {
      let line = ByteBuffer(bytes: message.encoded())
      self.eventLoop.execute { body(line) }
    }
  }

  // MARK: Event loop only

  /// False when there are too many already, all of them watching or being answered; else who has asked for nothing for
  /// the longest makes way.
  func admit(_ client: ClientHandler) -> Bool {
    if clients.value.count >= limits.clients { clients.value.first { $0.isIdle }?.makeWay() }
    guard clients.value.count < limits.clients else {
      refused.add(1, ordering: .relaxed)
      return false
    }
    accepted.add(1, ordering: .relaxed)
    clients.value.append(client)
    return true
  }

  func add(_ handler: OSCHandler) { osc.value = handler }

  /// Hands the request over, now or when its turn has come. Nobody has to wait for silence.
  func carryOut(_ request: Request, _ reply: @escaping @Sendable (Reply) -> Void) {
    let wait = request.command == .panic ? 0 : pacing.value.wait(at: NIODeadline.now().uptimeNanoseconds)
    guard wait > 0 else { return handler(request, reply) }
    _ = eventLoop.scheduleTask(in: .nanoseconds(Int64(wait))) { self.handler(request, reply) }
  }

  /// Whether a request that comes now gets its turn within `patience`; one that does not is counted as lost.
  func hasTurn(within patience: TimeAmount) -> Bool {
    let hasTurn = pacing.value.isWithin(
      UInt64(max(0, patience.nanoseconds)), at: NIODeadline.now().uptimeNanoseconds)
    if !hasTurn { lostRequests.add(1, ordering: .relaxed) }
    return hasTurn
  }

  /// A client has asked for something.
  func heard(_ client: ClientHandler) {
    guard let index = clients.value.firstIndex(where: { $0 === client }) else { return }
    clients.value.append(clients.value.remove(at: index))
  }

  func leave(_ client: ClientHandler) { clients.value.removeAll { $0 === client } }

  func startedWatching() { watchers.add(1, ordering: .relaxed) }

  func stoppedWatching() { watchers.subtract(1, ordering: .relaxed) }

  func droppedClient() { dropped.add(1, ordering: .relaxed) }

  func closeAll() { for client in clients.value { client.close() } }
}
