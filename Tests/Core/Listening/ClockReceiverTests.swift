// SPDX-License-Identifier: Apache-2.0
// Core/Listening: properties of choosing among MIDI clocks and of telling what they say.
import Listening
import Music
import Testing

@Suite("The clock receiver") struct ClockReceiverTests {
  private static func instant(_ seconds: Double) -> Instant { Instant(nanoseconds: Int64((seconds * 1e9).rounded())) }

  private struct Told {
    var at: Double
    var change: ClockReceiver.Change

    var grid: BeatGrid? { if case .running(let grid) = change { grid } else { nil } }
  }

  /// Gives `count` ticks at `tempo` from `start` on, each late by up to `jitter` seconds.
  private static func ticks(
    _ receiver: inout ClockReceiver, _ count: Int, tempo: Double = 120, from start: Double, source: UInt32 = 1,
    jitter: Double = 0, random: inout RandomSource
  ) -> [Told] {
    (0..<count).compactMap { tick in
      let late = jitter > 0 ? Double.random(in: 0..<jitter, using: &random) : 0
      let at = start + Double(tick) * 60 / tempo / 24 + late
      return receiver.hear(.tick, from: source, at: instant(at)).map { Told(at: at, change: $0) }
    }
  }

  private var random = RandomSource(seed: 11)

  @Test(
    "what is told keeps within 3 ms and 1 % of a started clock, through jitter of 2 ms, once a beat or a little more")
  mutating func follows() throws {
    for tempo in stride(from: 30.0, through: 300, by: 30) {
      var receiver = ClockReceiver(metre: .common)
      #expect(receiver.hear(.start, from: 1, at: Self.instant(0.99)) == nil)
      let told = Self.ticks(&receiver, 24 * 32 + 1, tempo: tempo, from: 1, jitter: 0.002, random: &random)
      let settled = told.filter { $0.at > 1 + 60 / tempo * 4 }
      #expect((24...80).contains(settled.count), "\(tempo): \(settled.count)")
      for each in settled {
        let grid = try #require(each.grid)
        let beat = ((each.at - 1) / 60 * tempo).rounded(.up)
        #expect(abs(grid.tempo.beatsPerMinute / tempo - 1) < 0.01)
        // Ticks are 1 ms late in the mean.
        #expect(abs((grid.instant(at: Beats(beat)) - Self.instant(1.001 + beat * 60 / tempo)).seconds) < 0.003)
        #expect(grid.metre == .common)
      }
    }
  }

  @Test("the first tick after start is the beginning, and after a song position its place")
  mutating func places() throws {
    var receiver = ClockReceiver()
    _ = Self.ticks(&receiver, 60, from: 0, random: &random)
    _ = receiver.hear(.start, from: 1, at: Self.instant(1.24))
    let started = Self.ticks(&receiver, 1, from: 1.25, random: &random)
    #expect(abs(try #require(started.first?.grid).position(at: Self.instant(1.25)).count) < 1e-6)
    _ = Self.ticks(&receiver, 24, from: 1.25 + 0.5 / 24, random: &random)
    #expect(receiver.hear(.stop, from: 1, at: Self.instant(1.8)) == .stopped)
    _ = receiver.hear(.position(sixteenths: 32), from: 1, at: Self.instant(1.81))
    #expect(receiver.hear(.resume, from: 1, at: Self.instant(1.82)) == nil)
    let resumed = Self.ticks(&receiver, 24, from: 1.83, random: &random)
    let grid = try #require(resumed.last?.grid)
    #expect(abs(grid.position(at: Self.instant(1.83)).count - 8) < 0.02)
  }

  @Test("a clock that only ticks leads nobody")
  mutating func idle() {
    var receiver = ClockReceiver()
    #expect(Self.ticks(&receiver, 500, from: 0, random: &random).isEmpty)
    #expect(receiver.deadline == nil && !receiver.isLed)
  }

