// SPDX-License-Identifier: Apache-2.0
// Control/Server: Open Sound Control over UDP, on the event loop of the control socket.
import ControlProtocol
import NIOCore

/// Carries out what OSC clients ask, answers to where it came from, and sends events to whoever subscribed. A datagram
/// that cannot be sent is lost, as datagrams are; nobody is waited for.
final class OSCHandler: ChannelInboundHandler {
  typealias InboundIn = AddressedEnvelope<ByteBuffer>
  typealias OutboundOut = AddressedEnvelope<ByteBuffer>

  private struct Subscriber {
    let address: SocketAddress
    var until: NIODeadline
  }

  private static let subscription = TimeAmount.minutes(10)
  private static let patience = TimeAmount.milliseconds(100)
  private static let mostSubscribers = 16
  /// Unread bytes beyond which events are dropped.
  private static let mostMessages = 64

  private let desk: Desk
  private let permission: Permission
  private var context: ChannelHandlerContext?
  private var subscribers: [Subscriber] = []
  private var isWatching = false

  init(desk: Desk, permission: Permission) {
    self.desk = desk
    self.permission = permission
  }

  func channelActive(context: ChannelHandlerContext) {
    self.context = context
    desk.add(self)
  }

  func channelInactive(context: ChannelHandlerContext) {
    self.context = nil
    subscribers = []
    updateWatching()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let envelope = unwrapInboundIn(data)
    // Who does not speak OSC gets no answer: it may be anybody's address.
    guard let messages = try? OSCMessage.messages(in: envelope.data.readableBytesView) else { return }
    for message in messages.prefix(Self.mostMessages) { handle(message, from: envelope.remoteAddress) }
  }

  /// A client that is gone: the kernel says so, not for whom.
  func errorCaught(context: ChannelHandlerContext, error: any Error) {}

  func deliver(_ events: [TimedEvent]) {
    let now = NIODeadline.now()
    subscribers.removeAll { $0.until < now }
    updateWatching()
    for event in events {
      let packet = ByteBuffer(bytes: OSCMessage(event).encoded())
      for subscriber in subscribers { send(packet, to: subscriber.address) }
    }
  }

  private func handle(_ message: OSCMessage, from address: SocketAddress) {
    do throws(CommandFailure) {
      switch try OSCRequest(message) {
      case .command(let command): carryOut(command, message.address, address)
      case .subscribe(let port): try subscribe(address, port: port, as: message.address)
      case .unsubscribe:
        subscribers.removeAll { $0.address.ipAddress == address.ipAddress }
        updateWatching()
        send(OSCMessage(.done, to: message.address), to: address)
      case .released: break
      }
    } catch {
      send(OSCMessage(error, to: message.address), to: address)
    }
  }

  private func carryOut(_ command: ControlCommand, _ name: String, _ address: SocketAddress) {
    guard permission.includes(command) else {
      let failure = CommandFailure(.notAllowed, "over OSC only looking is allowed here: see control.osc_may_play")
      return send(OSCMessage(failure, to: name), to: address)
    }
    // Datagrams may be lost: a flood of them is neither kept nor makes everybody else wait.
    guard command == .panic || desk.hasTurn(within: Self.patience) else { return }
    let this = NIOLoopBound(self, eventLoop: desk.eventLoop)
    desk.carryOut(Request(id: 0, command: command)) { [desk] reply in
      let packet = ByteBuffer(bytes: OSCMessage(reply, to: name).encoded())
      desk.eventLoop.execute { this.value.send(packet, to: address) }
    }
  }

  /// Events go to the asking host only, whatever the port.
  private func subscribe(_ address: SocketAddress, port: Int?, as name: String) throws(CommandFailure) {
    var target = address
    if let port { target.port = port }
    subscribers.removeAll { $0.address == target || $0.until < NIODeadline.now() }
    guard subscribers.count < Self.mostSubscribers else {
      throw CommandFailure(.tooManyClients, "jamd already sends events to \(subscribers.count) OSC clients")
    }
    subscribers.append(Subscriber(address: target, until: NIODeadline.now() + Self.subscription))
    updateWatching()
    send(OSCMessage(.done, to: name), to: address)
  }

  private func updateWatching() {
    guard isWatching == subscribers.isEmpty else { return }
    isWatching.toggle()
    if isWatching { desk.startedWatching() } else { desk.stoppedWatching() }
  }

  private func send(_ message: OSCMessage, to address: SocketAddress) {
    send(ByteBuffer(bytes: message.encoded()), to: address)
  }

  private func send(_ packet: ByteBuffer, to address: SocketAddress) {
    guard let context, context.channel.isWritable else { return }
    context.writeAndFlush(wrapOutboundOut(AddressedEnvelope(remoteAddress: address, data: packet)), promise: nil)
  }
}
