// SPDX-License-Identifier: Apache-2.0
// Tests/RealTime: what the loop keeps until it is due.
import Music
import RealTime
import Testing

private func on(_ at: Int64, _ pitch: UInt8 = 60, generation: UInt32 = 0, part: StagePart = .answer) -> ScheduledEvent {
  ScheduledEvent(
    at: Instant(nanoseconds: at), message: MIDIMessage(0x90, pitch, 64), part: part, generation: generation)
}

private func off(_ at: Int64, _ pitch: UInt8 = 60, generation: UInt32 = 0) -> ScheduledEvent {
  ScheduledEvent(
    at: Instant(nanoseconds: at), message: MIDIMessage(0x80, pitch, 64), part: .answer, generation: generation)
}

extension Schedule {
  fileprivate mutating func popAll(before limit: Int64 = .max) -> [ScheduledEvent] {
    var events: [ScheduledEvent] = []
    while let event = popDue(before: Instant(nanoseconds: limit)) { events.append(event) }
    return events
  }
}

@Suite("The schedule")
struct ScheduleTests {
  @Test("events come out in order of time, note-offs first, equals as they were added")
  func order() {
    var random = RandomSource(seed: 4)
    for _ in 0..<200 {
      var schedule = Schedule()
      var added: [ScheduledEvent] = []
      for index in 0..<Int(random.next() % 300) {
        let at = Int64(random.next() % 50)
        let pitch = UInt8(index % 128)
        let event = random.next() % 2 == 0 ? on(at, pitch, generation: UInt32(index)) : off(at, pitch)
        added.append(event)
        schedule.add(event)
      }
      let expected = added.enumerated().sorted {
        ($0.element.at, $0.element.isNoteOff ? 0 : 1, $0.offset) < (
          $1.element.at, $1.element.isNoteOff ? 0 : 1, $1.offset
        )
      }
      #expect(schedule.popAll() == expected.map(\.element))
    }
  }

  @Test("nothing that is not due comes out")
  func due() {
    var schedule = Schedule()
    for at in [30, 10, 20] as [Int64] { schedule.add(on(at)) }
    #expect(schedule.next == Instant(nanoseconds: 10))
    #expect(schedule.popAll(before: 20).map(\.at.nanoseconds) == [10])
    #expect(schedule.popAll(before: 21).map(\.at.nanoseconds) == [20])
    #expect(schedule.count == 1)
  }

  @Test("cancelling removes older answers only, and keeps the order")
  func cancel() {
    var random = RandomSource(seed: 5)
    var schedule = Schedule()
    for _ in 0..<1000 {
      schedule.add(
        on(
          Int64(random.next() % 1000), generation: UInt32(random.next() % 10),
          part: random.next() % 4 == 0 ? .player : .answer))
    }
    schedule.cancel(before: 7)
    let left = schedule.popAll()
    #expect(left.allSatisfy { $0.part == .player || $0.generation >= 7 })
    #expect(left.contains { $0.part == .player && $0.generation < 7 })
    #expect(zip(left, left.dropFirst()).allSatisfy { $0.at <= $1.at })
  }
}
