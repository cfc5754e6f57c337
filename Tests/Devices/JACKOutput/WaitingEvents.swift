// SPDX-License-Identifier: Apache-2.0
// Tests/JACKOutput: events that are scheduled for instants, and the frames that this makes.
import JACKOutput
import JamTestKit
import Music
import RealTime
import Testing

/// What was scheduled and has not gone to the stage. An event's frame is the one of its instant by the clock of the moment
/// in which it goes, and a period; the clock is what `JACKOutput.frames(at:)` says, and only a tick changes it.
struct WaitingEvents {
  private struct Key: Hashable {
    let channel, pitch: UInt8
    init(_ message: MIDIMessage) { (channel, pitch) = (message.status & 15, message.data1) }
  }

  private let period: UInt64
  private var events: [(at: Instant, message: MIDIMessage, frame: Int)] = []
  /// Of each key the frame on which it was struck last.
  private var strikes: [Key: Int] = [:]
  /// Notes that came due while the server ran no cycles, which nobody is to hear; and those of them that have an end to come.
  private(set) var unheard: UInt64 = 0
  private var silent: Set<Key> = []
  /// By how many frames the clock has come to tell another frame between the two moments.
  private(set) var drift: [Int] = []

  init(period: Int) { self.period = UInt64(period) }

  private func frame(at instant: Instant, _ output: JACKOutput) -> Int {
    Int((output.frames(at: instant)?.count ?? 0) + period)
  }

  /// In order of time.
  mutating func add(_ event: ScheduledEvent, to output: JACKOutput) {
    output.schedule(event)
    events.append((event.at, event.message, frame(at: event.at, output)))
  }

  /// To be called between a tick, or a flush, and the next.
  mutating func settle(_ output: JACKOutput, into comparison: inout Comparison) {
    let status = output.status
    let isUnheard = status.unheardEvents > unheard
    unheard = status.unheardEvents
    let gone = events.count - status.scheduledEvents
    for (at, message, scheduled) in events.prefix(gone) {
      if message.isStrike, isUnheard { silent.insert(Key(message)) }
      if silent.contains(Key(message)) {
        if !message.isStrike { silent.remove(Key(message)) }
        continue
      }
      let frame = self.frame(at: at, output)
      drift.append(abs(frame - scheduled))
      comparison.expect(message, Frames(UInt64(place(message, frame))))
    }
    events.removeFirst(gone)
  }

  var isEmpty: Bool { events.isEmpty }

  /// A release is never before its strike, though the server has stood still in between.
  private mutating func place(_ message: MIDIMessage, _ frame: Int) -> Int {
    guard !message.isStrike else {
      strikes[Key(message)] = frame
      return frame
    }
    return max(frame, (strikes[Key(message)] ?? frame) + 1)
  }
}

extension Rig {
  /// As `play`, by instants: schedules `count` notes about 150 ms ahead, as the daemon does, flush and all.
  func schedule(
    _ count: Int, seed: UInt64, waiting: inout WaitingEvents, into comparison: inout Comparison
  ) throws {
    var random = RandomSource(seed: seed)
    var at = TestLoop.now + .milliseconds(300)
    for index in 0..<count {
      // A key comes again only after seconds: no standstill of the server brings two of its notes together.
      let (pitch, round) = (UInt8(index % 120), UInt8(index / 120))
      for status in [0x90, 0x80] as [UInt8] {
        let message = MIDIMessage(status | round % 16, pitch, 1 + round)
        at = at + .microseconds(Int64(167 + random.next() % 1000))
        waiting.add(ScheduledEvent(at: at, message: message, part: .answer, generation: 1), to: loop.output)
      }
      if index % 10 == 0 {
        loop.output.flush(at: TestLoop.now)
        waiting.settle(loop.output, into: &comparison)
      }
      loop.run(for: .seconds(1)) {
        waiting.settle(loop.output, into: &comparison)
        return at - TestLoop.now <= .milliseconds(150)
      }
      comparison.take(listener)
    }
    loop.run(for: .seconds(20)) {
      waiting.settle(loop.output, into: &comparison)
      comparison.take(listener)
      return waiting.isEmpty && comparison.isComplete
    }
  }
}
