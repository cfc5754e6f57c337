// SPDX-License-Identifier: Apache-2.0
// Control/Protocol: where jamd keeps sessions and players; the one rule for both programs.

/// The folders of what jamd keeps by itself. Pure: the environment is an argument.
public enum StatePath {
  /// Of a jamd service that belongs to the system.
  public static let system = "/var/lib/jamd"

  /// Where a daemon keeps it: the folder that systemd made for it ($STATE_DIRECTORY); $XDG_STATE_HOME/jamd; else
  /// ~/.local/state/jamd (XDG Base Directory Specification 0.8). Nil where nobody has a home.
  public static func keeping(environment: [String: String]) -> String? {
    if let folder = value("STATE_DIRECTORY", environment)?.split(separator: ":").first { return String(folder) }
    return user(environment)
  }

  /// Where a tool looks, in this order: the user's own, then the system's.
  public static func candidates(environment: [String: String]) -> [String] {
    (user(environment).map { [$0] } ?? []) + [system]
  }

  public static func sessions(in folder: String) -> String { "\(folder)/sessions" }
  public static func players(in folder: String) -> String { "\(folder)/players" }

  private static func user(_ environment: [String: String]) -> String? {
    if let folder = value("XDG_STATE_HOME", environment), folder.hasPrefix("/") { return "\(folder)/jamd" }
    return value("HOME", environment).map { "\($0)/.local/state/jamd" }
  }

  private static func value(_ name: String, _ environment: [String: String]) -> String? {
    environment[name].flatMap { $0.isEmpty ? nil : $0 }
  }
}
