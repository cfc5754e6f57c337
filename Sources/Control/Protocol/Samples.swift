// SPDX-License-Identifier: Apache-2.0
// Control/Protocol: one message of every kind, for the documentation and the tests.

/// What the documentation shows; every field is there once.
package enum Samples {
  package static let status = StatusSnapshot(
    version: "0.1.0", uptimeSeconds: 754.25,
    styles: [StyleShare(name: "joplin", weight: 0.7), StyleShare(name: "me", weight: 0.3)],
    keyboards: ["Digital Piano MIDI 1"],
    jack: JACKStatus(
      connected: true, server: "default", sampleRate: 48000, period: 128, xruns: 0,
      callbackCost: Distribution(
        count: 282_844, mean: 301, p50: 290, p99: 585, p999: 703, max: 1204,
        octaves: [0, 0, 0, 0, 0, 0, 12, 9211, 180_377, 90_102, 3139, 3])),
    latency: LatencyStatus(
      wakeUps: Distribution(
        count: 754_000, mean: 37, p50: 35, p99: 85, p999: 191, max: 2399,
        octaves: [0, 0, 0, 12, 3801, 251_004, 480_913, 18_055, 201, 12, 1, 0, 1]),
      keys: Distribution(
        count: 1812, mean: 44, p50: 41, p99: 96, p999: 288, max: 402, octaves: [0, 0, 0, 0, 0, 310, 1420, 72, 8, 2]),
      events: Distribution(count: 1893, p50: 0, p99: 0, max: 0, octaves: [1893]), lateEvents: 0,
      answers: Distribution(
        count: 61, mean: 222, p50: 211, p99: 402, p999: 402, max: 402, octaves: [0, 0, 0, 0, 0, 0, 0, 3, 50, 8]),
      lookAhead: 120, lookAheadReason: "an answer was 2.4 ms late, 311 s ago"),
    losses: Losses(),
    music: MusicCounts(notesHeard: 812, notesPlayed: 1081, phrases: 61, answers: 61, learnedNotes: 812),
    realTime: true, waitingFor: ["a keyboard: plug one in, or connect one to the JACK port midi_in"],
    player: "anna", recording: "/var/lib/jamd/sessions/2026-11-21T20-15-00.journal", mode: "trade",
    playing: PlayingStatus(
      role: "lead", bars: 8, countIn: true, chart: PlayingStatus.Chart(title: "Blues in C", bars: 12, metre: "4/4"),
      temperature: 1.2, density: 0.5),
    clock: ClockStatus(tempo: 96.4, from: "MIDI clock", sent: true, transport: "off"),
    controls: ControlStatus(
      controllers: [
        ControlStatus.Controller(number: 1, parameter: "morph"),
        ControlStatus.Controller(number: 66, parameter: "answer"),
      ],
      lowestKey: 36),
    hearing: HearingStatus(
      metre: "4/4", beatInBar: 3, confidence: 1, key: "F major", chord: "Bb7", density: 3.2, loudness: 74,
      register: "E4", articulation: 0.8),
    pageFaults: PageFaultStatus(loop: 0, stage: 0))

  package static let styles = [
    StyleEntry(
      name: "joplin", title: "Scott Joplin", artist: "Scott Joplin", notes: 81_273, isInUse: true),
    StyleEntry(name: "monk", problem: "/home/me/.local/share/jamd/styles/monk.style: checksum wrong at byte 12"),
  ]

  package static let players = [
    PlayerEntry(name: "anna", notes: 5120, isInUse: true), PlayerEntry(name: "default", notes: 812),
  ]

  package static let settings = [
    SettingEntry(key: "style.name", value: "\"bach\"", source: "/etc/jamd/jamd.toml:7"),
    SettingEntry(key: "answer.lead_ms", value: "10", source: "default"),
  ]

  package static let events: [TimedEvent] = [
    TimedEvent(at: 1.25, .keyboardConnected(name: "Digital Piano MIDI 1")),
    TimedEvent(at: 95.5, .keyboardGone(name: "Digital Piano MIDI 1")),
    TimedEvent(at: 3.141592, .noteHeard(pitch: 60, velocity: 87, keyboard: "Digital Piano MIDI 1")),
    TimedEvent(at: 3.35, .noteReleased(pitch: 60, keyboard: "Digital Piano MIDI 1")),
    TimedEvent(at: 3.1416, .phraseBegan),
    TimedEvent(at: 7.82, .phraseEnded(notes: 14, tempo: 96.4, key: "C major")),
    TimedEvent(
      at: 7.82,
      .answered(
        styles: ["joplin"], plan: [PlannedNote(at: 7.84, duration: 0.31, pitch: 64, velocity: 80)],
        copied: CopiedPassage(count: 9, style: "joplin"))),
    TimedEvent(at: 9.5, .yielded),
    TimedEvent(at: 12, .styleChanged(styles: ["bach"])),
    TimedEvent(
      at: 13,
      .mixChanged(
        shares: [
          StyleShare(name: "bach", weight: 0.3), StyleShare(name: "joplin", weight: 0.6),
          StyleShare(name: "me", weight: 0.1),
        ],
        over: 8)),
    TimedEvent(at: 14, .panicked),
    TimedEvent(at: 0.5, .jackUp(server: "default", sampleRate: 48000, period: 128)),
    TimedEvent(at: 60, .jackDown(server: "default")),
    TimedEvent(at: 0.1, .warning("no real-time priority: add yourself to the group audio")),
  ]
}
