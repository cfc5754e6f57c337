// SPDX-License-Identifier: Apache-2.0
// Programs/jam, online: jam watch in a terminal.
import ControlProtocol
import Glibc

/// Draws what happens until a key or a signal ends it: events on one connection, the status on another.
struct LiveWatch: ~Copyable {
  private static let frame = Duration.milliseconds(50)
  /// So that the chord that is shown is the one that sounds.
  private static let statusInterval = Duration.milliseconds(200)

  private var view = LiveView()
  private var events: ControlClient
  private var desk: ControlClient
  /// jamd's clock when it was last asked, and when that was.
  private var asked: (uptime: Double, at: ContinuousClock.Instant)?

  init(_ options: SocketOptions) throws {
    var events = try options.connect()
    _ = try events.carryOut(.watch)
    let desk = try options.connect()
    self.events = events
    self.desk = desk
  }

  mutating func run(in terminal: borrowing Terminal) throws {
    let look: LivePicture.Look = getenv("NO_COLOR") == nil ? .color : .plain
    while !terminal.isEnding {
      let now = ContinuousClock.now
      if asked.map({ $0.at + Self.statusInterval <= now }) ?? true { try askStatus() }
      if let event = try events.nextEvent(within: Self.frame) {
        view.take(event)
        while let more = try events.nextEvent(within: .zero) { view.take(more) }
      }
      switch terminal.key() {
      case UInt8(ascii: "q"): return
      case UInt8(ascii: "p"): _ = try desk.carryOut(.panic)
      default: break
      }
      let (columns, rows) = terminal.size
      terminal.show(LivePicture(columns: columns, rows: rows, look: look).lines(of: view, at: uptime))
    }
  }

  private mutating func askStatus() throws {
    guard case .status(let status) = try desk.carryOut(.status) else { return }
    view.take(status)
    asked = (status.uptimeSeconds, .now)
  }

  /// Seconds since jamd started, now.
  private var uptime: Double {
    guard let asked else { return 0 }
    return asked.uptime + asked.at.duration(to: .now) / .seconds(1)
  }
}
