// SPDX-License-Identifier: Apache-2.0
// Tests/Programs/jam: what the online commands print, and how they end.
import ControlProtocol
import Testing
import jam

@Suite struct OnlineTextTests {
  @Test("the status is one fact a line, in two aligned columns")
  func status() {
    #expect(
      StatusText.text(Samples.status) == """
        jamd          0.1.0, up 12 min 34 s
        style         joplin 70%, me 30%
        playing       trade, 8 bars a turn counted in, role lead
        chart         "Blues in C", 12 bars, 4/4
        answers       temperature 1.2, order 7, density 0.5, length 1.0, overlap off
        keyboards     Digital Piano MIDI 1
        JACK          server "default", 48000 Hz, 128 frames (2.7 ms), 0 xruns
        controls      CC 1 morph, CC 66 answer, keys below C2 are commands
        beat          96.4 beats a minute, from the MIDI clock; sent to clock_out
        hears         4/4, beat 3, F major, Bb7, 3.2 onsets a second, loudness 74, around E4, held
        callback      290 us typical, 585 us p99, 1204 us worst of 2667 us
        loop late     35 us typical, 85 us p99, 2399 us worst
        keys late     41 us typical, 96 us p99, 402 us worst
        notes late    0 of 1893; 0 us typical, 0 us p99, 0 us worst
        answers late  211 us typical, 402 us p99, 402 us worst
        composed      120 ms ahead: an answer was 2.4 ms late, 311 s ago
        page faults   loop 0, callback 0
        lost          0 dropped events, 0 ALSA overruns, 0 dropped clients, 0 shed voices
        heard         812 notes, 61 phrases
        played        1081 notes, 61 answers
        learned       812 notes of anna
        scheduling    real time (SCHED_FIFO)
        recording     /var/lib/jamd/sessions/2026-11-21T20-15-00.journal
        waiting for   a keyboard: plug one in, or connect one to the JACK port midi_in

        """)
  }

  @Test("a status of a jamd that has nothing yet, and one with impossible numbers, can be shown")
  func extremes() {
    var status = Samples.status
    status.jack = JACKStatus(connected: false, server: "")
    status.styles = []
    status.uptimeSeconds = .nan
    status.latency.wakeUps = Distribution(count: 1, p50: .nan, p99: .infinity, max: 1e300)
    status.latency.events = .empty
    status.hearing = HearingStatus(density: .nan)
    #expect(StatusText.text(status).contains("hears         nothing yet"))
    status.hearing?.loudness = 1
    status.playing?.temperature = .infinity
    status.clock?.from = "taps"
    let text = StatusText.text(status)
    #expect(text.contains("not connected") && text.contains("none") && text.contains("not measured yet"))
    #expect(text.contains("96.4 beats a minute, tapped"))
    status.playing = nil
    #expect(StatusText.text(status).contains("playing       trade\n"))
  }

  @Test("the list of styles has six columns, whatever stands in them")
  func styles() {
    let odd = StyleEntry(name: "a", title: "tab\there", artist: "line\nbreak", problem: "no\r\n")
    let lines = StyleListText.text(Samples.styles + [odd]).split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count == 4 && lines[3].isEmpty)
    for line in lines.dropLast() { #expect(line.split(separator: "\t", omittingEmptySubsequences: false).count == 6) }
    #expect(lines[0] == "*\tjoplin\tScott Joplin\tScott Joplin\t81273\t")
  }

  @Test("every event is one line that begins with its time")
  func events() {
    for sample in Samples.events {
      let text = EventText.text(sample)
      #expect(text.hasSuffix("\n") && text.dropLast().allSatisfy { $0 != "\n" })
    }
    #expect(EventText.text(Samples.events[2]) == "     3.141  note C4 at velocity 87 from Digital Piano MIDI 1\n")
    #expect(EventText.text(Samples.events[5]) == "     7.820  phrase ended: 14 notes at 96.4 bpm in C major\n")
    #expect(EventText.text(TimedEvent(at: .nan, .yielded)).contains("0.000"))
  }

  @Test("nobody listening is EX_UNAVAILABLE, an unknown style EX_NOINPUT")
  func exitCodes() {
    #expect(ControlClientError.notListening(paths: []).exitStatus.rawValue == 69)
    #expect(CommandFailure(.unknownStyle, "").exitStatus.rawValue == 66)
    #expect(ControlClientError.notAllowed(path: "").exitStatus.rawValue == 77)
  }
}
