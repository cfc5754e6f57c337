// SPDX-License-Identifier: Apache-2.0
// Tests/Control/Server: the server on a real socket, with the real client.
import ControlProtocol
import ControlServer
import Foundation
import Testing

/// A folder of its own for each test's socket.
struct SocketFolder: ~Copyable {
  let path: String

  init() {
    path = "/tmp/jamd-test-\(getpid())-\(UInt32.random(in: 0 ... .max))"
    mkdir(path, 0o700)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  var socket: String { "\(path)/folder/jamd.sock" }
}

private let replying: ControlServer.Handler = { request, reply in
  switch request.command {
  case .status: reply(.status(Samples.status))
  case .styleList: reply(.styles(Samples.styles))
  case .styleUse(let name, _): reply(.failure(CommandFailure(.unknownStyle, name)))
  case .playerList: reply(.players([]))
  case .configShow: reply(.settings([]))
  default: reply(.done)
  }
}

private final class IdleClient {
  let client: RawClient
  init(_ path: String) { client = RawClient(path) }
}

@Suite(.timeLimit(.minutes(2))) struct ControlServerTests {
  @Test("every command gets its reply through a real socket")
  func replies() async throws {
    let folder = SocketFolder()
    let server = try ControlServer(path: folder.socket, handler: replying)
    var client = try ControlClient(paths: ["\(folder.path)/nobody", folder.socket])
    #expect(try client.send(.status) == .status(Samples.status))
    #expect(try client.send(.styleList) == .styles(Samples.styles))
    let failure = CommandFailure(.unknownStyle, "Błękit")
    #expect(try client.send(.styleUse(name: "Błękit", now: true)) == .failure(failure))
    #expect(try client.send(.panic) == .done)
    #expect(try client.send(.watch) == .done)
    await server.stop()
    #expect(throws: ControlClientError.connectionLost) { try client.send(.status) }
  }

  @Test("the longest chart goes through the socket, and a line that is longer than any request closes it")
  func longLines() async throws {
    let folder = SocketFolder()
    let server = try ControlServer(path: folder.socket) { request, reply in
      guard case .chart(let chart) = request.command else { return reply(.done) }
      reply(.failure(CommandFailure(.unavailable, "\(chart?.count ?? 0)")))
    }
    var client = try ControlClient(paths: [folder.socket])
    let chart = "|" + String(repeating: " C/E", count: 4095) + " |"
    #expect(try client.send(.chart(chart)) == .failure(CommandFailure(.unavailable, "16383")))
    let rude = RawClient(folder.socket)
    rude.send([UInt8](repeating: UInt8(ascii: "a"), count: Request.longestLine + 1))
    #expect(String(decoding: rude.receive(), as: UTF8.self).contains("bad-request"))
    #expect(rude.receive().isEmpty)
    await server.stop()
  }

  @Test("the socket is for owner and group only, and gone in the end")
  func file() async throws {
    let folder = SocketFolder()
    let server = try ControlServer(path: folder.socket, handler: replying)
    var status = stat()
    #expect(stat(folder.socket, &status) == 0 && status.st_mode & 0o777 == 0o660)
    await server.stop()
    #expect(access(folder.socket, F_OK) != 0)
    #expect(throws: ControlClientError.notListening(paths: [folder.socket])) {
      _ = try ControlClient(paths: [folder.socket])
    }
  }

