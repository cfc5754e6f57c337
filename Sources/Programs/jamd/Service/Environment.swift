// SPDX-License-Identifier: Apache-2.0
// Programs/jamd: environment variables.
import Glibc

enum Environment {
  /// Nil when unset or empty.
  static func value(_ name: String) -> String? {
    guard let value = getenv(name).map({ String(cString: $0) }), !value.isEmpty else { return nil }
    return value
  }

  /// The variables that the configuration's and the socket's rules look at.
  static var current: [String: String] {
    let names = [
      "HOME", "XDG_CONFIG_HOME", "XDG_RUNTIME_DIR", "XDG_STATE_HOME", "RUNTIME_DIRECTORY", "STATE_DIRECTORY",
      "JAMD_SOCKET",
    ]
    return names.reduce(into: [:]) { $0[$1] = value($1) }
  }
}