  @Test("a clock that falls silent is lost after 250 ms, one unplugged at once, and both only once")
  mutating func losses() {
    var receiver = ClockReceiver()
    _ = receiver.hear(.start, from: 1, at: .zero)
    _ = Self.ticks(&receiver, 25, from: 0, random: &random)
    #expect(receiver.deadline == Self.instant(0.5) + .milliseconds(250))
    #expect(receiver.advance(to: Self.instant(0.7499)) == nil)
    #expect(receiver.advance(to: Self.instant(0.75)) == .lost)
    #expect(receiver.advance(to: Self.instant(9)) == nil && !receiver.isLed)
    _ = receiver.hear(.resume, from: 1, at: Self.instant(10))
    _ = Self.ticks(&receiver, 25, from: 10, random: &random)
    #expect(receiver.isLed)
    #expect(receiver.lose(1) == .lost)
    #expect(receiver.lose(1) == nil && receiver.loseAll() == nil)
  }

  @Test("the clock that runs first leads until it stops, then another one that runs")
  mutating func several() throws {
    var receiver = ClockReceiver()
    // A keyboard ticks all day long.
    _ = Self.ticks(&receiver, 30, tempo: 77, from: 0, source: 9, random: &random)
    _ = receiver.hear(.start, from: 1, at: Self.instant(1))
    _ = receiver.hear(.start, from: 2, at: Self.instant(1))
    let first = Self.ticks(&receiver, 48, tempo: 120, from: 1, source: 1, random: &random)
    #expect(Self.ticks(&receiver, 48, tempo: 90, from: 1, source: 2, random: &random).isEmpty)
    #expect(abs(try #require(first.last?.grid).tempo.beatsPerMinute - 120) < 0.1)
    #expect(receiver.hear(.stop, from: 2, at: Self.instant(2.4)) == nil)
    _ = receiver.hear(.resume, from: 2, at: Self.instant(2.4))
    #expect(receiver.hear(.stop, from: 1, at: Self.instant(2.4)) == .stopped)
    let second = Self.ticks(&receiver, 48, tempo: 90, from: 2.4, source: 2, random: &random)
    #expect(abs(try #require(second.last?.grid).tempo.beatsPerMinute - 90) < 0.1)
  }

  @Test("any messages of any sources, in any order of time, are taken, and nothing is lost or stopped that did not run")
  mutating func storm() {
    for _ in 0..<200 {
      var receiver = ClockReceiver()
      var now = 0.0
      var isLed = false
      for _ in 0..<300 {
        now += Double.random(in: -0.01...0.08, using: &random)
        let source = UInt32.random(in: 0..<30, using: &random)
        let messages: [ClockFollower.Message] = [
          .tick, .tick, .tick, .tick, .tick, .start, .resume, .stop,
          .position(sixteenths: Int.random(in: -9...99999, using: &random)),
        ]
        let change =
          Int.random(in: 0..<40, using: &random) == 0
          ? (random.next() & 1 == 0 ? receiver.lose(source) : receiver.advance(to: Self.instant(now)))
          : receiver.hear(
            messages[Int.random(in: messages.indices, using: &random)], from: source % 4, at: Self.instant(now))
        switch change {
        case .running: isLed = true
        case .stopped, .lost:
          #expect(isLed)
          isLed = false
        case nil: break
        }
        #expect(receiver.isLed == isLed)
      }
    }
  }

  @Test("system messages are read as they are written, and no other message is a clock's")
  func messages() {
    typealias Message = ClockFollower.Message
    #expect(Message(MIDIMessage(0xF8, 0)) == .tick && Message(MIDIMessage(0xFA, 0)) == .start)
    #expect(Message(MIDIMessage(0xFB, 0)) == .resume && Message(MIDIMessage(0xFC, 0)) == .stop)
    #expect(Message(MIDIMessage(0xF2, 0x21, 0x43)) == .position(sixteenths: 0x43 << 7 | 0x21))
    for status in (0...255 as ClosedRange<UInt8>) where ![0xF2, 0xF8, 0xFA, 0xFB, 0xFC].contains(status) {
      #expect(Message(MIDIMessage(status, 1, 1)) == nil)
    }
    #expect(Message(MIDIMessage(0xF2, 0x80, 0)) == nil)
  }
}
