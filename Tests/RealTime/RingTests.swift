// SPDX-License-Identifier: Apache-2.0
// Tests/RealTime: the rings between two threads.
import Foundation
import Music
import RealTime
import Testing

/// Holds a ring for two threads of a test.
private final class Box: @unchecked Sendable {
  let ring: EventRing
  init(_ capacity: Int) { ring = EventRing(capacity: capacity) }
}

private func event(_ number: Int) -> StageEvent {
  StageEvent(
    frame: Frames(UInt64(number)), message: MIDIMessage(0x90, UInt8(number & 127), UInt8(number >> 7 & 127)),
    part: number % 2 == 0 ? .answer : .player, generation: UInt32(truncatingIfNeeded: number))
}

@Suite("Rings")
struct RingTests {
  @Test("what goes in comes out, once and in order, over many turns of the ring")
  func order() {
    let ring = EventRing(capacity: 5)
    #expect(ring.capacity == 8)
    var (pushed, popped) = (0, 0)
    var random = RandomSource(seed: 1)
    for _ in 0..<20_000 {
      if random.next() % 2 == 0 {
        let hadRoom = ring.free > 0
        #expect(ring.push(event(pushed)) == hadRoom)
        if hadRoom { pushed += 1 }
      } else if let out = ring.pop() {
        #expect(out == event(popped))
        popped += 1
      } else {
        #expect(pushed == popped)
      }
      #expect(ring.count == pushed - popped && ring.free == ring.capacity - ring.count)
    }
    #expect(popped > 1000)
  }

  @Test("a full ring refuses and changes nothing")
  func full() {
    let ring = InputRing(capacity: 4)
    for number in 0..<4 as Range<UInt64> {
      #expect(ring.push(StageInput(frame: Frames(number), message: MIDIMessage(0x80, 1))) == true)
    }
    #expect(ring.push(StageInput(frame: Frames(99), message: MIDIMessage(0x80, 1))) == false)
    for number in 0..<4 { #expect(ring.pop()?.frame == Frames(UInt64(number))) }
    #expect(ring.pop() == nil)
  }

  @Test("two threads lose, double and tear nothing in a million events")
  func twoThreads() {
    let box = Box(64)
    let total = 1_000_000
    let producer = Thread {
      var number = 0
      while number < total { if box.ring.push(event(number)) { number += 1 } else { sched_yield() } }
    }
    producer.start()
    var (number, wrong) = (0, 0)
    while number < total {
      guard let out = box.ring.pop() else {
        sched_yield()
        continue
      }
      if out != event(number) { wrong += 1 }
      number += 1
    }
    #expect(wrong == 0)
    #expect(box.ring.pop() == nil)
  }

  @Test("an audio ring keeps frames whole and in order, and leaves out, and counts, what does not fit")
  func audio() {
    let ring = AudioRing(capacity: 1000)
    var (written, read, lost) = (0, 0, 0)
    var random = RandomSource(seed: 2)
    var out = [Float](repeating: 0, count: 4000)
    var expected: [Float] = []
    for _ in 0..<3000 {
      let count = Int(random.next() % 300)
      let left = (0..<count).map { Float((written + $0) % 100_000) }
      let right = left.map { -$0 }
      let lostBefore = ring.lostFrames
      ring.write(left, right, count: count)
      if ring.lostFrames == lostBefore { expected += left } else { lost += count }
      written += count
      let got = ring.read(into: &out, limit: Int(random.next() % 400))
      for index in 0..<got {
        #expect(out[2 * index] == expected[read + index] && out[2 * index + 1] == -expected[read + index])
      }
      read += got
    }
    #expect(ring.lostFrames == UInt64(lost) && lost > 0 && read > 10_000)
  }
}