  @Test("a living jamd's socket is left alone, a dead one's replaced, and other files never touched")
  func takingOver() async throws {
    let folder = SocketFolder()
    let first = try ControlServer(path: folder.socket, handler: replying)
    #expect(throws: ControlServerError.alreadyListening(path: folder.socket)) {
      try ControlServer(path: folder.socket, handler: replying)
    }
    // What a daemon leaves behind that was killed: a socket file that nobody listens on.
    rename(folder.socket, folder.socket + ".away")
    let dead = "\(folder.path)/dead.sock"
    let abandoned = RawClient.bind(dead)
    close(abandoned)
    let second = try ControlServer(path: dead, handler: replying)
    var client = try ControlClient(paths: [dead])
    #expect(try client.send(.panic) == .done)
    let text = "\(folder.path)/text"
    try "dear diary".write(toFile: text, atomically: true, encoding: .utf8)
    #expect(throws: ControlServerError.notASocket(path: text)) { try ControlServer(path: text, handler: replying) }
    #expect(try String(contentsOfFile: text, encoding: .utf8) == "dear diary")
    await first.stop()
    await second.stop()
  }

  @Test("a path that cannot be a socket is refused with the reason")
  func badPaths() {
    let long = "/tmp/" + String(repeating: "a", count: SocketPath.longest)
    #expect(throws: ControlServerError.badPath(long)) { try ControlServer(path: long, handler: replying) }
    #expect(throws: ControlServerError.badPath("")) { try ControlServer(path: "", handler: replying) }
    #expect(throws: ControlServerError.self) { try ControlServer(path: "/proc/nowhere/x.sock", handler: replying) }
  }

  @Test("everybody who watches gets every event in its order; who does not, gets none")
  func events() async throws {
    let folder = SocketFolder()
    let server = try ControlServer(path: folder.socket, handler: replying)
    var first = try ControlClient(paths: [folder.socket])
    var second = try ControlClient(paths: [folder.socket])
    let other = RawClient(folder.socket)
    other.send(Request(id: 1, command: .panic).encoded())
    #expect(try first.send(.watch) == .done)
    #expect(try second.send(.watch) == .done)
    for event in Samples.events { server.broadcast(event) }
    for sample in Samples.events {
      #expect(try first.nextEvent(within: .seconds(10)) == sample)
      #expect(try second.nextEvent(within: .seconds(10)) == sample)
    }
    // A watcher may go on asking.
    #expect(try first.send(.status) == .status(Samples.status))
    #expect(other.receive() == ServerMessage.reply(id: 1, .done).encoded())
    await server.stop()
    #expect(other.receive().isEmpty)
  }

  @Test("a client that never reads is cut off and counted, and the others notice nothing")
  func unread() async throws {
    let folder = SocketFolder()
    let server = try ControlServer(path: folder.socket, handler: replying)
    let sleeper = RawClient(folder.socket)
    sleeper.send(Request(id: 1, command: .watch).encoded())
    var watcher = try ControlClient(paths: [folder.socket])
    #expect(try watcher.send(.watch) == .done)
    let event = TimedEvent(at: 1, .warning(String(repeating: "la", count: 5000)))
    var count = 0
    while server.statistics.droppedClients == 0, count < 1000 {
      server.broadcast(event)
      #expect(try watcher.nextEvent(within: .seconds(10)) == event)
      count += 1
    }
    #expect(server.statistics.droppedClients == 1 && server.statistics.lostEvents == 0)
    #expect(try watcher.send(.panic) == .done)
    await server.stop()
  }

  @Test("a client that floods requests and reads no reply is cut off, however many come")
  func flood() async throws {
    let folder = SocketFolder()
    let server = try ControlServer(path: folder.socket, handler: replying)
    let flooder = RawClient(folder.socket)
    let requests = (0..<50).flatMap { Request(id: $0, command: .status).encoded() }
    var rounds = 0
    while flooder.send(requests), rounds < 10_000 { rounds += 1 }
    #expect(rounds < 10_000 && server.statistics.droppedClients == 1)
    await server.stop()
  }

  @Test("clients that ask for nothing lock nobody out: the one that was idle for the longest makes way")
  func idleClients() async throws {
    let folder = SocketFolder()
    var limits = ControlServer.Limits()
    limits.clients = 4
    let server = try ControlServer(path: folder.socket, limits: limits, handler: replying)
    var watcher = try ControlClient(paths: [folder.socket])
    #expect(try watcher.send(.watch) == .done)
    var busy = try ControlClient(paths: [folder.socket])
    #expect(try busy.send(.panic) == .done)
    var idle: [IdleClient] = []
    for _ in 0..<20 {
      idle.append(IdleClient(folder.socket))
      #expect(try busy.send(.panic) == .done, "who asks now and then stays")
    }
    var last = try ControlClient(paths: [folder.socket])
    #expect(try last.send(.panic) == .done)
    #expect(String(decoding: idle[0].client.receive(), as: UTF8.self).contains("too-many-clients"))
    #expect(try watcher.send(.panic) == .done)
    #expect(server.statistics.refusedClients == 0)
    await server.stop()
  }

  @Test("one client too many is told so, and has its place as soon as another leaves")
  func limit() async throws {
    let folder = SocketFolder()
    var limits = ControlServer.Limits()
    limits.clients = 2
    let server = try ControlServer(path: folder.socket, limits: limits, handler: replying)
    var first = try ControlClient(paths: [folder.socket])
    #expect(try first.send(.watch) == .done)
    do {
      var second = try ControlClient(paths: [folder.socket])
      #expect(try second.send(.watch) == .done)
      let third = RawClient(folder.socket)
      let line = String(decoding: third.receive(), as: UTF8.self)
      #expect(line.contains("too-many-clients") && third.receive().isEmpty)
      #expect(server.statistics.refusedClients == 1)
    }
    // The server learns of the second client's end in its own time.
    var isServed = false
    let deadline = ContinuousClock.now + .seconds(10)
    while !isServed, ContinuousClock.now < deadline {
      var fourth = try ControlClient(paths: [folder.socket])
      isServed = (try? fourth.send(.panic)) == .done
    }
    #expect(isServed)
    await server.stop()
  }

  @Test("requests sent together are answered in their order, also when the client closed its side")
  func pipelined() async throws {
    let folder = SocketFolder()
    let server = try ControlServer(path: folder.socket, handler: replying)
    let client = RawClient(folder.socket)
    client.send((1...100).flatMap { Request(id: $0, command: $0 % 3 == 0 ? .watch : .panic).encoded() })
    client.closeOutput()
    var received: [UInt8] = []
    let expected: [UInt8] = (1...100).flatMap { ServerMessage.reply(id: $0, .done).encoded() }
    while received.count < expected.count {
      let more = client.receive()
      if more.isEmpty { break }
      received += more
    }
    #expect(received == expected)
    await server.stop()
  }

  @Test("a second reply to a request changes nothing")
  func repliedTwice() async throws {
    let folder = SocketFolder()
    let server = try ControlServer(path: folder.socket) { _, reply in
      reply(.done)
      reply(.failure(CommandFailure(.unavailable, "late")))
    }
    var client = try ControlClient(paths: [folder.socket])
    for _ in 0..<50 { #expect(try client.send(.panic) == .done) }
    await server.stop()
  }

  @Test("a command is carried out even if its client hangs up without waiting")
  func hangingUp() async throws {
    let folder = SocketFolder()
    let (handled, count) = AsyncStream.makeStream(of: Int.self)
    var limits = ControlServer.Limits()
    limits.clients = 200
    let server = try ControlServer(path: folder.socket, limits: limits) { request, reply in
      count.yield(request.id)
      reply(.done)
    }
    for id in 0..<100 { RawClient(folder.socket).send(Request(id: id, command: .panic).encoded()) }
    var ids: Set<Int> = []
    for await id in handled {
      ids.insert(id)
      if ids.count == 100 { break }
    }
    #expect(ids == Set(0..<100))
    await server.stop()
  }

  @Test("a client that gets no reply gives up at its timeout")
  func noReply() async throws {
    let folder = SocketFolder()
    let server = try ControlServer(path: folder.socket) { _, _ in }
    var client = try ControlClient(paths: [folder.socket], timeout: .milliseconds(50))
    #expect(throws: ControlClientError.noReply(seconds: 0.05)) { try client.send(.panic) }
    await server.stop()
  }

  @Test("noise from many connections leaves the server as it was")
  func noise() async throws {
    let folder = SocketFolder()
    var limits = ControlServer.Limits()
    limits.clients = 1000
    let server = try ControlServer(path: folder.socket, limits: limits, handler: replying)
    var random = Noise(seed: 9)
    for _ in 0..<300 {
      let client = RawClient(folder.socket)
      for _ in 0..<random.below(4) {
        client.send((0..<random.below(9000)).map { _ in UInt8(random.below(4) == 0 ? 10 : random.below(256)) })
      }
    }
    var client = try ControlClient(paths: [folder.socket])
    #expect(try client.send(.status) == .status(Samples.status))
    await server.stop()
  }
}
