// SPDX-License-Identifier: Apache-2.0
// Programs/jamd: jamd in one line, as `systemctl status` shows it.

/// What somebody wants to know who has no other sight of jamd.
package struct ServiceStatus: Sendable {
  /// The names of those that have a share; none as long as there is no style.
  package var styles: [String]
  package var keyboards: [String]
  /// Nil while there is no server.
  package var jack: (sampleRate: Int, period: Int)?
  /// What is missing, each with the way out.
  package var waitingFor: [String]

  package init(
    styles: [String] = [], keyboards: [String] = [], jack: (sampleRate: Int, period: Int)? = nil,
    waitingFor: [String] = []
  ) {
    (self.styles, self.keyboards, self.jack, self.waitingFor) = (styles, keyboards, jack, waitingFor)
  }

  package var text: String {
    var parts: [String] = []
    if !styles.isEmpty { parts.append("playing in the style of \(styles.joined(separator: "+"))") }
    if !keyboards.isEmpty { parts.append("listening to \(keyboards.joined(separator: ", "))") }
    if let jack { parts.append("JACK \(jack.sampleRate) Hz, \(jack.period) frames") }
    if !waitingFor.isEmpty { parts.append("waiting for \(waitingFor.joined(separator: "; "))") }
    let text = parts.joined(separator: "; ")
    return text.prefix(1).uppercased() + text.dropFirst()
  }
}
