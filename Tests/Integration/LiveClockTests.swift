// SPDX-License-Identifier: Apache-2.0
// Tests/Integration: clocks and JACK's transport between jamd and another client of a real jackd.
import CJACK
import Foundation
import JamTestKit
import Music
import Scores
import Testing

@Suite(.serialized) struct LiveClockTests {
  private struct Status: Decodable {
    struct Clock: Decodable {
      var tempo: Double?
      var from: String
      var sent: Bool
      var transport: String
    }
    var clock: Clock
  }

  /// How many xruns the server had: each moves its frames against the clock, which is found again within a second.
  private static func xruns(_ jam: LiveJam) -> Int {
    let xruns = Int(jam.listener.xruns)
    if xruns > 0 { print("the server had \(xruns) xruns: what is exact is judged with as much allowance") }
    return xruns
  }

  /// In an xrun, notes that are planned for a moment may leave beside the beat within the second after it, as many as a
  /// second holds; of the others a fifth may be ornaments.
  private static func mayBeFar(of onsets: [Double], beat: Double, _ jam: LiveJam) -> Int {
    let seconds = ((onsets.max() ?? 0) - (onsets.min() ?? 0)) * beat / 48000
    let inASecond = Double(onsets.count) / max(1, seconds)
    return onsets.count / 5 + Int((Double(xruns(jam)) * inASecond).rounded(.up))
  }

  private static func clock(_ jam: LiveJam) throws -> Status.Clock {
    try JSONDecoder().decode(Status.self, from: Data(try jam.jam(["status", "--json"]).utf8)).clock
  }

  /// Messages that the sender takes in order of their frames.
  private struct Score {
    var events: [(frame: UInt32, message: MIDIMessage)] = []
    let start: UInt32

    mutating func add(_ message: MIDIMessage, _ frames: Double) {
      events.append((start &+ UInt32(frames), message))
    }

    /// Quarters of `beat` frames, off the beat.
    mutating func addNotes(_ count: Int, beat: Double, offset: Double) {
      for index in 0..<count {
        let pitch = Pitch(clamping: 60 + index % 5)
        add(.noteOn(pitch, .standard), (Double(index) + offset) * beat)
        add(.noteOff(pitch), (Double(index) + offset) * beat + 9600)
      }
    }

    func play(on jam: LiveJam) {
      for (frame, message) in events.sorted(by: { Int32(bitPattern: $0.frame &- $1.frame) < 0 }) {
        #expect(jam.client.send(message, at: frame))
      }
    }
  }

  /// Lets time pass until `frame`.
  private static func wait(until frame: UInt32, _ jam: LiveJam) {
    jam.listen(within: 60) { _ in Int32(bitPattern: jam.client.now &- frame) >= 0 }
  }

  @Test("a MIDI clock that is started leads in tempo and phase, is recorded, and leaves the lead when it falls silent")
  func follows() throws {
    let jam = try LiveJam("clock-in", arguments: ["--mode", "accompany"])
    #expect(try Self.clock(jam).from == "playing")
    let tempo = 132.0
    let beat = 48000 * 60 / tempo
    let start = jam.client.now &+ 9600
    var score = Score(start: start &- 480)
    score.add(MIDIMessage(0xFA, 0), 0)
    for tick in 0..<(24 * 24) { score.add(MIDIMessage(0xF8, 0), 480 + Double(tick) * beat / 24) }
    // The clock is to be heard, not they.
    score.addNotes(20, beat: beat, offset: 0.31)
    score.play(on: jam)
    let end = start &+ UInt32(24 * beat)
    Self.wait(until: start &+ UInt32(beat * 12), jam)
    let led = try Self.clock(jam)
    // Over the latest beats an xrun of a hundredth of their length moves the tempo by as much.
    let tolerance = 0.02 + 0.01 * Double(Self.xruns(jam))
    #expect(led.from == "MIDI clock" && abs((led.tempo ?? 0) / tempo - 1) < tolerance, "\(led)")
    Self.wait(until: end &+ 48000, jam)
    let lost = try Self.clock(jam)
    #expect(lost.from == "playing" && jam.jamd.output.contains("lost"), "\(lost)")
    let onsets = Set(jam.heard.filter { $0.message.isNoteOn }.map(\.frame)).map { Double($0 &- start) / beat }
    let far = onsets.map { abs($0 * 12 - ($0 * 12).rounded()) / 12 * beat / 48 }.filter { $0 > 5 }
    #expect(onsets.count > 10 && far.count <= Self.mayBeFar(of: onsets, beat: beat, jam), "\(far) of \(onsets)")
    let onBeat = onsets.filter { abs($0 - $0.rounded()) < 0.02 }.map { ($0 - $0.rounded()) * beat / 48 }
    print(
      "clock in: \(onBeat.count) of \(onsets.count) notes on a beat, \(onBeat.min() ?? 0)...\(onBeat.max() ?? 0) ms")
    let xruns = Self.xruns(jam)
    jam.jamd.end()
    let take = Take(try StandardMIDIFile(parsing: [UInt8](Data(contentsOf: URL(fileURLWithPath: jam.take)))))
    let told = take.markers.filter { $0.text.hasPrefix("clock ") }
    // What an xrun moves is told, too.
    #expect(told.count >= 15 && told.count < 150 + xruns && told.last?.text == "clock lost", "\(told.map(\.text))")
  }

