// SPDX-License-Identifier: Apache-2.0
// Control/Protocol: where the control socket is; the one rule for both programs.

/// The places of the control socket. Pure: the environment and the user's number are arguments.
public enum SocketPath {
  /// The longest path that fits into a socket address, in bytes (unix(7): sun_path).
  public static let longest = 107

  /// Where a jamd service listens that belongs to the system.
  public static let system = "/run/jamd/jamd.sock"

  /// Where a daemon listens that was given no path: $JAMD_SOCKET; the folder that systemd made for it
  /// ($RUNTIME_DIRECTORY); /run/jamd for root; $XDG_RUNTIME_DIR/jamd; else a folder of the user's own in /tmp.
  public static func listening(environment: [String: String], userID: UInt32) -> String {
    if let given = value("JAMD_SOCKET", environment) { return given }
    if let folder = value("RUNTIME_DIRECTORY", environment)?.split(separator: ":").first {
      return "\(folder)/jamd.sock"
    }
    if userID == 0 { return system }
    return user(environment: environment, userID: userID)
  }

  /// Where a client that was given no path looks, in this order: $JAMD_SOCKET and nowhere else; else the user's own
  /// jamd, then the system's.
  public static func candidates(environment: [String: String], userID: UInt32) -> [String] {
    if let given = value("JAMD_SOCKET", environment) { return [given] }
    return [user(environment: environment, userID: userID), system]
  }

  private static func user(environment: [String: String], userID: UInt32) -> String {
    if let folder = value("XDG_RUNTIME_DIR", environment) { return "\(folder)/jamd/jamd.sock" }
    return "/tmp/jamd-\(userID)/jamd.sock"
  }

  private static func value(_ name: String, _ environment: [String: String]) -> String? {
    environment[name].flatMap { $0.isEmpty ? nil : $0 }
  }
}
