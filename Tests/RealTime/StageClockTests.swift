// SPDX-License-Identifier: Apache-2.0
// Tests of RealTime: the MIDI clock that the stage sends, and the line of ticks along a beat.
import Music
import RealTime
import Testing

/// A stage's clock with its ring, cycle by cycle, writing down what it sends and when.
private final class ClockRun {
  var clock = StageClock()
  let ring = ClockRing(capacity: 64)
  var frame: UInt64
  let count: UInt32
  var sent: [(frame: UInt64, message: MIDIMessage)] = []

  init(from frame: UInt64 = 1 << 20, count: UInt32 = 256) {
    self.frame = frame
    self.count = count
  }

  func cycle(isClosing: Bool = false) {
    clock.run(ring, start: Frames(frame), count: count, isClosing: isClosing)
    for index in 0..<clock.outputCount {
      let output = clock.output(index)
      let at = frame + UInt64(output.offset)
      if output.offset >= count || sent.last.map({ $0.frame > at }) ?? false { Issue.record("out of order") }
      sent.append((at, output.message))
    }
    frame += UInt64(count)
  }

  func run(until end: UInt64) { while frame < end { cycle() } }

  func push(_ orders: ClockOrder...) { for order in orders where !ring.push(order) { Issue.record("full") } }

  var isRunning: Bool { clock.isRunning }
  var isTicking: Bool { clock.isTicking }
  var messages: Int { clock.outputCount }
  func beats(at frame: UInt64) -> Double? { clock.beats(at: Frames(frame)) }

  func frames(of status: UInt8) -> [UInt64] { sent.filter { $0.message.status == status }.map(\.frame) }
}

@Suite("The clock on the stage") struct StageClockTests {
  private static func time(_ tick: UInt64, at frame: Double, every interval: Double) -> ClockOrder {
    ClockOrder(.time, tick: tick, position: FineFrames(frame), interval: FineFrames(interval))
  }

  @Test("for an hour every tick is on the frame of its place, whatever the period", arguments: [16, 256, 1024, 8192])
  func even(_ period: UInt32) {
    let run = ClockRun(count: period)
    let start = Double(run.frame) + 1234.567
    let interval = 48000 * 60 / 97.3 / 24
    run.push(Self.time(0, at: start, every: interval))
    run.run(until: run.frame + 48000 * (period < 1000 ? 100 : 3600))
    let ticks = run.frames(of: 0xF8)
    #expect(ticks.count > 2000)
    for (index, tick) in ticks.enumerated() {
      // The interval is kept to 2^-32 of a frame.
      let place = start + Double(index) * interval
      #expect(abs(Double(tick) - place.rounded(.down)) <= (place - place.rounded(.down) < 1e-3 ? 1 : 0))
    }
    #expect(ticks.count == run.sent.count)
  }

  @Test("start comes half a tick before its tick, stop at once, continue with the song position before it")
  func announcements() throws {
    let run = ClockRun()
    let begin = Double(run.frame) + 1000
    run.push(Self.time(0, at: begin, every: 1000), ClockOrder(.start, tick: 24))
    run.run(until: run.frame + 40_000)
    #expect(run.frames(of: 0xFA) == [UInt64(begin) + 23_500])
    #expect(run.isRunning)
    #expect(abs(try #require(run.beats(at: UInt64(begin) + 24_000 + 36_000)) - 1.5) < 1e-9)
    run.push(ClockOrder(.stop))
    let stop = run.frame
    run.cycle()
    #expect(run.frames(of: 0xFC) == [stop] && !run.isRunning && run.isTicking)
    run.push(ClockOrder(.resume, tick: 96, sixteenths: 300))
    run.run(until: stop + 60_000)
    #expect(run.frames(of: 0xFB) == [UInt64(begin) + 95_500])
    let position = try #require(run.sent.first { $0.message.status == 0xF2 })
    #expect(position.frame == UInt64(begin) + 95_500)
    #expect(Int(position.message.data2) << 7 | Int(position.message.data1) == 300)
    #expect(abs(try #require(run.beats(at: UInt64(begin) + 96_000)) - 75) < 1e-9)
  }

