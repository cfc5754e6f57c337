// SPDX-License-Identifier: Apache-2.0
// Devices/JACKOutput: a state machine. When to connect, when to try again.
import Music

/// The connection to a JACK server, as a value that returns what to do: it knows no JACK, no thread and no clock.
///
/// Attempts run one at a time and somewhere else (opening a client may block for seconds). A lost server is tried again
/// at once and then every `retryInterval`, for ever. Whoever runs a server of their own gets `serverPatience` to start it
/// again before jamd starts one in its place.
public struct Connection: Hashable, Sendable {
  public static let retryInterval = Duration.milliseconds(250)
  /// A server that jamd started gets this long to answer before it is started anew.
  public static let serverPatience = Duration.seconds(5)
  /// So long the server that jamd has made way for has for its start.
  public static let politeness = Duration.seconds(10)

  public enum Event: Hashable, Sendable {
    /// Time passes.
    case tick
    case opened(sampleRate: UInt32, period: UInt32, server: ServerKind)
    /// The reason, as a person can use it.
    case failed(String)
    case serverStarted
    case serverNotStarted(String)
    /// The server went away under an open client.
    case lost(String)
    /// Another server is about to start: one of jamd's own must go.
    case makeWay
    /// A sound card has come that a silent server of jamd's own stands in for.
    case cardFound
    case close
  }

  /// Whose the server is.
  public enum ServerKind: Hashable, Sendable {
    /// Somebody else's.
    case another
    /// jamd's own, on a sound card or the driver that was asked for.
    case own
    /// jamd's own, silent, because no sound card could be used.
    case silent
  }

  public enum Order: Hashable, Sendable {
    /// Open a client, in the background; answer with `opened` or `failed`.
    case open
    /// Start a server, in the background; answer with `serverStarted` or `serverNotStarted`.
    case startServer
    /// Stop the server that was started, in the background.
    case stopServer
    /// Throw the client away, in the background, before anything else.
    case discard
    case report(Report)
  }

  public enum Report: Hashable, Sendable {
    case connected(sampleRate: UInt32, period: UInt32, server: ServerKind)
    /// Once for each time without a server, not for each attempt.
    case waiting(reason: String)
    case lost(reason: String)
    case serverNotStarted(reason: String)
    /// The server is there, and runs no cycles.
    case standsStill(reason: String)
    /// It runs them again.
    case goesOn
  }

  private enum State: Hashable, Sendable {
    case idle(retry: Instant)
    case opening
    case startingServer
    case connected
    case closed
  }

  /// A server that cannot run, as its sound card is not there, may be started again every second by its unit: way is made
  /// for it once, and after longer and longer pauses again, while nobody comes.
  private struct Way: Hashable, Sendable {
    private var next: Instant?
    private var pause = Duration.seconds(60)

    mutating func isFree(at now: Instant) -> Bool {
      if let next, now < next { return false }
      next = now + pause
      pause = min(pause * 2, .seconds(3600))
      return true
    }
  }

  private let startsServer: Bool
  private var way = Way()
  private var state: State
  private var isWaitingReported = false
  private var nextServerStart: Instant
  /// The latest server is one of jamd's own.
  private var isOwnServer = false
  /// The server that is being opened is to be stopped.
  private var isLeaving = false

  public init(startsServer: Bool, at now: Instant) {
    self.startsServer = startsServer
    state = .idle(retry: now)
    nextServerStart = now
  }

  public var isConnected: Bool { state == .connected }

  /// An attempt is under way.
  public var isOpening: Bool { state == .opening }

  /// Takes an event that happened at `now`.
  public mutating func handle(_ event: Event, at now: Instant) -> [Order] {
    switch (state, event) {
    case (.closed, .opened): return [.discard]
    case (.closed, _): return []
    case (.connected, .close):
      state = .closed
      return [.discard]
    case (_, .close):
      state = .closed
      return []
    case (.idle(let retry), .tick) where now >= retry:
      state = .opening
      return [.open]
    case (.opening, .opened) where isLeaving:
      isLeaving = false
      state = .idle(retry: now + Self.retryInterval)
      return [.discard]
    case (.opening, .opened(let sampleRate, let period, let server)):
      state = .connected
      isOwnServer = server != .another
      isWaitingReported = false
      // Who was made way for has come.
      if !isOwnServer { way = Way() }
      return [.report(.connected(sampleRate: sampleRate, period: period, server: server))]
    case (.opening, .failed(let reason)): return openingFailed(reason, now)
    case (.startingServer, .serverStarted):
      nextServerStart = now + Self.serverPatience
      isOwnServer = true
      state = .idle(retry: now)
      return []
    case (.startingServer, .serverNotStarted(let reason)):
      nextServerStart = now + Self.serverPatience
      isOwnServer = false
      state = .idle(retry: now + Self.retryInterval)
      return [.report(.serverNotStarted(reason: reason))]
    case (.connected, .lost(let reason)):
      if !isOwnServer { nextServerStart = now + Self.serverPatience }
      state = .idle(retry: now)
      isWaitingReported = true
      return [.discard, .report(.lost(reason: reason))]
    case (.connected, .cardFound) where isOwnServer:
      nextServerStart = now
      return leaveOwnServer("a sound card is there: its own JACK server starts anew on it", now)
    case (_, .makeWay): return makeWay(now)
    default: return []
    }
  }

  private mutating func makeWay(_ now: Instant) -> [Order] {
    // Who is to come has come.
    if state == .connected, !isOwnServer { return [] }
    guard way.isFree(at: now) else { return [] }
    nextServerStart = now + Self.politeness
    if state == .startingServer {
      // Stopped when it is up: nothing else waits for it.
      isOwnServer = false
      state = .idle(retry: now + Self.retryInterval)
      return [.stopServer]
    }
    guard isOwnServer else { return [] }
    guard state == .connected else {
      isLeaving = state == .opening
      isOwnServer = false
      return [.stopServer]
    }
    return leaveOwnServer("its own JACK server makes way for another", now)
  }

  private mutating func leaveOwnServer(_ reason: String, _ now: Instant) -> [Order] {
    isOwnServer = false
    state = .idle(retry: now + Self.retryInterval)
    isWaitingReported = true
    return [.discard, .stopServer, .report(.lost(reason: reason))]
  }

  private mutating func openingFailed(_ reason: String, _ now: Instant) -> [Order] {
    isLeaving = false
    if startsServer, now >= nextServerStart {
      state = .startingServer
      return [.startServer]
    }
    state = .idle(retry: now + Self.retryInterval)
    guard !isWaitingReported, !startsServer else { return [] }
    isWaitingReported = true
    return [.report(.waiting(reason: reason))]
  }
}