  @Test("the clock that is sent is even to the frame and on the tapped beat, with start and stop")
  func sends() throws {
    let jam = try LiveJam("clock-out")
    #expect(jam.listener.connectReceive(from: "jamd:clock_out"))
    _ = try jam.jam(["clock", "out", "on"])
    for _ in 0..<5 {
      _ = try jam.jam(["tap"])
      usleep(350_000)
    }
    jam.play([60, 62, 64, 65, 67], interval: 0.4)
    jam.listen(within: 30) { $0.contains { $0.message.status == 0xFC } }
    let clock = jam.heard.filter { $0.message.isSystem }
    let start = try #require(clock.firstIndex { $0.message.status == 0xFA }, "\(jam.jamd.output)")
    let stop = try #require(clock.firstIndex { $0.message.status == 0xFC })
    let ticks = clock[start...].filter { $0.message.status == 0xF8 }.map { Double($0.frame &- clock[0].frame) }
    #expect(ticks.count > 100 && start < stop)
    // Lines of ticks: as long as each lies within a frame of the line through the first and the latest.
    var lines: [ArraySlice<Double>] = []
    var rest = ticks[...]
    while !rest.isEmpty {
      let length = (1...rest.count).last { Self.isEven(rest.prefix($0)) } ?? 1
      lines.append(rest.prefix(length))
      rest = rest.dropFirst(length)
    }
    print("clock out: \(ticks.count) ticks on \(lines.count) lines: \(lines.map(\.count)), xruns \(jam.listener.xruns)")
    // A new line at most once a beat, however the server's clock wavers.
    // An xrun leaves one line and begins another, and so does what corrects it.
    let xruns = Self.xruns(jam)
    #expect(lines.count <= 2 + ticks.count / 24 + 2 * xruns)
    let gaps = zip(ticks.dropFirst(), ticks).map { $0 - $1 }.sorted()
    let uneven = gaps.count { abs($0 / gaps[gaps.count / 2] - 1) > 0.05 }
    #expect(uneven <= 2 * xruns, "\(gaps), \(xruns) xruns")
  }

  /// No jitter beyond rounding: every tick lies within a frame of the line through the first and the last.
  private static func isEven(_ ticks: ArraySlice<Double>) -> Bool {
    guard let first = ticks.first, let last = ticks.last, ticks.count > 2 else { return true }
    let step = (last - first) / Double(ticks.count - 1)
    return ticks.enumerated().allSatisfy { abs($0.element - first - Double($0.offset) * step) <= 1 }
  }