  @Test("a start that is too late becomes a continue at the next sixteenth, at its true place")
  func late() throws {
    let run = ClockRun()
    let begin = Double(run.frame) + 100
    run.push(Self.time(0, at: begin, every: 500))
    run.run(until: run.frame + 20_000)
    let passed = UInt64(run.frames(of: 0xF8).count)
    run.push(ClockOrder(.start, tick: 5))
    run.run(until: run.frame + 10_000)
    #expect(run.frames(of: 0xFA).isEmpty)
    let position = try #require(run.sent.first { $0.message.status == 0xF2 })
    let tick = UInt64((Double(position.frame) + 250 - begin) / 500 + 0.01)
    #expect(tick >= passed && tick < passed + 6)
    #expect(Int(position.message.data1) == Int(tick - 5) / 6 && (tick - 5) % 6 == 0)
  }

  @Test("a new line counts from its tick on, and no tick is left out or doubled")
  func retiming() {
    let run = ClockRun()
    let begin = Double(run.frame) + 100
    run.push(Self.time(0, at: begin, every: 1000))
    run.run(until: run.frame + 10_000)
    run.push(Self.time(20, at: begin + 20_000, every: 800))
    run.run(until: run.frame + 40_000)
    for (index, tick) in run.frames(of: 0xF8).enumerated() {
      let place = index <= 20 ? begin + Double(index) * 1000 : begin + 20_000 + Double(index - 20) * 800
      #expect(Double(tick) == place)
    }
    // One about ticks that have left: the next lies where it would.
    let count = run.frames(of: 0xF8).count
    run.push(Self.time(30, at: begin + 28_000, every: 810))
    run.run(until: run.frame + 2000)
    #expect(Double(run.frames(of: 0xF8)[count]) == begin + 28_000 + Double(count - 30) * 810)
  }

  @Test("the last cycle stops whoever was started; a silence ends the ticks, and a new line begins them again")
  func silence() {
    let run = ClockRun()
    run.push(Self.time(0, at: Double(run.frame) + 100, every: 900), ClockOrder(.start, tick: 2))
    run.run(until: run.frame + 9000)
    run.push(ClockOrder(.silence))
    run.cycle()
    #expect(run.sent.last?.message.status == 0xFC)
    let count = run.sent.count
    run.run(until: run.frame + 9000)
    #expect(run.sent.count == count)
    run.push(Self.time(0, at: Double(run.frame) + 100, every: 900), ClockOrder(.start, tick: 2))
    run.run(until: run.frame + 9000)
    run.cycle(isClosing: true)
    #expect(run.sent.last?.message.status == 0xFC && run.frames(of: 0xFC).count == 2)
  }

  @Test("any orders whatever keep a cycle within its bounds, and every stop answers a start")
  func storm() {
    var random = RandomSource(seed: 21)
    for _ in 0..<50 {
      let run = ClockRun(count: [64, 256, 8192][Int.random(in: 0..<3, using: &random)])
      for _ in 0..<200 {
        let kinds: [ClockOrder.Kind] = [.time, .start, .resume, .stop, .silence]
        let order = ClockOrder(
          kinds[Int.random(in: kinds.indices, using: &random)], tick: UInt64.random(in: 0..<300, using: &random),
          position: FineFrames(Double(run.frame) + Double.random(in: -9e5...9e5, using: &random)),
          interval: FineFrames(Double.random(in: 0...3000, using: &random)),
          sixteenths: UInt16.random(in: 0...16383, using: &random))
        if Int.random(in: 0..<3, using: &random) == 0 { run.push(order) }
        run.cycle()
        #expect(run.messages <= StageClock.capacity)
      }
      var isRunning = false
      for (_, message) in run.sent where [0xFA, 0xFB, 0xFC].contains(message.status) {
        #expect(message.status != 0xFC || isRunning)
        isRunning = message.status != 0xFC
      }
    }
  }

