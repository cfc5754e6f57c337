// SPDX-License-Identifier: Apache-2.0
// Tests/Integration: a whole jam, from a key press to the answer, through a real jackd.
import Foundation
import JamTestKit
import Listening
import Music
import Scores
import Testing

@Suite(.serialized) struct JamTests {
  static let call = [60, 64, 67, 72, 71, 67, 65, 62]

  /// The silence that ends a phrase played by `LiveJam.play`.
  static func threshold(_ count: Int, interval: Double, hold: Double) -> Double {
    var segmenter = PhraseSegmenter()
    var end = Instant.zero
    for index in 0..<count {
      let onset = Instant.zero + .seconds(Double(index) * interval)
      let note = PlayedNote(
        pitch: Pitch(clamping: 60), velocity: .standard, onset: onset, duration: .seconds(interval * hold))
      segmenter.began(note)
      _ = segmenter.ended(note)
      end = note.release
    }
    return segmenter.deadline(isSilent: true).map { ($0 - end).seconds } ?? 0
  }

  /// Nothing sounds, and nothing has begun for two seconds.
  static func isOver(_ heard: [(frame: UInt32, message: MIDIMessage)], _ jam: LiveJam) -> Bool {
    guard let last = heard.last, jam.client.now &- last.frame > 2 * 48000 else { return false }
    return hungNotes(heard.map(\.message)).hung.isEmpty
  }

  @Test("a call is answered within its threshold and 25 ms, everything is released, and a replay plays the same notes")
  func answerAndReplay() throws {
    let jam = try LiveJam("answer")
    let release = jam.play(Self.call)
    #expect(jam.listen(within: 10) { $0.contains { $0.message.isNoteOn } }, "no answer: \(jam.jamd.output)")
    jam.listen(within: 30) { Self.isOver($0, jam) }
    let heard = jam.heard
    let first = try #require(heard.first { $0.message.isNoteOn })
    let silence = Double(first.frame &- release) / 48000
    let threshold = Self.threshold(Self.call.count, interval: 0.25, hold: 0.5)
    print("answer: \(heard.count / 2) notes, \((silence - threshold) * 1000) ms after the threshold of \(threshold) s")
    // Each is on the nearest frame of its instant, by the clock of its moment, which follows a server that wakes late; an
    // xrun sets the frames back by up to a period and what it was late by.
    let behind = 0.001 + Double(jam.listener.xruns) * 2 * Double(LiveJam.period) / 48000
    #expect(silence >= threshold - behind && silence <= threshold + 0.025)
    #expect(hungNotes(heard.map(\.message)) == ([], 0))
    jam.jamd.end()
    #expect(jam.jamd.exitStatus == 0)
    try compareReplay(of: jam, live: heard, release: release)
  }