  @Test("JACK's transport is followed in tempo, bar and place, and its stop stops jamd")
  func followsTransport() throws {
    let jam = try LiveJam("transport-in", arguments: ["--mode", "accompany"])
    let master = TimebaseMaster(jam.client.handle, tempo: 104)
    defer { master.release() }
    _ = try jam.jam(["transport", "follow"])
    jack_transport_locate(jam.client.handle, 48000 * 10)
    jack_transport_start(jam.client.handle)
    let beat = 48000 * 60 / 104.0
    let begin = jam.client.now
    var score = Score(start: begin &+ 9600)
    score.addNotes(16, beat: beat, offset: 0.37)
    score.play(on: jam)
    Self.wait(until: begin &+ UInt32(beat * 12), jam)
    let led = try Self.clock(jam)
    #expect(led.from == "JACK transport" && abs((led.tempo ?? 0) - 104) < 0.01, "\(led)")
    let (place, frame) = master.place
    let onsets = Set(jam.heard.filter { $0.message.isNoteOn }.map(\.frame)).map {
      (Double(Int32(bitPattern: $0 &- frame)) + Double(place)) / beat
    }
    let far = onsets.filter { abs($0 * 12 - ($0 * 12).rounded()) / 12 * beat / 48 > 5 }
    let onBeat = onsets.filter { abs($0 - $0.rounded()) < 0.02 }.map { ($0 - $0.rounded()) * beat / 48 }
    print(
      "transport: \(onBeat.count) of \(onsets.count) notes on a beat, \(onBeat.min() ?? 0)...\(onBeat.max() ?? 0) ms")
    #expect(onsets.count > 5 && onBeat.count > 2)
    #expect(far.count <= Self.mayBeFar(of: onsets, beat: beat, jam), "\(far) of \(onsets)")
    jack_transport_stop(jam.client.handle)
    let stopped = jam.client.now
    #expect(waitUntil(within: 3) { (try? Self.clock(jam).from) == "playing" })
    jam.listen(within: 1) { _ in false }
    #expect(!jam.heard.contains { $0.message.isNoteOn && Int32(bitPattern: $0.frame &- stopped) > 4800 })
    #expect(hungNotes(jam.heard.map(\.message)).hung.isEmpty)
  }

  @Test("who leads JACK's transport keeps its tempo and bars, rolls it while there is playing and stops it after")
  func leadsTransport() throws {
    let jam = try LiveJam("transport-out", arguments: [])
    _ = try jam.jam(["transport", "lead"])
    for _ in 0..<5 {
      _ = try jam.jam(["tap"])
      usleep(300_000)
    }
    jam.play([60, 62, 64, 65, 67], interval: 0.4)
    var position = jack_position_t()
    #expect(waitUntil(within: 10) { jack_transport_query(jam.client.handle, &position) == JackTransportRolling })
    let tempo = try Self.clock(jam).tempo ?? 0
    jam.listen(within: 1.5) { _ in false }
    var now = jamd_transport()
    jamd_transport_query(jam.client.handle, &now)
    #expect(now.has_bbt != 0 && abs(now.beats_per_minute / tempo - 1) < 0.05, "\(now), \(tempo)")
    #expect(now.beats_per_bar == 4 && now.beat > 0 && now.beat < 40)
    #expect(waitUntil(within: 30) { jack_transport_query(jam.client.handle, nil) == JackTransportStopped })
    _ = try jam.jam(["transport", "off"])
    #expect(try Self.clock(jam).transport == "off")
  }
}

/// Keeps the tempo of JACK's transport, in four quarters.
private final class TimebaseMaster {
  struct State {
    var tempo: Double
    var rate: Double
  }

  private let client: OpaquePointer
  private let state: UnsafeMutablePointer<State>

  init(_ client: OpaquePointer, tempo: Double) {
    self.client = client
    state = .allocate(capacity: 1)
    state.initialize(to: State(tempo: tempo, rate: Double(jack_get_sample_rate(client))))
    jack_set_timebase_callback(client, 0, jamTestTimebase, state)
  }

  func release() { jack_release_timebase(client) }

  deinit { state.deallocate() }

  /// Where the transport stands, and the server's frame at which it does.
  var place: (UInt32, UInt32) {
    var position = jack_position_t()
    for _ in 0..<1000 {
      let before = jack_last_frame_time(client)
      jack_transport_query(client, &position)
      if jack_last_frame_time(client) == before { return (position.frame, before) }
    }
    return (position.frame, jack_last_frame_time(client))
  }
}

@c private func jamTestTimebase(
  _ state: jack_transport_state_t, _ count: UInt32, _ position: UnsafeMutablePointer<jack_position_t>?, _ isNew: Int32,
  _ argument: UnsafeMutableRawPointer?
) {
  guard let position, let argument else { return }
  let state = argument.assumingMemoryBound(to: TimebaseMaster.State.self).pointee
  jamd_write_position(position, Double(position.pointee.frame) / state.rate / 60 * state.tempo, 4, state.tempo)
}