  @Test("fine frames add, subtract, halve and multiply exactly")
  func fineFrames() {
    var random = RandomSource(seed: 22)
    for _ in 0..<1000 {
      let a = FineFrames(Double.random(in: 0...1e6, using: &random))
      let b = FineFrames(Double.random(in: 0...1000, using: &random))
      let times = UInt64.random(in: 0...5000, using: &random)
      #expect(a + b - b == a && (a.half + a.half).count + 1e-9 >= a.count - 0x1p-31)
      #expect(abs(b.times(times).count - b.count * Double(times)) < 1e-6)
      #expect((0..<times % 20).reduce(a) { sum, _ in sum + b } == a + b.times(times % 20))
    }
    #expect(FineFrames(.nan) == FineFrames(0) && FineFrames(-3) == FineFrames(0))
  }
}

@Suite("The line of ticks") struct ClockSenderTests {
  private static let rate = 48000.0
  private static let period: UInt64 = 256

  /// A clock and its stage in time, with the beat as a function of it.
  private struct Simulation {
    let run = ClockRun(from: 1 << 24, count: UInt32(period))
    var sender = ClockSender()
    let zero: UInt64 = 1 << 24
    /// For so long the server has stood still.
    var lost = 0.0

    /// Instants count from the first frame.
    func clock() -> FrameClock {
      FrameClock(
        ClockSnapshot(
          frame: Frames(zero), time: .zero + .seconds(lost), sampleRate: UInt32(rate), period: UInt32(period),
          rate: rate * 1e-9))
    }

    mutating func run(
      seconds: Double, isPlaying: Bool = true, beat: (Instant) -> BeatGrid?
    ) {
      let end = run.frame + UInt64(seconds * rate)
      var next = run.frame
      while run.frame < end {
        if run.frame >= next {
          next += UInt64(rate / 100)
          update(at: Instant.zero + .seconds(Double(run.frame - zero) / rate + lost), isPlaying, beat)
        }
        run.cycle()
      }
    }

    /// No cycle for `seconds`, while the loop goes on: the frames are set back by as much.
    mutating func standStill(seconds: Double, isPlaying: Bool = true, beat: (Instant) -> BeatGrid?) {
      let begin = Double(run.frame - zero) / rate + lost
      // Nothing is updated once the standstill is seen.
      for step in 0..<Int(min(seconds, 0.1) * 100) {
        update(at: Instant.zero + .seconds(begin + Double(step) / 100), isPlaying, beat)
      }
      lost += seconds
    }

    private mutating func update(at now: Instant, _ isPlaying: Bool, _ beat: (Instant) -> BeatGrid?) {
      for order in sender.update(beat: beat(now), isPlaying: isPlaying, at: now, clock: clock(), delay: period) {
        run.push(order)
      }
    }

    /// The frame at which a position of `grid` is heard.
    func frame(_ grid: BeatGrid, _ beats: Double) -> Double {
      Double(zero + period) + ((grid.instant(at: Beats(beats)) - .zero).seconds - lost) * rate
    }
  }

  private static func grid(_ tempo: Double, at seconds: Double = 0, origin: Double = 0) -> BeatGrid {
    BeatGrid(
      tempo: Tempo(beatsPerMinute: tempo)!, anchor: .zero + .seconds(seconds), origin: Beats(origin), metre: .common)
  }

