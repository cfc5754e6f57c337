// SPDX-License-Identifier: Apache-2.0
// Devices/ALSAInput: keyboards on the ALSA sequencer, part of THINKING's loop.
import CALSA
import Dispatch
import Music
import RealTime

/// Listens to every keyboard on the ALSA sequencer: as the client `jamd` with the port `in`, which connects itself as
/// `policy` says and takes whatever else somebody connects to it.
///
/// Events come to `handler` on the loop, one by one, in order of time; nothing here blocks. A keyboard is heard as soon
/// as the loop turns after the kernel announced it.
@MainActor
public final class ALSAInput {
  public enum Event: Hashable, Sendable {
    case message(MIDIMessage, from: UInt32, at: Instant)
    /// Keyboards count from 1; one that comes back has the number it had.
    case keyboardConnected(UInt32, name: String)
    /// Unplugged or disconnected: whatever it held counts as released.
    case keyboardGone(UInt32, name: String)
    /// The kernel had to drop what waited to be read. Messages that release every key and pedal follow.
    case overrun(total: Int)
    case available
    /// Told once for each reason; it is looked for again by itself.
    case unavailable(SequencerError)
    /// A keyboard that could not be connected, and why.
    case refused(name: String, reason: String)
  }

  /// The keyboards as they are connected, by number.
  public var keyboards: [(number: UInt32, name: String)] {
    table.connected.map { ($0.number, $0.name) }.sorted { $0.number < $1.number }
  }
  public private(set) var overruns = 0
  public var isAvailable: Bool { client != nil }

  private let loop: RealTimeLoop
  private let policy: ConnectionPolicy
  private let clientName: String
  private let handler: @MainActor (Event) -> Void
  private var search = SequencerSearch()
  private var table = KeyboardTable()
  private var clock = QueueClock()
  private var client: SequencerClient?
  private var watch: RealTimeLoop.Watch?
  private var retry: RealTimeLoop.Timer?

  public init(
    loop: RealTimeLoop, policy: ConnectionPolicy = ConnectionPolicy(), clientName: String = "jamd",
    handler: @escaping @MainActor (Event) -> Void
  ) {
    self.loop = loop
    self.policy = policy
    self.clientName = clientName
    self.handler = handler
  }

  // MARK: Opening and closing

  /// Looks for the sequencer, now and until `stop()`. Returns at once.
  public func start() {
    if retry == nil {
      retry = loop.addTimer(named: "opening the ALSA sequencer") { [weak self] in self?.openIfDue(at: $0) }
    }
    openIfDue(at: .now())
  }

  /// Leaves the sequencer; every keyboard is reported gone.
  public func stop() {
    search.stop()
    if let retry { loop.set(retry, at: nil) }
    leave()
  }

  private func openIfDue(at now: Instant) {
    guard search.shouldOpen(at: now) else { return }
    let name = clientName
    // Opening reads files and may load kernel modules.
    DispatchQueue.global(qos: .utility).async {
      let opened = Result { () throws(SequencerError) in Opened(client: try SequencerClient(name: name)) }
      DispatchQueue.main.async { self.finishOpening(opened) }
    }
  }

  /// The hand-over of a client from the thread that opened it: that one keeps no reference.
  private struct Opened: @unchecked Sendable { let client: SequencerClient }

  private func finishOpening(_ result: Result<Opened, SequencerError>) {
    switch result {
    case .success(let opened) where search.opened(): listen(to: opened.client)
    case .success: break
    case .failure(let error): fail(error)
    }
  }

  private func listen(to client: SequencerClient) {
    self.client = client
    clock = QueueClock()
    client.read(into: &clock)
    watch = loop.add(client.descriptor, for: .readable, named: "events of the ALSA sequencer") { [weak self] in
      self?.serve($0)
    }
    handler(.available)
    for port in client.ports() { offer(port) }
  }

