// SPDX-License-Identifier: Apache-2.0
// Devices/JACKOutput: leaving a server that still runs, as the daemon's loop sees it.
import Music

/// Why the client is to be closed; what sounds is released first.
struct Departure {
  let event: Connection.Event
  /// When the stage was told to release everything.
  var since: Instant?
}

extension JACKOutput {
  /// How long the last cycle may take; a server that hangs is not waited for.
  private static let patience = Duration.milliseconds(200)

  /// From now on jamd is called so in JACK. JACK gives an open client no other name: it releases what sounds, and is opened
  /// anew by the next ticks.
  public func appear(as name: String) {
    guard name != clientName else { return }
    clientName = name
    connector.rename(name)
    guard connection.isConnected || connection.isOpening else { return }
    departure = Departure(event: .lost("left JACK to come back as \(name)"), since: departure?.since)
  }

  /// Another JACK server is about to start: stops one that was started here, and starts none for ten seconds. What sounds
  /// is released first, with the next ticks.
  public func makeWay(at now: Instant) -> [Connection.Report] {
    var reports: [Connection.Report] = []
    leave(.makeWay, now, &reports)
    return reports
  }

  /// Takes an event; where it has jamd leave a server that runs, once what sounds is released.
  func leave(_ event: Connection.Event, _ now: Instant, _ reports: inout [Connection.Report]) {
    var outcome = connection
    guard connection.isConnected, outcome.handle(event, at: now).contains(.discard) else {
      return handle(event, now, &reports)
    }
    departure = Departure(event: event, since: departure?.since)
  }

  /// With every tick.
  func mindDeparture(_ now: Instant, _ reports: inout [Connection.Report]) {
    guard connection.isConnected, let departure else { return }
    guard let since = departure.since else {
      shared.control.pointee.close()
      self.departure?.since = now
      return
    }
    guard shared.control.pointee.hasClosed || now - since >= Self.patience else { return }
    handle(departure.event, now, &reports)
  }
}
