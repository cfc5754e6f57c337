// SPDX-License-Identifier: Apache-2.0
// Control/Protocol: events as flat JSON objects.
import FoundationEssentials

/// Every field that some event has; an event of a kind has exactly its own.
private struct EventFields: Codable {
  var version = protocolVersion
  var event: Event.Kind
  var at: Double
  var name: String?
  var pitch: Int?
  var velocity: Int?
  var notes: Int?
  var plan: [PlannedNote]?
  var copied: Int?
  var copiedFrom: String?
  var tempo: Double?
  var key: String?
  var styles: [String]?
  var shares: [StyleShare]?
  var over: Double?
  var server: String?
  var sampleRate: Int?
  var period: Int?
  var text: String?

  init(_ timed: TimedEvent) {
    event = timed.event.kind
    at = inMicroseconds(timed.at)
    switch timed.event {
    case .keyboardConnected(let name), .keyboardGone(let name): self.name = name
    case .noteHeard(let pitch, let velocity, let keyboard):
      (self.pitch, self.velocity, name) = (pitch, velocity, keyboard)
    case .noteReleased(let pitch, let keyboard): (self.pitch, name) = (pitch, keyboard)
    case .phraseEnded(let notes, let tempo, let key):
      (self.notes, self.tempo, self.key) = (notes, (tempo * 100).rounded() / 100, key)
    case .answered(let styles, let plan, let copied):
      (self.styles, notes, self.plan) = (styles, plan.count, plan.map(\.rounded))
      (self.copied, copiedFrom) = (copied?.count ?? 0, copied?.style)
    case .styleChanged(let styles): self.styles = styles
    case .mixChanged(let shares, let over): (self.shares, self.over) = (shares, over)
    case .jackUp(let server, let sampleRate, let period):
      (self.server, self.sampleRate, self.period) = (server, sampleRate, period)
    case .jackDown(let server): self.server = server
    case .warning(let text): self.text = text
    case .phraseBegan, .yielded, .panicked: break
    }
  }

  /// Nil when a field is missing.
  var timed: TimedEvent? { content.map { TimedEvent(at: at, $0) } }

  private var content: Event? {
    switch event {
    case .keyboardConnected: name.map { .keyboardConnected(name: $0) }
    case .keyboardGone: name.map { .keyboardGone(name: $0) }
    case .noteHeard: noteHeard
    case .noteReleased: pitch.flatMap { pitch in name.map { .noteReleased(pitch: pitch, keyboard: $0) } }
    case .phraseBegan: .phraseBegan
    case .phraseEnded: notes.flatMap { notes in tempo.map { .phraseEnded(notes: notes, tempo: $0, key: key) } }
    case .answered: answered
    case .yielded: .yielded
    case .styleChanged: styles.map { .styleChanged(styles: $0) }
    case .mixChanged: shares.flatMap { shares in over.map { .mixChanged(shares: shares, over: $0) } }
    case .panicked: .panicked
    case .jackUp: jackUp
    case .jackDown: server.map { .jackDown(server: $0) }
    case .warning: text.map { .warning($0) }
    }
  }

  private var noteHeard: Event? {
    guard let pitch, let velocity, let name else { return nil }
    return .noteHeard(pitch: pitch, velocity: velocity, keyboard: name)
  }

  private var answered: Event? {
    guard let styles, let plan else { return nil }
    let passage = copiedFrom.flatMap { style in copied.map { CopiedPassage(count: $0, style: style) } }
    return .answered(styles: styles, plan: plan, copied: passage)
  }

  private var jackUp: Event? {
    guard let server, let sampleRate, let period else { return nil }
    return .jackUp(server: server, sampleRate: sampleRate, period: period)
  }
}

/// Finer than anything this socket could tell apart, and short to read.
private func inMicroseconds(_ seconds: Double) -> Double { (seconds * 1e6).rounded() / 1e6 }

extension PlannedNote {
  fileprivate var rounded: PlannedNote {
    PlannedNote(at: inMicroseconds(at), duration: inMicroseconds(duration), pitch: pitch, velocity: velocity)
  }
}

extension TimedEvent: Codable {
  public init(from decoder: any Decoder) throws {
    guard let timed = try EventFields(from: decoder).timed else {
      throw DecodingError.dataCorrupted(
        DecodingError.Context(codingPath: decoder.codingPath, debugDescription: "an event without its fields"))
    }
    self = timed
  }

  public func encode(to encoder: any Encoder) throws { try EventFields(self).encode(to: encoder) }

  /// The event as one line of JSON with its newline.
  public func encoded() -> [UInt8] { encodedLine(self) }
}