  private func fail(_ error: SequencerError) {
    leave()
    let (again, report) = search.failed(error, at: .now())
    if let retry, let again { loop.set(retry, at: again) }
    if let report { handler(.unavailable(report)) }
  }

  private func leave() {
    if let watch { loop.remove(watch) }
    watch = nil
    client = nil
    report(gone: table.disconnectAll())
  }

  // MARK: Reading

  /// One read of the kernel at most: however much waits, other descriptors get their turn after 256 events.
  private func serve(_ readiness: Readiness) {
    guard let client else { return }
    if clock.needsReading(at: .now()) { client.read(into: &clock) }
    repeat {
      switch client.read() {
      case .event(let event): take(event)
      case .empty: break
      case .overrun: recover()
      case .lost(let error): return fail(error)
      }
    } while self.client === client && client.hasBuffered
    if readiness.contains(.failed), self.client === client { fail(.failed(call: "poll", errno: EIO)) }
  }

  private func take(_ event: calsa_event) {
    guard event.source_client != ConnectionPolicy.system else { return follow(event) }
    let arrival = Instant.now()
    let at =
      event.is_stamped != 0 ? clock.instant(of: event.queue_nanoseconds, arrival: arrival) : clock.stamp(arrival)
    guard
      let message = MIDIMessage(
        sequencerType: event.type, channel: event.channel, first: Int(event.first), second: Int(event.second)),
      let keyboard = sender(
        SequencerAddress(event.source_client, event.source_port), on: message.isSystem ? nil : message.channel)
    else { return }
    handler(.message(message, from: keyboard, at: at))
  }

  /// A sender that is not connected sends to the port directly: it becomes a keyboard all the same.
  private func sender(_ address: SequencerAddress, on channel: Channel?) -> UInt32? {
    if let number = table.sender(address, on: channel) { return number }
    guard let port = client?.port(at: address) else { return nil }
    admit(port)
    return table.sender(address, on: channel)
  }

  private func recover() {
    overruns += 1
    client?.dropInput()
    handler(.overrun(total: overruns))
    let now = Instant.now()
    for (keyboard, message) in table.releases() {
      handler(.message(message, from: keyboard, at: clock.stamp(now)))
    }
    guard let ports = client?.ports() else { return }
    report(gone: table.reconcile(with: ports))
    for port in ports { offer(port) }
  }

  // MARK: Announcements

  private func follow(_ event: calsa_event) {
    let sender = SequencerAddress(event.sender_client, event.sender_port)
    switch snd_seq_event_type(UInt32(event.type)) {
    case SND_SEQ_EVENT_PORT_START, SND_SEQ_EVENT_PORT_CHANGE:
      if let port = client?.port(at: sender) { offer(port) }
    case SND_SEQ_EVENT_PORT_SUBSCRIBED where isInput(event):
      if let port = client?.port(at: sender) { admit(port) }
    case SND_SEQ_EVENT_PORT_UNSUBSCRIBED where isInput(event), SND_SEQ_EVENT_PORT_EXIT:
      report(gone: table.disconnect(sender).map { [$0] } ?? [])
    case SND_SEQ_EVENT_CLIENT_EXIT:
      report(gone: table.disconnect(client: sender.client))
    default: break
    }
  }

  private func isInput(_ event: calsa_event) -> Bool {
    event.destination_client == client?.number && event.destination_port == client?.input
  }

  private func offer(_ port: SequencerPort) {
    guard let client, !table.isConnected(port.address), policy.wants(port, own: client.number) else { return }
    guard let error = client.connect(port.address) else { return admit(port) }
    handler(.refused(name: port.name, reason: String(cString: strerror(error))))
  }

  private func admit(_ port: SequencerPort) {
    guard let keyboard = table.connect(port) else { return }
    handler(.keyboardConnected(keyboard.number, name: keyboard.name))
  }

  private func report(gone keyboards: [KeyboardTable.Keyboard]) {
    for keyboard in keyboards { handler(.keyboardGone(keyboard.number, name: keyboard.name)) }
  }
}