  @Test(
    "along a steady beat the ticks are even to the frame, on the beat, and start on a bar line",
    arguments: [40, 97.3, 300])
  func steady(_ tempo: Double) throws {
    var simulation = Simulation()
    let grid = Self.grid(tempo, at: 0.123)
    simulation.run(seconds: 60) { _ in grid }
    let ticks = simulation.run.frames(of: 0xF8)
    let start = try #require(simulation.run.frames(of: 0xFA).first)
    #expect(simulation.run.frames(of: 0xFA).count == 1 && simulation.run.frames(of: 0xFC).isEmpty)
    let first = try #require(ticks.firstIndex { $0 > start })
    // The beat of the first tick after start: a bar line.
    let bar = ((Double(ticks[first]) - simulation.frame(grid, 0)) / 48000 / 60 * tempo / 4).rounded() * 4
    for (index, tick) in ticks.enumerated() {
      let place = simulation.frame(grid, bar + Double(index - first) / 24)
      #expect(abs(Double(tick) - place) < 2, "tick \(index)")
    }
    let step = 48000 * 60 / tempo / 24
    let residuals = ticks.enumerated().map { Double($0.element) - Double(ticks[0]) - Double($0.offset) * step }
    #expect((residuals.max() ?? 9) - (residuals.min() ?? -9) <= 1.001)
  }

  @Test("after a change of tempo or phase the ticks are on the beat again within four beats, and none is missing")
  func changes() throws {
    for (tempo, shift) in [(110.0, 0.0), (92, 0), (100, 0.05), (100, -0.05), (100, 0.29), (140, 0.1)] {
      var simulation = Simulation()
      let before = Self.grid(100)
      simulation.run(seconds: 12) { _ in before }
      let now = 12.0
      let after = Self.grid(tempo, at: now + shift, origin: before.position(at: .zero + .seconds(now)).count)
      simulation.run(seconds: 12) { _ in after }
      let ticks = simulation.run.frames(of: 0xF8)
      let start = try #require(simulation.run.frames(of: 0xFA).first)
      let first = try #require(ticks.firstIndex { $0 > start })
      let bar = ((Double(ticks[first]) - simulation.frame(before, 0)) / 48000 / 60 * 100 / 4).rounded() * 4
      for (index, tick) in ticks.enumerated() where index > first {
        let beats = bar + Double(index - first) / 24
        guard beats > after.origin.count + 5 else { continue }
        let miss = abs(Double(tick) - simulation.frame(after, beats)) / 48
        #expect(miss < 2.5, "\(tempo), \(shift): \(beats) is \(miss) ms off")
      }
      let gaps = zip(ticks.dropFirst(), ticks).map { $0 - $1 }
      let slowest = 48000 * 60 / min(100, tempo) / 24
      #expect(gaps.allSatisfy { Double($0) < slowest * 1.26 && Double($0) > 48000 * 60 / max(100, tempo) / 24 * 0.79 })
    }
  }

  @Test("when the playing stops the clock stops and ticks on, and continues at its song position on a bar line")
  func resumes() throws {
    var simulation = Simulation()
    let grid = Self.grid(120)
    simulation.run(seconds: 10) { _ in grid }
    simulation.run(seconds: 3.3, isPlaying: false) { _ in grid }
    simulation.run(seconds: 5) { _ in grid }
    let sent = simulation.run.sent
    #expect(simulation.run.frames(of: 0xFC).count == 1 && simulation.run.frames(of: 0xFB).count == 1)
    let start = try #require(sent.firstIndex { $0.message.status == 0xFA })
    let resume = try #require(sent.firstIndex { $0.message.status == 0xF2 })
    let position = Int(sent[resume].message.data2) << 7 | Int(sent[resume].message.data1)
    let ticks = sent[start..<resume].count { $0.message.status == 0xF8 }
    #expect(position * 6 == ticks && ticks % 96 == 0)
    // Without a beat there is no clock, and when there is one again the piece goes on.
    simulation.run(seconds: 1, isPlaying: false) { _ in nil }
    simulation.run(seconds: 5) { _ in grid }
    #expect(simulation.run.frames(of: 0xFC).count == 2 && simulation.run.frames(of: 0xFA).count == 1)
    let last = try #require(simulation.run.sent.last { $0.message.status == 0xF2 })
    let again = Int(last.message.data2) << 7 | Int(last.message.data1)
    #expect(again % 16 == 0 && again > position, "\(again) sixteenths after \(position)")
  }

