// SPDX-License-Identifier: Apache-2.0
// Programs/jam, online: the status in words.
import ControlProtocol
import Music

/// The status for people: one fact a line, in two columns.
package enum StatusText {
  package static func text(_ status: StatusSnapshot) -> String {
    var rows: [(String, String)] = [
      ("jamd", "\(status.version), up \(duration(status.uptimeSeconds))"),
      ("style", list(status.styles.map { "\($0.name) \(Int(($0.weight * 100).rounded()))%" })),
      ("keyboards", list(status.keyboards)),
      ("JACK", jack(status.jack)),
    ]
    rows.insert(contentsOf: playing(status), at: 2)
    if let controls = status.controls { rows.append(("controls", list(self.controls(controls)))) }
    if let clock = status.clock { rows.append(("beat", beat(clock))) }
    if let hearing = status.hearing {
      rows.append(("hears", heard(hearing).isEmpty ? "nothing yet" : list(heard(hearing))))
    }
    rows += [
      ("callback", microseconds(status.jack.callbackCost) + ofPeriod(status.jack)),
      ("loop late", microseconds(status.latency.wakeUps)), ("keys late", microseconds(status.latency.keys)),
      ("notes late", late(status.latency)), ("answers late", microseconds(status.latency.answers)),
      ("composed", lookAhead(status.latency)), ("page faults", faults(status.pageFaults)),
      ("lost", losses(status.losses)),
      ("heard", "\(count(status.music.notesHeard, "note")), \(count(status.music.phrases, "phrase"))"),
      ("played", "\(count(status.music.notesPlayed, "note")), \(count(status.music.answers, "answer"))"),
      ("learned", "\(count(status.music.learnedNotes, "note")) of \(status.player ?? "yours")"),
      ("scheduling", status.realTime ? "real time (SCHED_FIFO)" : "ordinary: notes may be late under load"),
    ]
    if let recording = status.recording { rows.append(("recording", recording)) }
    for need in status.waitingFor { rows.append(("waiting for", need)) }
    return aligned(rows)
  }

  private static func controls(_ controls: ControlStatus) -> [String] {
    let below = controls.lowestKey > 0 ? ["keys below \(Pitch(clamping: controls.lowestKey))"] : []
    let above = controls.highestKey < 127 ? ["keys above \(Pitch(clamping: controls.highestKey))"] : []
    return controls.controllers.map { "CC \($0.number) \($0.parameter)" } + (below + above).map { "\($0) are commands" }
  }

  private static func beat(_ clock: ClockStatus) -> String {
    let from = clock.from == "taps" ? "tapped" : "from the \(clock.from)"
    let tempo = clock.tempo.map { "\(($0 * 10).rounded() / 10) beats a minute, \(from)" } ?? "none yet"
    let sent = clock.sent ? ["sent to clock_out"] : []
    let transport = clock.transport == "off" ? [] : ["JACK transport: \(clock.transport)"]
    return ([tempo] + sent + transport).joined(separator: "; ")
  }

  /// Each fact that is known, in words.
  static func heard(_ hearing: HearingStatus) -> [String] {
    func decimal(_ value: Double) -> String { value.isFinite ? "\((value * 10).rounded() / 10)" : "\(value)" }
    let beat = hearing.metre.map { metre in metre + (hearing.beatInBar.map { ", beat \($0)" } ?? "") }
    let playing = hearing.loudness.map { loudness in
      [
        "\(decimal(hearing.density)) onsets a second", "loudness \(loudness)",
        hearing.register.map { "around \($0)" },
        hearing.articulation.map { $0 < 0.5 ? "detached" : $0 < 0.9 ? "held" : "legato" },
      ].compactMap { $0 }
    }
    return [beat, hearing.key, hearing.chord].compactMap { $0 } + (playing ?? [])
  }

  private static func aligned(_ rows: [(String, String)]) -> String {
    let width = rows.map(\.0.count).max() ?? 0
    return rows.map { name, value in
      "\(name)\(String(repeating: " ", count: width - name.count))  \(value)\n"
    }.joined()
  }

  private static func list(_ names: [String]) -> String { names.isEmpty ? "none" : names.joined(separator: ", ") }

  static func count(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }

  private static func jack(_ jack: JACKStatus) -> String {
    guard jack.connected else { return "not connected" }
    let period = jack.sampleRate > 0 ? Double(jack.period) * 1000 / Double(jack.sampleRate) : 0
    let server = jack.server.isEmpty ? "" : "server \"\(jack.server)\", "
    return
      "\(server)\(jack.sampleRate) Hz, \(jack.period) frames (\((period * 10).rounded() / 10) ms), \(count(jack.xruns, "xrun"))"
  }

  /// p50, p99 and the maximum.
  private static func microseconds(_ distribution: Distribution) -> String {
    if distribution.count == 0 { return "not measured yet" }
    let figures = [distribution.p50, distribution.p99, distribution.max].map { figure in
      figure.isFinite ? "\(Int(min(1e15, max(-1e15, figure.rounded()))))" : "\(figure)"
    }
    return "\(figures[0]) us typical, \(figures[1]) us p99, \(figures[2]) us worst"
  }

  private static func late(_ latency: LatencyStatus) -> String {
    let share = latency.events.count > 0 ? "\(latency.lateEvents) of \(latency.events.count); " : ""
    return share + microseconds(latency.events)
  }

  /// What a callback has time for.
  private static func ofPeriod(_ jack: JACKStatus) -> String {
    guard jack.callbackCost.count > 0, jack.sampleRate > 0 else { return "" }
    return " of \(Int((Double(jack.period) * 1e6 / Double(jack.sampleRate)).rounded())) us"
  }

  private static func lookAhead(_ latency: LatencyStatus) -> String {
    guard latency.lookAhead.isFinite, abs(latency.lookAhead) < 1e9 else { return "\(latency.lookAhead) ms ahead" }
    let reason = latency.lookAheadReason.map { ": \($0)" } ?? ""
    return "\(Int(latency.lookAhead.rounded())) ms ahead\(reason)"
  }

  private static func faults(_ faults: PageFaultStatus) -> String {
    func text(_ count: Int?) -> String { count.map { "\($0)" } ?? "unknown" }
    return "loop \(text(faults.loop)), callback \(text(faults.stage))"
  }

  private static func losses(_ losses: Losses) -> String {
    list([
      count(losses.droppedEvents, "dropped event"), count(losses.alsaOverruns, "ALSA overrun"),
      count(losses.droppedClients, "dropped client"), count(losses.shedVoices, "shed voice"),
    ])
  }

  private static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, (0..<1e12).contains(seconds) else { return "\(seconds) s" }
    let whole = Int(seconds)
    let parts = [(whole / 86400, "d"), (whole / 3600 % 24, "h"), (whole / 60 % 60, "min"), (whole % 60, "s")]
    let shown = parts.drop { $0.0 == 0 }.prefix(2)
    return shown.isEmpty ? "0 s" : shown.map { "\($0.0) \($0.1)" }.joined(separator: " ")
  }
}
