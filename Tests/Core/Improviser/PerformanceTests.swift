// SPDX-License-Identifier: Apache-2.0
// Tests of Core/Improviser: what is heard of actions, and what a step costs.
import Foundation
import Improviser
import Music
import Testing

@Suite struct PerformanceTests {
  static func note(_ onset: Int, _ length: Int, pitch: Int = 60) -> PlayedNote {
    PlayedNote(
      pitch: Pitch(clamping: pitch), velocity: .standard, onset: .zero + .milliseconds(onset),
      duration: .milliseconds(length))
  }

  @Test("a cancellation drops what has not begun, cuts what sounds, and spares what has ended and what is newer")
  func cancel() {
    var performance = Performance()
    performance.take(.play(Self.note(0, 50), Generation(1)))
    performance.take(.play(Self.note(20, 500, pitch: 62), Generation(1)))
    performance.take(.play(Self.note(100, 50, pitch: 64), Generation(1)))
    performance.take(.cancel(before: Generation(2), at: .zero + .milliseconds(100)))
    performance.take(.play(Self.note(110, 50, pitch: 65), Generation(2)))
    performance.take(.cancel(before: Generation(2), at: .zero + .milliseconds(120)))
    #expect(
      performance.played == [Self.note(0, 50), Self.note(20, 80, pitch: 62), Self.note(110, 50, pitch: 65)])
  }

  /// Of this thread, in seconds: what others do to the machine does not count.
  static func processorTime() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  @Test("a message costs a few microseconds, also in a long phrase and in a flood of controllers")
  func cost() {
    var improviser = Improviser(styles: [TestStyles.steady], seed: 1)
    var instant = Instant.zero
    func microseconds(_ count: Int, _ message: (Int) -> MIDIMessage) -> Double {
      let start = Self.processorTime()
      for index in 0..<count {
        instant = instant + .milliseconds(20)
        _ = improviser.step([Input(at: instant, .midi(message(index), from: .jack))], at: instant)
        _ = improviser.nextDeadline
      }
      return (Self.processorTime() - start) / Double(count) * 1e6
    }
    let notes = microseconds(200_000) { index in
      let pitch = Pitch(clamping: 40 + index / 2 % 40)
      return index % 2 == 0 ? .noteOn(pitch, .standard) : .noteOff(pitch)
    }
    let controllers = microseconds(200_000) { .controlChange(1, UInt8($0 & 127)) }
    print("a note message \(notes) us with all that phrases cost, a controller \(controllers) us, on average")
    #expect(notes < 60)
    #expect(controllers < 10)
  }
}