  @Test(
    "a beat that is counted otherwise, or not heard for a moment, while somebody plays leaves the receivers running")
  func recounted() throws {
    for shift in [1.0, 2, -1, 3] {
      var simulation = Simulation()
      let (grid, other) = (Self.grid(120), Self.grid(120, origin: shift))
      simulation.run(seconds: 8) { _ in grid }
      simulation.run(seconds: 2) { _ in nil }
      simulation.run(seconds: 8) { _ in other }
      #expect(simulation.run.frames(of: 0xFC).isEmpty && simulation.run.frames(of: 0xFA).count == 1)
      let ticks = simulation.run.frames(of: 0xF8)
      #expect(Set(zip(ticks.dropFirst(), ticks).map { $0 - $1 }) == [1000])
      // After silence the bars are those that are heard, and the song's.
      simulation.run(seconds: 3.1, isPlaying: false) { _ in other }
      simulation.run(seconds: 5) { _ in other }
      let again = try #require(simulation.run.frames(of: 0xFB).first)
      let next = try #require(simulation.run.frames(of: 0xF8).first { $0 > again })
      let beats = (Double(next) - simulation.frame(other, 0)) / 24000
      #expect(abs(beats - (beats / 4).rounded() * 4) < 0.001)
      let position = try #require(simulation.run.sent.first { $0.message.status == 0xF2 })
      #expect((Int(position.message.data2) << 7 | Int(position.message.data1)) % 16 == 0)
    }
  }

  @Test(
    "after a standstill of the server the clock stops and goes on within a bar, on the beat and at a bar line of its song"
  )
  func standstill() throws {
    for (isPlaying, tempo) in [(true, 150.0), (false, 150), (true, 120)] {
      var simulation = Simulation()
      let before = Self.grid(120)
      simulation.run(seconds: 6.04) { _ in before }
      let after =
        tempo == 120 ? before : Self.grid(tempo, at: 8, origin: before.position(at: .zero + .seconds(8)).count)
      simulation.standStill(seconds: 5, isPlaying: isPlaying) { _ in before }
      let end = simulation.run.frame
      // By the stop, if that is late, the frames are those of after the standstill.
      simulation.run(seconds: 0.1, isPlaying: isPlaying) { _ in after }
      simulation.run(seconds: 4) { _ in after }
      let stop = try #require(simulation.run.frames(of: 0xFC).first)
      let resume = try #require(simulation.run.frames(of: 0xFB).first)
      #expect(simulation.run.frames(of: 0xFC).count == 1 && stop <= end + Self.period)
      #expect(resume > end && resume < end + 2 * 48000)
      let song = try #require(simulation.run.sent.first { $0.message.status == 0xF2 })
      #expect((Int(song.message.data2) << 7 | Int(song.message.data1)) % 16 == 0 && song.message.data1 > 0)
      let ticks = simulation.run.frames(of: 0xF8).filter { $0 > resume }
      #expect(ticks.count > 90)
      let bar = ((Double(ticks[0]) - simulation.frame(after, 0)) / (48000 * 60 / tempo) / 4).rounded() * 4
      for (index, tick) in ticks.enumerated() {
        #expect(abs(Double(tick) - simulation.frame(after, bar + Double(index) / 24)) < 2, "tick \(index)")
      }
    }
  }

  @Test("a start waits for the metre, and for four bars where none becomes known")
  func waits() throws {
    for known in [6.25, 100] {
      var simulation = Simulation()
      var unknown = Self.grid(120)
      unknown.metre = nil
      let grid = Self.grid(120, origin: 1)
      simulation.run(seconds: 20) { $0 - .zero < .seconds(known) ? unknown : grid }
      let start = try #require(simulation.run.frames(of: 0xFA).first)
      let next = try #require(simulation.run.frames(of: 0xF8).first { $0 > start })
      let beats = (Double(next) - simulation.frame(known < 20 ? grid : unknown, 0)) / 24000
      #expect(abs(beats - (known < 20 ? 16 : 20)) < 0.001, "begins at beat \(beats)")
      #expect(simulation.run.frames(of: 0xFC).isEmpty)
    }
  }
}