  @Test("beside a client that hangs a server that no longer answers is left in peace: silent, in time, with status 0")
  func unansweringServer() throws {
    let jam = try LiveJam("unanswered", serverOptions: ["-r"])
    let socket = jam.folder.appending(path: "frozen.sock").path
    let frozen = try ChildProcess(
      Programs.jamd,
      [
        "--config", "/dev/null", "--jack-server", jam.server.name, "--styles", LiveJam.styles, "--midi-only",
        "--record", jam.sessions + "-frozen", "--player", "", "--socket", socket,
      ])
    try #require(waitUntil(within: 10) { frozen.output.contains("connected to JACK server") })
    jam.play(Self.call)
    try #require(jam.listen(within: 10) { $0.contains { $0.message.isNoteOn } }, "no answer: \(jam.jamd.output)")
    kill(frozen.identifier, SIGSTOP)
    // The client that hangs misses every cycle, until the server hangs in telling it of that and tells nobody any more.
    var (told, before) = (0, -1)
    try #require(
      waitUntil(within: 20) {
        before = told
        jam.listen(within: 1) { _ in false }
        told = xruns(jam)
        return told > 0 && told == before
      })
    let start = Date()
    jam.jamd.end()
    #expect(Date().timeIntervalSince(start) < 5)
    jam.listen(within: 0.2) { _ in false }
    #expect(hungNotes(jam.heard.map(\.message)).hung.isEmpty)
    #expect(jam.jamd.output.contains("does not answer"), "\(jam.jamd.output)")
    #expect(jam.jamd.exitStatus == 0)
    frozen.end(SIGKILL)
    jam.server.killHard()
  }

  @Test("what a JACK client played that vanishes in mid-note is a phrase, and answered")
  func vanishedClient() throws {
    let jam = try LiveJam("vanished")
    var player: JACKTestClient? = try LiveJam.connect("jam-player", jam.server.name)
    #expect(player?.connectSend(to: "jamd:midi_in") == true)
    for (index, pitch) in [60, 64, 67].enumerated() {
      let onset = (player?.now ?? 0) &+ 4800 &+ UInt32(index) * 9600
      #expect(player?.send(.noteOn(Pitch(clamping: pitch), .standard), at: onset) == true)
    }
    #expect(!jam.listen(within: 3) { !$0.isEmpty }, "its notes are held, and so the phrase is not over")
    player = nil
    #expect(jam.listen(within: 10) { $0.contains { $0.message.isNoteOn } })
    jam.jamd.end()
  }

  private func xruns(_ jam: LiveJam) -> Int {
    guard let status = try? JSONSerialization.jsonObject(with: Data(jam.jam(["status", "--json"]).utf8)),
      let jack = (status as? [String: Any])?["jack"] as? [String: Any]
    else { return 0 }
    return jack["xruns"] as? Int ?? 0
  }

  /// The recorded take, replayed offline with the same style and seed, against what left `midi_out`.
  private func compareReplay(
    of jam: LiveJam, live: [(frame: UInt32, message: MIDIMessage)], release: UInt32
  ) throws {
    let output = jam.folder.appending(path: "session.mid").path
    let process = try ChildProcess(
      Programs.jam,
      ["replay", jam.take, "--style", jam.style, "--styles", LiveJam.styles, "--seed", "\(jam.seed)", "-o", output])
    #expect(waitUntil(within: 20) { !process.isRunning })
    let session = Take(try StandardMIDIFile(parsing: [UInt8](Data(contentsOf: URL(fileURLWithPath: output)))))
    let answer = try #require(session.tracks.first { $0.name == Take.answerTrack }, "\(process.output)")
    let player = try #require(session.tracks.first { $0.name != Take.answerTrack })
    let played = answer.events.filter { $0.message.isNoteOn }
    let liveNotes = live.filter { $0.message.isNoteOn }
    #expect(played.map(\.message.data1) == liveNotes.map(\.message.data1))
    #expect(played.map(\.message.data2) == liveNotes.map(\.message.data2))
    let end = try #require(player.events.last { $0.message.isNoteOff }).time
    let deviations = zip(played, liveNotes).map { offline, live in
      (Double(live.frame &- release) / 48000 - (offline.time - end).seconds) * 48000 / Double(LiveJam.period)
    }
    print("replay: live notes are \(deviations.min() ?? 0)...\(deviations.max() ?? 0) periods after the offline ones")
    // An xrun of the server moves its frames against the clock by a period.
    #expect(deviations.allSatisfy { abs($0) <= 1.01 + Double(jam.listener.xruns) })
  }

  @Test("fifty interruptions and twenty style swaps leave no note hung, and the answer yields within a period and 5 ms")
  func interruptions() throws {
    let jam = try LiveJam("interruptions")
    let latest = try (0..<50).map { round in try interrupt(jam, round) }.max() ?? 0
    // Then the last answer may play to its end.
    jam.listen(within: 30) { Self.isOver($0, jam) }
    #expect(hungNotes(jam.heard.map(\.message)) == ([], 0))
    print("yield: the last event of an answer left at most \(latest) ms after one period from the key press")
    #expect(latest <= 5)
  }

  /// One call, its answer, in two rounds of five another style in the midst of it, and a key press that interrupts it: how
  /// long after the press, and one period, the last event of the answer left, in milliseconds.
  private func interrupt(_ jam: LiveJam, _ round: Int) throws -> Double {
    let styles = ["joplin", "bach", "chopin"]
    let before = jam.heard.count
    let release = jam.play([60, 64, 67, 65].map { $0 + round % 5 }, interval: 0.12)
    let isAnswered = jam.listen(within: 8) { heard in
      heard.dropFirst(before).contains { $0.message.isNoteOn && Int32(bitPattern: $0.frame &- release) > 0 }
    }
    try #require(isAnswered, "round \(round): no answer")
    if round % 5 < 2 {
      let output = try jam.jam(["style", "use", styles[round % 3]] + (round % 2 == 0 ? ["--now"] : []))
      #expect(output.isEmpty, "\(output)")
    }
    usleep(UInt32(20_000 + round % 7 * 30_000))
    let onset = jam.client.now &+ 1024
    #expect(jam.client.send(.noteOn(Pitch(clamping: 50), .standard), at: onset))
    #expect(jam.client.send(.noteOff(Pitch(clamping: 50)), at: onset &+ 2400))
    jam.listen(within: 5) { _ in Int32(bitPattern: jam.client.now &- onset) > 7200 }
    let after = jam.heard.dropFirst(before).filter {
      Int32(bitPattern: $0.frame &- onset) > 0 && !$0.message.isRepeatedRelease
    }
    return after.map { (Double($0.frame &- onset) - Double(LiveJam.period)) / 48 }.max() ?? 0
  }

  @Test("a server that is killed in mid-answer and started again plays within two seconds, and the take is whole")
  func serverDies() throws {
    let jam = try LiveJam("server")
    jam.play(Self.call)
    try #require(jam.listen(within: 10) { $0.contains { $0.message.isNoteOn } })
    try jam.restartServer()
    let connected = Date()
    #expect(waitUntil(within: 5) { jam.client.connectSend(to: "jamd:midi_in") })
    #expect(waitUntil(within: 1) { jam.listener.connectReceive(from: "jamd:midi_out") })
    print("server restart: jamd was back after \(Date().timeIntervalSince(connected)) s")
    #expect(Date().timeIntervalSince(connected) <= 2)
    jam.listen(within: 1) { _ in false }
    jam.forget()
    jam.play(Self.call)
    #expect(jam.listen(within: 10) { $0.contains { $0.message.isNoteOn } })
    jam.jamd.end()
    let take = Take(try StandardMIDIFile(parsing: [UInt8](Data(contentsOf: URL(fileURLWithPath: jam.take)))))
    let player = try #require(take.tracks.first { $0.name != Take.answerTrack })
    #expect(player.events.filter { $0.message.isNoteOn }.count == 2 * Self.call.count)
    #expect(hungNotes(take.tracks.flatMap { $0.events.map(\.message) }).hung.isEmpty)
  }
}
