// SPDX-License-Identifier: Apache-2.0
// JamTestKit: somebody at a keyboard.
import Improviser
import Music

/// Writes down what a player does, as inputs for an improviser: each call happens at the keyboard's own `clock`, which
/// `wait` and `play` move on.
public struct FakeKeyboard: Sendable {
  public let keyboard: Keyboard
  public var channel: Channel
  public private(set) var clock: ManualClock
  /// In order of time.
  public private(set) var inputs: [Input] = []

  public init(_ keyboard: Keyboard = .jack, channel: Channel = .first, at start: Instant = .zero) {
    self.keyboard = keyboard
    self.channel = channel
    clock = ManualClock(at: start)
  }

  public mutating func wait(_ duration: Duration) { clock.advance(by: duration) }

  public mutating func send(_ message: MIDIMessage) {
    inputs.append(Input(at: clock.now, .midi(message, from: keyboard)))
  }

  public mutating func press(_ pitch: Int, velocity: Int = 80) {
    send(.noteOn(Pitch(clamping: pitch), Velocity(clamping: velocity), channel))
  }

  public mutating func release(_ pitch: Int) { send(.noteOff(Pitch(clamping: pitch), channel)) }

  public mutating func pedal(isDown: Bool) { send(.controlChange(64, isDown ? 127 : 0, channel)) }

  public mutating func command(_ command: Command) { inputs.append(Input(at: clock.now, .command(command))) }

  public mutating func unplug() { inputs.append(Input(at: clock.now, .keyboardGone(keyboard))) }

  /// One note or chord, held for `share` of `interval`; the clock stands at the next onset afterwards.
  public mutating func play(_ pitches: [Int], every interval: Duration, share: Double = 0.5, velocity: Int = 80) {
    let held = min(interval, max(.nanoseconds(1), interval * share))
    for pitch in pitches { press(pitch, velocity: velocity) }
    wait(held)
    for pitch in pitches { release(pitch) }
    wait(interval - held)
  }

  /// Single notes at a steady pace.
  public mutating func play(line pitches: [Int], every interval: Duration, share: Double = 0.5, velocity: Int = 80) {
    for pitch in pitches { play([pitch], every: interval, share: share, velocity: velocity) }
  }
}
