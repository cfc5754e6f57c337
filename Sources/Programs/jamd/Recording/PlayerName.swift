// SPDX-License-Identifier: Apache-2.0
// Programs/jamd, LIBRARY: what players are called.

/// A player's name as it can be a file's.
package struct PlayerName: Hashable, Sendable {
  package let text: String

  /// Nil for what cannot be one: 1 to 64 bytes without slashes or control characters, and without a dot in front.
  package init?(_ text: String) {
    let isPlain = text.unicodeScalars.allSatisfy { $0 != "/" && $0.value >= 32 && $0.value != 127 }
    guard (1...64).contains(text.utf8.count), isPlain, !text.hasPrefix("."), !text.hasPrefix("-") else { return nil }
    self.text = text
  }

  /// Of whoever plays the keyboard of this name, where keyboards are apart: the same, without what no name may have.
  package init(ofKeyboard name: String) {
    var text = String(name.unicodeScalars.map { $0 == "/" || $0.value < 32 || $0.value == 127 ? "-" : Character($0) })
    text = String(text.drop { $0 == "." || $0 == "-" })
    while text.utf8.count > 64 { text.removeLast() }
    self = PlayerName(text) ?? PlayerName("keyboard")!
  }
}
