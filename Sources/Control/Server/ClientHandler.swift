// SPDX-License-Identifier: Apache-2.0
// Control/Server: one client's connection on the event loop.
import ControlProtocol
import NIOCore

/// Carries bytes between a client's channel and its `Conversation`.
final class ClientHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let desk: Desk
  private var conversation: Conversation
  private var context: ChannelHandlerContext?
  private var isWatching = false
  private var isBeingAnswered = false
  /// What the client may; nil until the kernel has said who it is.
  private var permission: Permission?
  /// Counts requests, so that a second reply to one changes nothing.
  private var sequence = 0

  init(desk: Desk) {
    self.desk = desk
    conversation = Conversation(longestLine: desk.limits.line)
  }

  func channelActive(context: ChannelHandlerContext) {
    guard desk.admit(self) else {
      let failure = CommandFailure(.tooManyClients, "jamd already serves \(desk.limits.clients) clients; close one")
      let line = ByteBuffer(bytes: ServerMessage.reply(id: nil, .failure(failure)).encoded())
      context.writeAndFlush(wrapOutboundOut(line), promise: nil)
      context.close(promise: nil)
      return
    }
    self.context = context
    let client = NIOLoopBound(self, eventLoop: context.eventLoop)
    Peer.of(context.channel).whenComplete { client.value.meet($0) }
  }

  private func meet(_ peer: Result<Peer, any Error>) {
    guard context != nil else { return }
    guard case .success(let peer) = peer, let permission = desk.rule.permission(of: peer) else {
      let failure = CommandFailure(
        .notAllowed, "this jamd obeys root, its own user and the members of its socket's group only: join that group")
      send(RefusedRequest(failure: failure))
      return close()
    }
    self.permission = permission
    advance()
  }

  func channelInactive(context: ChannelHandlerContext) {
    self.context = nil
    desk.leave(self)
    if isWatching { desk.stoppedWatching() }
    isWatching = false
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    conversation.received(unwrapInboundIn(data).readableBytesView)
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    if permission != nil { advance() }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    guard event as? ChannelEvent == .inputClosed else { return context.fireUserInboundEventTriggered(event) }
    conversation.inputClosed()
    if permission != nil { advance() }
  }

  /// A client that is gone is nobody's problem.
  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

  func close() {
    context?.close(promise: nil)
    context = nil
  }

  /// Neither watches nor waits for a reply.
  var isIdle: Bool { !isWatching && !isBeingAnswered }

  /// For another client.
  func makeWay() {
    desk.leave(self)
    let reason = "jamd serves \(desk.limits.clients) clients, and another one needed the place of who asked for nothing"
    send(RefusedRequest(failure: CommandFailure(.tooManyClients, reason)))
    close()
  }

  /// Lines of events, when this client watches.
  func deliver(_ lines: ByteBuffer) { if isWatching { send(lines) } }

  private func advance() {
    while let context {
      switch conversation.next() {
      case .handle(let request): handle(request)
      case .refuse(let refused): send(refused)
      case .refuseAndClose(let refused):
        send(refused)
        return close()
      case .read: return context.read()
      case .wait: return
      case .close: return close()
      }
    }
  }

  private func handle(_ request: Request) {
    sequence += 1
    desk.heard(self)
    guard permission?.includes(request.command) ?? false else {
      let failure = CommandFailure(
        .notAllowed, "members of the socket's group may only look here: see control.group_may_play")
      conversation.answered()
      return send(RefusedRequest(id: request.id, failure: failure))
    }
    guard request.command != .watch else { return startWatching(request) }
    isBeingAnswered = true
    let client = NIOLoopBound(self, eventLoop: desk.eventLoop)
    desk.carryOut(request) { [desk, sequence] reply in
      desk.encode(.reply(id: request.id, reply)) { line in client.value.finish(sequence, line) }
    }
  }

  private func startWatching(_ request: Request) {
    send(ByteBuffer(bytes: ServerMessage.reply(id: request.id, .done).encoded()))
    if !isWatching, context != nil {
      isWatching = true
      desk.startedWatching()
    }
    conversation.answered(isWatching: true)
  }

  private func finish(_ sequence: Int, _ line: ByteBuffer) {
    guard sequence == self.sequence, context != nil else { return }
    self.sequence += 1
    isBeingAnswered = false
    send(line)
    conversation.answered()
    advance()
  }

  private func send(_ refused: RefusedRequest) {
    send(ByteBuffer(bytes: ServerMessage.reply(id: refused.id, .failure(refused.failure)).encoded()))
  }

  /// Who has left too much unread is cut off.
  private func send(_ line: ByteBuffer) {
    guard let context else { return }
    guard context.channel.isWritable else {
      desk.droppedClient()
      return close()
    }
    context.writeAndFlush(wrapOutboundOut(line), promise: nil)
  }
}
