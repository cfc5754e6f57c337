// SPDX-License-Identifier: Apache-2.0
// Devices/JACKOutput: another name for the client, as the daemon's loop sees it.
import Music

/// JACK gives an open client no other name: it is closed, in silence, and opened anew.
struct Renaming {
  var isWanted = false
  /// When the stage was told to release everything.
  var since: Instant?
}

extension JACKOutput {
  /// How long the last cycle under the old name may take; a server that hangs is not waited for.
  private static let patience = Duration.milliseconds(200)

  /// From now on jamd is called so in JACK; an open client releases what sounds, and is opened anew by the next ticks.
  public func appear(as name: String) {
    guard name != clientName else { return }
    clientName = name
    connector.rename(name)
    renaming.isWanted = connection.isConnected || connection.isOpening
  }

  /// With every tick.
  func mindName(_ now: Instant, _ reports: inout [Connection.Report]) {
    guard renaming.isWanted, connection.isConnected else { return }
    guard let since = renaming.since else {
      shared.control.pointee.close()
      renaming.since = now
      return
    }
    guard shared.control.pointee.hasClosed || now - since >= Self.patience else { return }
    renaming = Renaming()
    handle(.lost("left JACK to come back as \(clientName)"), now, &reports)
  }
}
