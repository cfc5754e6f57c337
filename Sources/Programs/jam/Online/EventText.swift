// SPDX-License-Identifier: Apache-2.0
// Programs/jam, online: events in words.
import ControlProtocol
import Music

package enum EventText {
  /// One line: seconds since jamd started, and what happened.
  package static func text(_ timed: TimedEvent) -> String {
    let milliseconds = timed.at.isFinite ? Int(min(1e15, max(0, timed.at * 1000))) : 0
    let fraction = String(milliseconds % 1000 + 1000).dropFirst()
    let seconds = "\(milliseconds / 1000).\(fraction)"
    return String(repeating: " ", count: max(0, 10 - seconds.count))
      + "\(seconds)  \(Printable.word(words(timed.event)))\n"
  }

  private static func words(_ event: Event) -> String {
    switch event {
    case .keyboardConnected(let name): "keyboard connected: \(name)"
    case .keyboardGone(let name): "keyboard gone: \(name)"
    case .noteHeard(let pitch, let velocity, let keyboard):
      "note \(Pitch(clamping: pitch)) at velocity \(velocity) from \(keyboard)"
    case .noteReleased(let pitch, let keyboard): "note \(Pitch(clamping: pitch)) released at \(keyboard)"
    case .phraseBegan: "phrase began"
    case .phraseEnded(let notes, let tempo, let key):
      "phrase ended: \(notes) notes at \((tempo * 10).rounded() / 10) bpm in \(key ?? "no clear key")"
    case .answered(let styles, let plan, let copied):
      "answer: \(plan.count) notes in the style of \(styles.joined(separator: " + "))"
        + (copied.map { "; \($0.count) events in a row are as in a piece of \($0.style)" } ?? "")
    case .yielded: "answer yielded"
    case .styleChanged(let styles): "style changed: \(styles.joined(separator: " + "))"
    case .mixChanged(let shares, let over):
      "mix: \(shares.map { "\($0.name) \(Int(($0.weight * 100).rounded()))%" }.joined(separator: ", "))"
        + (over > 0 ? ", in \(over) s" : "")
    case .panicked: "panic: everything silenced"
    case .jackUp(let server, let sampleRate, let period):
      "JACK connected: server \"\(server)\", \(sampleRate) Hz, \(period) frames"
    case .jackDown(let server): "JACK gone: server \"\(server)\"; looking for it again"
    case .warning(let text): "warning: \(text)"
    }
  }
}
