// SPDX-License-Identifier: Apache-2.0
// Tests of Core/Improviser: hands and feet that do not let go.
import Improviser
import JamTestKit
import Music
import Testing

@Suite struct LongHoldTests {
  @Test("128 keys at once, then the pedal for an hour: time passes, nothing hangs, and the next phrase is answered")
  func hour() {
    var improviser = Improviser(styles: [TestStyles.steady], seed: 3)
    var keyboard = FakeKeyboard()
    var output = RecordingOutput()
    var fed = 0
    func feed(until end: Instant) {
      while fed < keyboard.inputs.count, keyboard.inputs[fed].at <= end {
        wake(until: keyboard.inputs[fed].at)
        output.take(improviser.step([keyboard.inputs[fed]], at: keyboard.inputs[fed].at))
        fed += 1
      }
      wake(until: end)
    }
    func wake(until end: Instant) {
      while let deadline = improviser.nextDeadline, deadline <= end {
        output.take(improviser.step([], at: deadline))
      }
      output.advance(to: end)
    }
    keyboard.pedal(isDown: true)
    for pitch in 0..<128 { keyboard.press(pitch) }
    for pitch in 0..<128 { keyboard.release(pitch) }
    keyboard.wait(.seconds(3600))
    feed(until: keyboard.clock.now)
    keyboard.pedal(isDown: false)
    keyboard.wait(.seconds(60))
    feed(until: keyboard.clock.now)
    #expect(output.isDone && output.problems.isEmpty, "\(output.problems.prefix(3))")
    let before = output.played.count
    keyboard.play(line: [60, 62, 64, 65, 67, 65, 64, 62], every: .milliseconds(250))
    keyboard.wait(.seconds(60))
    feed(until: keyboard.clock.now)
    #expect(output.played.count > before, "the phrase after it is not answered")
    #expect(output.isDone && output.problems.isEmpty, "\(output.problems.prefix(3))")
  }
}
