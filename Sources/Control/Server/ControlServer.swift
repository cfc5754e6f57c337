// SPDX-License-Identifier: Apache-2.0
// Control/Server: the control socket. One thread of ordinary priority serves all clients; nobody ever waits for one.
import ControlProtocol
import Dispatch
import Glibc
import NIOCore
import NIOPosix
import Synchronization

/// Serves the control protocol on a Unix socket.
///
/// All methods may be called from any thread. `broadcast` never waits for a client and is meant for the real-time loop.
public final class ControlServer: Sendable {
  /// Carries out a command and calls `reply` once, from any thread, soon or late. Called on the server's own thread: it
  /// must not block. `watch` never comes here.
  public typealias Handler = @Sendable (_ request: Request, _ reply: @escaping @Sendable (Reply) -> Void) -> Void

  public struct Limits: Hashable, Sendable {
    /// Clients at once.
    public var clients = 32
    /// Bytes of a request.
    public var line = Request.longestLine
    /// Bytes that may wait for a client beyond what the kernel holds for it.
    public var unread = 1 << 18
    /// Events that may wait to be written out.
    public var events = 4096
    /// Requests of all clients together that are handed over in the long run, and at once; more are spread out. Panic
    /// is never held up.
    public var requestsPerSecond = 500
    public var burst = 50

    public init() {}
  }

  /// What was counted since the start.
  public struct Statistics: Hashable, Sendable {
    public var clients = 0
    /// Turned away because there were too many.
    public var refusedClients = 0
    /// Cut off because they did not read.
    public var droppedClients = 0
    /// Not passed on to watchers because too many waited.
    public var lostEvents = 0
    /// Of OSC clients, passed over because too many came at once.
    public var lostRequests = 0
  }

  /// Where it listens.
  public let path: String
  private let file: SocketFile
  private let group: MultiThreadedEventLoopGroup
  private let listener: any Channel
  private let desk: Desk
  private let osc = Mutex<(any Channel)?>(nil)

  /// Binds and listens: a few system calls, and a thread. Not from a Swift task. A socket left behind by a daemon that
  /// died is replaced.
  ///
  /// The file is for its owner and `socketGroup`, jamd's own group where that is nil; and the kernel is asked who has
  /// connected: root and jamd's own user may everything, the group `groupMay`, others nothing.
  public init(
    path: String, socketGroup: UInt32? = nil, groupMay: Permission = .play, limits: Limits = Limits(),
    handler: @escaping Handler
  ) throws(ControlServerError) {
    let file = try SocketFile(bindingTo: path, group: socketGroup)
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let rule = PeerRule(owner: geteuid(), group: file.group, groupMay: groupMay)
    let desk = Desk(eventLoop: group.next(), limits: limits, rule: rule, handler: handler)
    do {
      // A thread started by the real-time loop could inherit its priority.
      try group.next().submit { Self.leaveRealTime() }.wait()
      listener = try Self.bootstrap(group, desk).withBoundSocket(file.descriptor).wait()
    } catch {
      group.shutdownGracefully { _ in }
      file.remove()
      throw .system(call: "listen", path: path, error: (error as? IOError)?.errnoCode ?? EIO)
    }
    self.path = path
    self.file = file
    self.group = group
    self.desk = desk
  }

  private static func leaveRealTime() {
    var parameters = sched_param()
    parameters.sched_priority = 0
    pthread_setschedparam(pthread_self(), SCHED_OTHER, &parameters)
  }

  private static func bootstrap(_ group: MultiThreadedEventLoopGroup, _ desk: Desk) -> ServerBootstrap {
    let limit = desk.limits.unread
    return ServerBootstrap(group: group)
      .serverChannelOption(.backlog, value: 64)
      // Requests are read one at a time; who has sent the last one may close his side and still get the reply.
      .childChannelOption(.autoRead, value: false)
      .childChannelOption(.allowRemoteHalfClosure, value: true)
      .childChannelOption(
        .writeBufferWaterMark, value: ChannelOptions.Types.WriteBufferWaterMark(low: limit / 2, high: limit)
      )
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(ClientHandler(desk: desk))
        }
      }
  }

  /// Sends the event to every client that watches, in the order of the calls. Costs an atomic load when nobody does;
  /// else a lock with priority inheritance that is held for an append. Drops and counts the event when too many wait.
  public func broadcast(_ event: TimedEvent) { desk.broadcast(event) }

  public var statistics: Statistics { desk.statistics }

  /// Serves OSC clients as well, from now on. `address` is one of this machine's, in digits.
  public func listenForOSC(address: String, port: Int, permission: Permission) async throws(ControlServerError) {
    do {
      let channel = try await DatagramBootstrap(group: group)
        .channelInitializer { [desk] channel in
          channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandler(OSCHandler(desk: desk, permission: permission))
          }
        }
        .bind(to: SocketAddress(ipAddress: address, port: port)).get()
      osc.withLock { $0 = channel }
    } catch {
      throw .system(call: "bind", path: "udp:\(address):\(port)", error: (error as? IOError)?.errnoCode ?? EINVAL)
    }
  }

  /// Where OSC clients are served: the port, which the kernel has chosen where 0 was asked for.
  public var oscPort: Int? { osc.withLock { $0?.localAddress?.port } }

  /// Closes all connections and removes the socket.
  public func stop() async {
    try? await listener.close()
    file.remove()
    try? await osc.withLock { $0 }?.close()
    await withCheckedContinuation { done in
      group.next().execute { [desk] in
        desk.closeAll()
        done.resume()
      }
    }
    try? await group.shutdownGracefully()
  }
}
